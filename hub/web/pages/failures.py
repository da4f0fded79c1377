"""Every error of a page as a page: what happened, what is safe, what to do."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub import words
from hub.api.problems import headers_of, judged
from hub.errors import Forbidden, Unauthenticated
from hub.store.whole import tells_damage
from hub.web.access import CSRF_FIELD, Caller, language_of, session_caller
from hub.web.pages.log_in import login_again, send_again
from hub.web.pages.page import Typed, bare_frame_of, came_from, frame_of, shown
from hub.web.views import ErrorPage, Frame, Message

__all__ = ["page_of_failure"]


def page_of_failure(request: Request, error: Exception) -> Response:
    """The answer to a person for whatever went wrong; a log-in where that is what is missing."""
    if isinstance(error, Unauthenticated):
        return _log_in_first(request, error)
    if tells_damage(error):
        return _page(request, error, bare_frame_of(request))
    if (of_before := _form_of_ended_session(request, error)) is not None:
        return of_before
    return _page(request, error, frame_of(request, _caller(request)))


def _page(request: Request, error: Exception, frame: Frame) -> Response:
    status, problems = judged(request, error)
    language, is_damaged = language_of(request), tells_damage(error)
    sentences = tuple(words.say(each.code, each.facts, language) for each in problems)
    view = ErrorPage(
        status=status,
        happened=None if is_damaged else sentences[0],
        details=sentences[1:],
        reference=str(problems[0].facts.get("reference", "")),
        back=came_from(request),
        damaged=is_damaged,
    )
    response = shown(view, frame, status=status)
    response.headers.update(headers_of(error, status))
    return response


def _log_in_first(request: Request, error: Unauthenticated) -> Response:
    is_over = any(problem.code == "session_over" for problem in error.problems)
    if request.method == "GET" and "hx-request" not in request.headers:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        address = f"/login?next={quote(path)}" + ("&expired=true" if is_over else "")
        return RedirectResponse(address if path != "/" or is_over else "/login", status_code=303)
    typed: Typed | None = getattr(request.state, "typed", None)
    if request.method == "POST" and typed is not None:
        return login_again(request, typed.values)
    # A form that carried files was not read; the script shows this page's words above it.
    happened = Message("error.401.upload") if request.method == "POST" else None
    return shown(ErrorPage(status=401, happened=happened), frame_of(request, None), status=401)


def _form_of_ended_session(request: Request, error: Exception) -> Response | None:
    """A page that stood open while its person logged in again elsewhere in this browser carries an old token.

    What was typed there is offered anew where the browser itself says that the form came from this site.
    """
    typed: Typed | None = getattr(request.state, "typed", None)
    is_wrong = isinstance(error, Forbidden) and any(each.code == "csrf_wrong" for each in error.problems)
    is_told = "origin" in request.headers or "sec-fetch-site" in request.headers
    caller = _caller(request)
    if not (is_wrong and is_told) or caller is None or typed is None or not typed.text(CSRF_FIELD):
        return None
    return send_again(request, caller, typed.values)


def _caller(request: Request) -> Caller | None:
    try:
        return session_caller(request)
    except Unauthenticated:
        return None
    except Exception as fault:
        if not tells_damage(fault):  # which is what the page is to tell
            raise
        return None
