"""Thêm thiết bị: a technician gets a one-time code for a new node, or for a known one on a new machine."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from edge.wire.papers import Code
from hub.certification import CODE_HOLDS, Certification
from hub.errors import Conflict, Invalid, NotFound, Problem, Refused
from hub.new_node import NewNode, may_enroll
from hub.titles import slug
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.views import ArrivalFragment, CodePage, ConfirmPage, EnrolPage, Form, KnownNode, Message

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_FIELDS = {"name": "title"}

NodeQuery = Annotated[str, Query(max_length=63)]
SinceQuery = Annotated[int, Query(ge=0, le=4_102_444_800_000)]


@router.get("/enrol")
def ask(page: PageOf, node: NodeQuery = "") -> Response:
    """The form; filled in for a `node` that gets a new machine."""
    may_enroll(page.actor)
    _certification(page)
    if not node:
        return _form(page, Typed())
    known = page.parts.fleet.node(node).node
    said = {"kind": known.kind, "title": known.name, "id": known.id, "area": known.area, "again": "yes"}
    areas = {area.id: area.name for area in page.parts.fleet.areas()}
    view = EnrolPage(
        form=Form(values=said), known=KnownNode(id=known.id, name=known.name, area=areas[known.area])
    )
    return page.show(view)


@router.post("/enrol")
def give_code(page: PageOf, typed: TypedIn) -> Response:
    """A code, shown once."""
    title = typed.text("title")
    new = NewNode(
        id=typed.text("id") or slug(title),
        kind="counter" if typed.text("kind") == "counter" else "speaker",
        area=typed.text("area"),
        title=title,
        pins="lgpio",
    )
    if gaps := _gaps(typed):
        return _form(page, typed, Invalid(*gaps))
    try:
        code = _certification(page).code(page.actor, new, again=typed.text("again") == "yes")
    except (Invalid, Conflict) as error:
        return _form(page, typed, error)
    return page.show(_code_page(page, new, code))


@router.get("/enrol/live")
def live(page: PageOf, node: NodeQuery, since: SinceQuery) -> Response:
    """How far a device came with the code that was given at `since`, in milliseconds of Unix."""
    may_enroll(page.actor)
    return page.show(_arrival(page, node, since))


@router.get("/enrol/remove")
def ask_to_remove(page: PageOf, node: NodeQuery) -> Response:
    """Whether it is meant."""
    may_enroll(page.actor)
    known = page.parts.fleet.node(node).node
    consequences = ("remove_stops", "remove_plays", "remove_keeps", "remove_inventory", "remove_back")
    return page.show(
        ConfirmPage(
            question=Message("enrol.remove_question", {"name": known.name}),
            consequences=tuple(Message(f"enrol.{each}") for each in consequences),
            action="/enrol/remove",
            fields=(("node", node),),
            yes=Message("enrol.remove"),
            back=f"/nodes/{node}",
            danger=True,
        )
    )


@router.post("/enrol/remove")
def remove(page: PageOf, typed: TypedIn) -> Response:
    """Take a node out of service."""
    may_enroll(page.actor)
    kind = page.parts.fleet.node(typed.text("node")).node.kind
    page.parts.enrolment.remove(page.actor, typed.text("node"))
    return page.go("/counters" if kind == "counter" else "/nodes", done="node_removed")


def _certification(page: Page) -> Certification:
    if page.parts.certification is None:
        raise NotFound(Problem("tls_off"))
    return page.parts.certification


def _gaps(typed: Typed) -> list[Problem]:
    """What has to be said of a device: its name, and where it stands."""
    gaps = []
    if not typed.text("title"):
        gaps.append(Problem("name_length", "name", {"least": 1, "most": 200}))
    if not typed.text("area"):
        gaps.append(Problem("area_needed", "area"))
    return gaps


def _form(page: Page, typed: Typed, refused: Refused | None = None) -> Response:
    areas = tuple((area.id, area.name) for area in page.parts.fleet.areas())
    form = typed.form(refused, lang=page.lang, renamed=_FIELDS)
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return page.show(EnrolPage(form=form, areas=areas), status=status)


def _code_page(page: Page, new: NewNode, code: Code) -> CodePage:
    tls, areas = page.parts.settings.tls, {area.id: area.name for area in page.parts.fleet.areas()}
    url = tls.node_url if tls else page.parts.settings.url
    return CodePage(
        id=new.id,
        title=new.title,
        kind=new.kind,
        area=areas[new.area],
        code=str(code),
        commands=(
            f"sudo loa-node enroll {url} {code}",
            "sudo loa-node check",
            f"sudo systemctl restart loa-{new.kind}",
        ),
        until=page.parts.now() + CODE_HOLDS,
        arrival=ArrivalFragment(id=new.id, since_ms=int(page.parts.now().timestamp() * 1000)),
    )


def _arrival(page: Page, node: str, since_ms: int) -> ArrivalFragment:
    since = datetime.fromtimestamp(since_ms / 1000, UTC)
    view = ArrivalFragment(id=node, since_ms=since_ms)
    with suppress(NotFound):
        state = page.parts.fleet.node(node)
        enrolled_at, report = state.node.enrolled_at, state.report
        if enrolled_at >= since and report and report.heard_at >= enrolled_at:
            return replace(view, state="here", at=report.heard_at)
        if enrolled_at >= since:
            return replace(view, state="enrolled", at=enrolled_at)
    return replace(view, state="over") if page.parts.now() >= since + CODE_HOLDS else view
