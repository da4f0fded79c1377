"""Who is calling, from a page or a program; and that a page's call came from that page.

A page carries a session cookie (HttpOnly, SameSite=Lax) and proves itself with the session's CSRF token, in
the form field `csrf` or the header X-CSRF-Token. A program carries a bearer token and needs no more.
"""

import secrets
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hub.errors import Forbidden, Problem, Unauthenticated
from hub.people.people import LANGUAGES, People
from hub.people.roles import Actor, Person
from hub.people.sessions import Session

__all__ = [
    "CSRF_FIELD",
    "CSRF_HEADER",
    "LANGUAGE_COOKIE",
    "SESSION_COOKIE",
    "Caller",
    "CallerDep",
    "PageDep",
    "UploadPageDep",
    "address_of",
    "check_csrf",
    "check_origin",
    "close_session",
    "keep_session",
    "language_of",
]

SESSION_COOKIE = "loa_session"
LANGUAGE_COOKIE = "loa_language"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Caller:
    """Who calls; `session` is None for a program with a bearer token."""

    actor: Actor
    session: Session | None

    @property
    def csrf(self) -> str:
        """What the session's forms must send back."""
        return self.session.csrf if self.session else ""


def address_of(request: Request) -> str:
    """The network address of the caller, as the server saw it."""
    return request.client.host if request.client else ""


def check_origin(request: Request) -> None:
    """Refuse an unsafe request that another site's page sent. Raises `Forbidden` (`foreign_origin`).

    For requests without a session too, such as the log-in form itself.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if request.method in _SAFE_METHODS or site in ("same-origin", "none"):
        return
    if site is not None or (origin is not None and urlsplit(origin).netloc != request.headers.get("host")):
        raise Forbidden(Problem("foreign_origin", facts={"found": (origin or site or "")[:100]}))


def check_csrf(session: Session | None, sent: str | None) -> None:
    """Raises `Forbidden` (`csrf_wrong`) unless `sent` is the session's CSRF token."""
    known = session.csrf if session else ""
    if not sent or not secrets.compare_digest(sent.encode(errors="replace"), known.encode()):
        raise Forbidden(Problem("csrf_wrong"))


def keep_session(request: Request, response: Response, session: Session) -> None:
    """Give the browser its session; the cookie is `Secure` where the page came over https."""
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        expires=session.expires_at,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def close_session(request: Request, response: Response) -> None:
    """Take the cookie back; `People.sessions.end` ends the session itself."""
    response.delete_cookie(
        SESSION_COOKIE, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


def caller_of(request: Request) -> Caller:
    """Who calls the API: by bearer token, or by session with the CSRF header on unsafe methods.

    Raises `Unauthenticated`, `Forbidden`.
    """
    people: People = request.app.state.parts.people
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        person = people.tokens.person(token.strip())
        if person is None:
            raise Unauthenticated(Problem("token_refused"))
        request.state.person, request.state.is_program = person, True
        return Caller(Actor(person, address_of(request)), None)
    caller = session_caller(request)
    if request.method not in _SAFE_METHODS:
        check_origin(request)
        check_csrf(caller.session, request.headers.get(CSRF_HEADER))
    return caller


def session_caller(request: Request) -> Caller:
    """Who is logged in at this browser. Raises `Unauthenticated` (`login_needed` or `session_over`)."""
    people: People = request.app.state.parts.people
    token = request.cookies.get(SESSION_COOKIE)
    session = people.sessions.find(token) if token else None
    if session is None:
        raise Unauthenticated(Problem("session_over" if token else "login_needed"))
    request.state.person = session.person
    return Caller(Actor(session.person, address_of(request)), session)


async def page_caller(request: Request) -> Caller:
    """Who uses a page; an unsafe request must bring the CSRF token in its form or header."""
    caller = await upload_page_caller(request)
    if request.method not in _SAFE_METHODS:
        check_csrf(caller.session, await _sent_csrf(request))
    return caller


async def upload_page_caller(request: Request) -> Caller:
    """Who uploads from a page: the route must `check_csrf` the form's field before it stores anything."""
    caller = await run_in_threadpool(session_caller, request)
    check_origin(request)
    return caller


async def _sent_csrf(request: Request) -> str | None:
    if header := request.headers.get(CSRF_HEADER):
        return header
    if not request.headers.get("content-type", "").startswith(_FORM):
        return None
    field = (await request.form()).get(CSRF_FIELD)
    return field if isinstance(field, str) else None


CallerDep = Annotated[Caller, Depends(caller_of)]
"""The caller of an API route."""
PageDep = Annotated[Caller, Depends(page_caller)]
"""The caller of a page or a small form."""
UploadPageDep = Annotated[Caller, Depends(upload_page_caller)]
"""The caller of a form with files in it."""


def language_of(request: Request) -> str:
    """The language to answer in: chosen on the page, else a person's own, else asked for, else Vietnamese.

    A program that states Accept-Language is answered in that rather than in its account's language.
    """
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    person: Person | None = getattr(request.state, "person", None)
    asked = _asked_language(request.headers.get("accept-language", ""))
    if person is None or getattr(request.state, "is_program", False):
        return asked or (person.language if person else "vi")
    return person.language


def _asked_language(header: str) -> str | None:
    wishes: list[tuple[float, str]] = []
    for part in header[:200].split(","):
        tag, _, weight = part.partition(";q=")
        language = tag.strip().lower().split("-")[0]
        if language in LANGUAGES:
            wishes.append((_weight(weight), language))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else None


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
