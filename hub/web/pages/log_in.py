"""Log in, log out, choose the language. A form sent after the session ended is kept over the log-in."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from hub.errors import Throttled, Unauthenticated
from hub.people.people import LANGUAGES
from hub.people.roles import Actor
from hub.people.sessions import Session
from hub.web.access import (
    CSRF_FIELD,
    LANGUAGE_COOKIE,
    Caller,
    address_of,
    check_origin,
    close_session,
    keep_session,
)
from hub.web.pages.page import PageOf, Typed, TypedIn, frame_of, safe_next, shown
from hub.web.views import ConfirmPage, LoginPage, Message

__all__ = ["login_again", "router", "send_again"]

router = APIRouter(include_in_schema=False)

_LOG_OUT = "/logout"
_KEPT = "kept."
_NEVER_KEPT = (CSRF_FIELD, "password")
_YEAR_S = 365 * 24 * 3600

Fields = tuple[tuple[str, str], ...]


@router.get("/login")
def ask(request: Request, next: str = "/", expired: bool = False) -> Response:  # noqa: A002 - the URL's word
    """The log-in form."""
    return shown(LoginPage(next=safe_next(next), expired=expired), frame_of(request, None))


@router.post("/login")
def log_in(request: Request, typed: TypedIn) -> Response:
    """Log in; every failure shows the form again, with the name still typed."""
    check_origin(request)
    people = request.app.state.parts.people
    address = address_of(request)
    try:
        session = people.log_in(login=typed.text("name"), password=_raw(typed, "password"), address=address)
    except Throttled as error:
        return _again(request, typed, status=429, throttled_s=error.retry_after_s)
    except Unauthenticated:
        return _again(request, typed, status=401, refused=True)
    response = _onward(request, typed, session, address)
    keep_session(request, response, session)
    return response


@router.post(_LOG_OUT)
def log_out(page: PageOf) -> Response:
    """End the session."""
    if page.caller.session is not None:
        page.parts.people.sessions.end(page.actor, page.caller.session.token)
    response = RedirectResponse("/login", status_code=303)
    close_session(page.request, response)
    return response


@router.get("/language")
def choose_language(to: str = "vi", next: str = "/") -> Response:  # noqa: A002 - the URL's word
    """Speak another language from now on, at this browser."""
    response = RedirectResponse(safe_next(next), status_code=303)
    if to in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, to, max_age=_YEAR_S, httponly=True, samesite="lax")
    return response


def login_again(request: Request, fields: Mapping[str, Sequence[str]]) -> Response:
    """The log-in form in place of an action whose session had ended; what was typed travels along."""
    if request.url.path == _LOG_OUT:
        return RedirectResponse("/login", status_code=303)
    view = LoginPage(expired=True, kept=_keepable(fields), kept_for=request.url.path)
    return shown(view, frame_of(request, None), status=401)


def send_again(request: Request, caller: Caller, fields: Mapping[str, Sequence[str]]) -> Response:
    """Ask whether to send a form that belongs to an ended session of this browser, logged in again since."""
    view = _confirm(request.url.path, _keepable(fields))
    return shown(view, frame_of(request, caller), status=403)


def _again(
    request: Request, typed: Typed, *, status: int, refused: bool = False, throttled_s: int = 0
) -> Response:
    view = LoginPage(
        form=typed.form(),
        refused=refused,
        throttled_s=throttled_s,
        next=safe_next(typed.text("next", "/")),
        kept=_kept(typed),
        kept_for=safe_next(typed.text("kept_for"), ""),
    )
    return shown(view, frame_of(request, None), status=status)


def _onward(request: Request, typed: Typed, session: Session, address: str) -> Response:
    kept_for = safe_next(typed.text("kept_for"), "")
    if not kept_for:
        return RedirectResponse(safe_next(typed.text("next", "/")), status_code=303)
    view = _confirm(kept_for, _kept(typed))
    return shown(view, frame_of(request, Caller(Actor(session.person, address), session)))


def _confirm(action: str, fields: Fields) -> ConfirmPage:
    return ConfirmPage(
        question=Message("login.kept_question"),
        consequences=(Message("login.kept_hint"),),
        action=action,
        fields=fields,
        yes=Message("login.kept_send"),
        back="/",
    )


def _keepable(fields: Mapping[str, Sequence[str]]) -> Fields:
    return tuple(
        (name, value) for name, values in fields.items() if name not in _NEVER_KEPT for value in values
    )


def _kept(typed: Typed) -> Fields:
    return tuple(
        (name.removeprefix(_KEPT), value)
        for name, values in typed.values.items()
        if name.startswith(_KEPT)
        for value in values
    )


def _raw(typed: Typed, name: str) -> str:
    """A password is taken as typed, blanks and all."""
    return next(iter(typed.values.get(name, ())), "")
