"""One request for a page: who asks, in which language, what surrounds the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from edge.wire.house_rules import HouseRules
from edge.wire.orders import OrderKind
from hub import clock
from hub import words as hub_words
from hub.errors import Problem, Refused
from hub.orders import WHO_MAY
from hub.parts import Parts
from hub.people.roles import AUDIT_READERS, MAKERS, Actor, Role
from hub.web.access import Caller, PageDep, UploadPageDep, language_of
from hub.web.pages.emergency_bands import bands_of
from hub.web.render import Renderer, View
from hub.web.views import Form, Frame, Message, Notice, StopState, Viewer
from hub.web.words import WORDS

__all__ = [
    "SYSTEM_READERS",
    "Page",
    "PageOf",
    "Typed",
    "TypedIn",
    "UploadPageOf",
    "bare_frame_of",
    "came_from",
    "frame_of",
    "safe_next",
    "shown",
]

DONE_COOKIE = "loa_done"
_BY_SCRIPT = "loa-by-script"  # asked for by a script of ours, whose person has not seen the page yet
_DONE = "done."

SYSTEM_READERS = (Role.TECHNICIAN, Role.ADMINISTRATOR)
"""Who sees how the hub itself stands."""

_ABILITIES: Final[Mapping[str, Sequence[Role]]] = {
    "upload": MAKERS,
    "write": MAKERS,
    "approve": (Role.APPROVER,),
    "emergency": (Role.APPROVER,),
    "stop": WHO_MAY[OrderKind.STOP],
    "resume": WHO_MAY[OrderKind.RESUME],
    "orders": WHO_MAY[OrderKind.MUTE],
    "enrol": (Role.TECHNICIAN, Role.ADMINISTRATOR),
    "system": SYSTEM_READERS,
    "users": (Role.ADMINISTRATOR,),
    "settings": (Role.ADMINISTRATOR,),
    "audit": AUDIT_READERS,
}

_RENDERER = Renderer()


@dataclass(frozen=True)
class Typed:
    """The fields of a form as they came."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """The first value of a field, without blanks around it."""
        found = self.values.get(name)
        return found[0].strip() if found else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that repeats, without the empty ones."""
        return tuple(each.strip() for each in self.values.get(name, ()) if each.strip())

    def number(self, name: str, default: int) -> int | None:
        """A whole number; `default` where nothing was typed, None for what is no number."""
        text = self.text(name)
        if not text:
            return default
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    def form(
        self, refused: Refused | None = None, *, lang: str = "vi", renamed: Mapping[str, str] | None = None
    ) -> Form:
        """What was typed, with what is wrong beside it; `renamed` maps a problem's field to the form's."""
        errors: dict[str, str] = {}
        for problem in refused.problems if refused else ():
            name = (renamed or {}).get(problem.where, problem.where) or "form"
            errors.setdefault(name, hub_words.say(problem.code, problem.facts, lang))
        return Form(values=self.values, errors=errors)


async def typed_in(request: Request) -> Typed:
    """The fields of a request's form; also kept on the request, for the page that an error shows."""
    form = await request.form()
    names = dict.fromkeys(form.keys())
    typed = Typed({name: [v for v in form.getlist(name) if isinstance(v, str)] for name in names})
    request.state.typed = typed
    return typed


TypedIn = Annotated[Typed, Depends(typed_in)]


@dataclass(frozen=True)
class Page:
    """A request by someone who is logged in."""

    request: Request
    caller: Caller

    @property
    def parts(self) -> Parts:
        parts: Parts = self.request.app.state.parts
        return parts

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @cached_property
    def lang(self) -> str:
        return language_of(self.request)

    def said(self, problem: Problem) -> str:
        """A problem's sentence."""
        return hub_words.say(problem.code, problem.facts, self.lang)

    def show(self, view: View, *, status: int = 200, notice: Notice | None = None) -> Response:
        """The page, or the fragment, that `view` is; one for a person also says what was done before."""
        is_page = not view.template.startswith("fragments/") and _BY_SCRIPT not in self.request.headers
        done = self.request.cookies.get(DONE_COOKIE, "") if is_page else ""
        if notice is None and done.startswith(_DONE) and done in WORDS:
            notice = Notice(kind="done", text=Message(done))
        response = shown(view, frame_of(self.request, self.caller, notice=notice), status=status)
        if done:
            response.delete_cookie(DONE_COOKIE)
        return response

    def show_in_page(self, view: View) -> Response:
        """A fragment that leads back to the page around it, as htmx names that page."""
        around = urlsplit(self.request.headers.get("hx-current-url", ""))
        back = safe_next(around.path + (f"?{around.query}" if around.query else ""))
        return shown(view, replace(frame_of(self.request, self.caller), path=back))

    def go(self, address: str, *, done: str = "") -> Response:
        """On to another page after an action; `done` names the text (`done.<name>`) it begins with."""
        response = RedirectResponse(address, status_code=303)
        if done:
            response.set_cookie(DONE_COOKIE, _DONE + done, max_age=30, httponly=True, samesite="lax")
        return response


def shown(view: View, frame: Frame, *, status: int = 200) -> Response:
    """The answer that shows `view`; never kept by a browser, since it holds the state of this moment."""
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(_RENDERER.html(view, frame=frame), status_code=status, headers=headers)


def frame_of(request: Request, caller: Caller | None, *, notice: Notice | None = None) -> Frame:
    """What surrounds a page. Without a caller it says nothing of the site but its name and time."""
    parts: Parts = request.app.state.parts
    rules = parts.site.rules()
    return Frame(
        lang=language_of(request),
        site=parts.settings.site.name,
        zone=parts.site.zone,
        now=parts.now(),
        path=_path_of(request),
        clock="synced" if clock.is_synced() else "untrusted",
        viewer=_viewer(caller.actor) if caller else None,
        csrf=caller.csrf if caller else "",
        stop=_stop(parts) if caller else None,
        every_hour=not rules.quiet and caller is not None,
        disk_full=caller is not None and parts.store.is_disk_full,
        notice=notice,
        emergencies=bands_of(parts) if caller else (),
        to_approve=parts.bulletins.waiting() if caller and caller.actor.may(Role.APPROVER) else 0,
    )


def bare_frame_of(request: Request) -> Frame:
    """What surrounds a page when the hub's file cannot be read: nothing that stands in it."""
    parts: Parts = request.app.state.parts
    return Frame(
        lang=language_of(request),
        site=parts.settings.site.name,
        zone=ZoneInfo(HouseRules().timezone),
        now=parts.now(),
        path=_path_of(request),
        clock="synced" if clock.is_synced() else "untrusted",
    )


def safe_next(address: str, default: str = "/") -> str:
    """`address` if it is a path of this site, else `default`: nobody is led elsewhere after an action."""
    parts = urlsplit(address)
    is_local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_local and not parts.netloc and "\\" not in address else default


def came_from(request: Request) -> str:
    """The page of ours that this request was made on; empty where none is told, or it is this very one."""
    page = urlsplit(request.headers.get("referer", ""))
    if page.netloc != request.headers.get("host") or page.path == request.url.path:
        return ""
    return safe_next(page.path + (f"?{page.query}" if page.query else ""), default="")


def _path_of(request: Request) -> str:
    """Where the person is: the page, or for an answer to a form the page that held it."""
    if request.method in ("GET", "HEAD"):
        return quote(request.url.path, safe="/@.:-_~") + (
            f"?{request.url.query}" if request.url.query else ""
        )
    return came_from(request) or "/"


def _viewer(actor: Actor) -> Viewer:
    return Viewer(
        name=actor.person.name,
        roles=tuple(role.value for role in Role if role in actor.person.roles),
        may=frozenset(ability for ability, roles in _ABILITIES.items() if actor.may(*roles)),
    )


def _stop(parts: Parts) -> StopState | None:
    stop = parts.orders.current()
    if stop is None:
        return None
    names = parts.fleet.names() if stop.unconfirmed else {}
    return StopState(
        by=stop.by,
        since=stop.at,
        everywhere=stop.everywhere,
        nodes=len(stop.nodes),
        unconfirmed=tuple(names.get(node, node) for node in stop.unconfirmed),
    )


def page_of(request: Request, _typed: TypedIn, caller: PageDep) -> Page:
    """A page, or a small form with its CSRF token; read first, so that it can be kept over a log-in."""
    return Page(request, caller)


def upload_page_of(request: Request, caller: UploadPageDep) -> Page:
    """A form with files: the route checks its CSRF token itself."""
    return Page(request, caller)


PageOf = Annotated[Page, Depends(page_of)]
UploadPageOf = Annotated[Page, Depends(upload_page_of)]
