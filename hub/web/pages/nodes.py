"""Cụm loa: the list by area, and one loudspeaker with its sound, faults and ledger."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from edge.wire.entries import Outcome
from hub.fleet import NodeState, Removed
from hub.readiness import NOTES
from hub.store.ledger import Row
from hub.store.nodes import Report
from hub.web import formats
from hub.web.pages.page import Page, PageOf
from hub.web.pages.rows import fault_row, why_of
from hub.web.views import (
    AreaNodes,
    LedgerRow,
    Message,
    NodeFragment,
    NodePage,
    NodeRow,
    NodesFragment,
    NodesPage,
    RemovedNodePage,
    Term,
    Text,
)
from hub.web.words import WORDS

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_LEDGER_SHOWN = 50


@router.get("/nodes")
def nodes(page: PageOf) -> Response:
    """Every node, by area."""
    return page.show(NodesPage(list=_list(page), can_enrol=page.parts.certification is not None))


@router.get("/nodes/live")
def nodes_live(page: PageOf) -> Response:
    """The part of it that changes."""
    return page.show(_list(page))


@router.get("/nodes/{node}")
def node(page: PageOf, node: str) -> Response:
    """One node, also one that was taken out of service."""
    removed = page.parts.fleet.removed(node)
    if removed is not None:
        return page.show(_removed(page, removed), status=410)
    return page.show(NodePage(detail=_detail(page, node)))


@router.get("/nodes/{node}/live")
def node_live(page: PageOf, node: str) -> Response:
    """The part of it that changes; a page of a node that is removed meanwhile is asked for anew."""
    if page.parts.fleet.removed(node) is not None:
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return page.show(_detail(page, node))


def _removed(page: Page, removed: Removed) -> RemovedNodePage:
    node = removed.node
    return RemovedNodePage(
        id=node.id,
        name=node.name,
        kind=node.kind,
        area=removed.area,
        at=removed.at,
        by=removed.by,
        can_enrol=page.parts.certification is not None,
        ledger=_ledger(page, node.id),
    )


def _list(page: Page) -> NodesFragment:
    states = page.parts.fleet.nodes(kind="speaker")
    areas = page.parts.fleet.areas()
    by_area = {area.id: [state for state in states if state.area.id == area.id] for area in areas}
    return NodesFragment(
        areas=tuple(
            AreaNodes(name=area.name, nodes=tuple(map(_row, by_area[area.id])))
            for area in areas
            if by_area[area.id]
        )
    )


def _row(state: NodeState) -> NodeRow:
    report, following = state.report, state.next
    return NodeRow(
        id=state.node.id,
        name=state.node.name,
        state=state.state,
        clock=report.clock_state if report else "unknown",
        last_heard=report.heard_at if report else None,
        next_at=following.occurrence.starts_at if following else None,
        next_ready=following.ready if following else None,
        why=why_of(state),
    )


def _detail(page: Page, id_: str) -> NodeFragment:
    state = page.parts.fleet.node(id_)
    report, standing = state.report, state.standing
    names = {state.node.id: state.node.name}
    return NodeFragment(
        row=_row(state),
        area=state.area.name,
        kind=state.node.kind,
        muted=standing is not None and standing.muted,
        volume=standing.volume if standing else 100,
        confirmed=state.confirmed,
        clock_bound_ms=report.clock_bound_ms if report else None,
        plan=_plan(page, report.plan, newest=state.plan_version) if report else None,
        facts=(
            *(_facts(page, report, is_speaker=state.node.kind == "speaker") if report else ()),
            *_certificate(page, id_),
        ),
        can_enrol=page.parts.certification is not None,
        faults=tuple(fault_row(fault, names) for fault in state.faults if fault.name not in NOTES),
        notes=tuple(fault_row(fault, names) for fault in state.faults if fault.name in NOTES),
        ledger=_ledger(page, id_),
    )


def _plan(page: Page, version: int, *, newest: int) -> Text:
    """Which plan a loudspeaker obeys; its version is the millisecond that made it, or more."""
    if version == 0:
        return Message("nodes.plan_none")
    now = page.parts.now()
    try:
        made_at = min(datetime.fromtimestamp(version / 1000, UTC), now)
    except (ValueError, OverflowError, OSError):  # a node says what it likes
        made_at = now
    when = formats.moment(made_at, now, page.parts.site.zone, page.lang)
    return Message("nodes.plan_current" if version >= newest else "nodes.plan_old", {"when": when})


def _facts(page: Page, report: Report, *, is_speaker: bool) -> tuple[tuple[Text, Text], ...]:
    health = report.health

    def shown(name: str, write: Callable[[float, str], str]) -> Text | None:
        value = health.get(name)
        return write(value, page.lang) if isinstance(value, int | float) else None

    facts: list[tuple[str, Text | None]] = [
        ("software", report.software),
        ("output", Term("output", report.output) if is_speaker else None),
        ("memory", shown("memory", formats.size)),
        ("disk_free", shown("disk_free", formats.size)),
        ("temperature", shown("temperature_c", formats.degrees)),
        ("unstored", str(health["unstored"]) if health.get("unstored") else None),
    ]
    return tuple((Message(f"node_fact.{name}"), value) for name, value in facts if value is not None)


def _certificate(page: Page, id_: str) -> tuple[tuple[Text, Text], ...]:
    """Until when its certificate holds; nothing where nodes have none."""
    if page.parts.certification is None:
        return ()
    ends_at = page.parts.certification.ends_at(id_)
    if ends_at is None:
        return ((Message("node_fact.certificate"), Message("nodes.certificate_none")),)
    key = "nodes.certificate_until" if ends_at > page.parts.now() else "nodes.certificate_over"
    day = formats.day(ends_at.astimezone(page.parts.site.zone).date(), page.lang)
    return ((Message("node_fact.certificate"), Message(key, {"day": day})),)


def _ledger(page: Page, id_: str) -> tuple[LedgerRow, ...]:
    titles = {kept.scheduled.id: kept.scheduled.title for kept in page.parts.schedules.all()}
    titles |= {kept.id: kept.content.title for kept in page.parts.emergencies.newest(limit=_LEDGER_SHOWN)}
    return tuple(
        LedgerRow(
            seq=row.seq,
            at=row.at,
            kind=row.kind,
            words=_entry_words(row, titles, page.lang),
            clock=row.clock_state,
        )
        for row in page.parts.fleet.ledger(id_, limit=_LEDGER_SHOWN)
    )


def _entry_words(row: Row, titles: Mapping[str, str], lang: str) -> Text:
    """An entry in a sentence; one that no sentence fits is left to its kind."""
    key = f"entry.{row.kind}"
    if row.kind == "finished":
        key = f"entry.finished_{row.body.get('outcome', Outcome.FAILED)}"
    if row.kind in ("amplifier", "standing"):
        key += "_on" if row.body.get("on") or row.body.get("stopped") else "_off"
    if key not in WORDS:
        return ""
    fields = {name: "" if value is None else value for name, value in row.body.items()}
    if row.kind == "refused":
        fields["what"] = Term("refused_what", str(fields.get("what")))
    if fields.get("reason"):
        family = "refused_why" if row.kind == "refused" else "reason"
        fields["reason"] = Term(family, str(fields["reason"]))
    if "order" in fields:
        fields["order"] = Term("order_kind", str(fields["order"]))
    if row.kind in ("fault", "mended") and f"fault.is.{fields.get('name')}" in WORDS:
        of = "note" if fields["name"] in NOTES else row.kind
        key = f"entry.{of}_{'over' if of == 'note' and row.kind == 'mended' else 'known'}"
        fields["says"] = Message(f"fault.is.{fields['name']}")
    if fields.get("occurrence"):
        occurrence = str(fields["occurrence"])
        fields["occurrence"] = f"“{titles.get(occurrence.rpartition('.')[0], occurrence)}”"
    if isinstance(late_ms := fields.get("start_error_ms"), int | float):
        fields["start_error_ms"] = formats.number(late_ms, lang, decimals=1, signed=True)
    if isinstance(fields.get("recording"), str):
        fields["recording"] = fields["recording"][:12]
    for name, family in (("verdict", "verdict"), ("source", "press_source")):
        if fields.get(name):
            fields[name] = Term(family, str(fields[name]))
    if row.kind == "pressed":
        fields["level"] = Term("rating_level", f"{fields.get('levels')}.{fields.get('level')}")
        fields["reason"] = Term("uncounted", str(row.body["reason"])) if row.body.get("reason") else ""
        key += "" if row.body.get("counted") else "_uncounted"
    try:
        WORDS[key][0].format_map(fields)
    except (KeyError, ValueError, IndexError):
        return ""
    return Message(key, fields)
