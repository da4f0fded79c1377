"""Start-of-day check: every device on one page to print, and who looked at it."""

from fastapi import APIRouter
from starlette.responses import Response

from hub.cameras import Camera
from hub.day_check import CHECKERS
from hub.errors import Invalid
from hub.fleet import NodeState
from hub.readiness import NOTES
from hub.store.day_checks import DayCheck
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.pages.rows import fault_row, why_words
from hub.web.views import CheckPage, CheckRow, DayCheckDone, Message, Text

__all__ = ["camera_check_row", "check_done", "router"]

router = APIRouter(include_in_schema=False)


@router.get("/check")
def check(page: PageOf) -> Response:
    """The devices as they are now."""
    return _show(page, Typed())


@router.post("/check")
def record(page: PageOf, typed: TypedIn) -> Response:
    """Keep that they were looked at."""
    try:
        page.parts.day_checks.record(page.actor, typed.text("note"))
    except Invalid as error:
        return _show(page, typed, error)
    return page.go("/check", done="checked")


def camera_check_row(camera: Camera) -> CheckRow:
    """A camera as it is now."""
    return CheckRow(
        name=camera.name,
        where=camera.counter_name,
        address=f"/cameras#camera-{camera.counter}-{camera.name}",
        family="verdict",
        state=camera.now.verdict,
        since=camera.now.since,
        last_heard=camera.said.at,
        why=Message(f"cameras.why_{camera.now.why}") if camera.now.why else None,
    )


def check_done(page: Page, kept: DayCheck | None) -> DayCheckDone | None:
    """The newest check; whether it was today."""
    if kept is None:
        return None
    return DayCheckDone(
        at=kept.at,
        by=kept.by,
        ready=kept.ready,
        devices=kept.devices,
        note=kept.note,
        today=kept.at.astimezone(page.parts.site.zone).date() == page.parts.counters.today,
    )


def _show(page: Page, typed: Typed, refused: Invalid | None = None) -> Response:
    parts = page.parts
    devices = parts.day_checks.devices()
    names = {state.node.id: state.node.name for state in (*devices.speakers, *devices.counters)}
    view = CheckPage(
        linked=parts.is_linked(),
        ready=devices.ready,
        devices=devices.count,
        speakers=tuple(map(_node, devices.speakers)),
        counters=tuple(map(_node, devices.counters)),
        cameras=tuple(map(camera_check_row, devices.cameras)),
        faults=tuple(fault_row(each, names) for each in parts.faults.open() if each.name not in NOTES),
        done=check_done(page, parts.day_checks.last()),
        may_record=page.actor.may(*CHECKERS),
        form=typed.form(refused, lang=page.lang),
    )
    return page.show(view, status=422 if refused else 200)


def _node(state: NodeState) -> CheckRow:
    report = state.report
    return CheckRow(
        name=state.node.name,
        where=state.area.name,
        address=f"/nodes/{state.node.id}",
        family="node_state",
        state=state.state,
        since=report.since if report and state.state == "away" else None,
        last_heard=report.heard_at if report else None,
        why=_why(state),
    )


def _why(state: NodeState) -> Text | None:
    if state.state == "fault":
        return next((fault_row(fault, {}).what for fault in state.faults if fault.name not in NOTES), None)
    if state.state == "preparing" and state.next:
        return why_words(state.next.why_not)
    return None
