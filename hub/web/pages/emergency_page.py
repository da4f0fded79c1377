"""One emergency: who began and ended it, each repetition, each loudspeaker."""

from fastapi import APIRouter
from starlette.responses import Response

from hub.coverage import Covered
from hub.emergency_course import AtNode, Missed, Repetition
from hub.store.emergencies import KeptEmergency
from hub.web import formats
from hub.web.pages.emergency_bands import repeats, why_not_heard
from hub.web.pages.page import Page, PageOf
from hub.web.views import (
    EmergencyAt,
    EmergencyCourseFragment,
    EmergencyPage,
    Message,
    MissedAt,
    RepetitionRow,
    Term,
    Text,
)

__all__ = ["end_of", "router"]

router = APIRouter(include_in_schema=False)

_NEWEST = 12
_ALL = 100_000


@router.get("/emergencies/{id_}")
def emergency(page: PageOf, id_: str, every: bool = False) -> Response:
    """The page of one emergency; `every` repetition, or the newest."""
    kept = page.parts.emergencies.get(id_)
    content = kept.content
    view = EmergencyPage(
        id=kept.id,
        title=content.title,
        bulletin_id=kept.bulletin,
        by=content.by,
        since=content.starts_at,
        until=content.until,
        repeat=repeats(content),
        duration_ms=content.duration_ms,
        live=_course(page, kept, every=every),
    )
    return page.show(view)


@router.get("/emergencies/{id_}/live")
def live(page: PageOf, id_: str, every: bool = False) -> Response:
    """The part of it that changes."""
    return page.show_in_page(_course(page, page.parts.emergencies.get(id_), every=every))


def end_of(page: Page, kept: KeptEmergency) -> Text:
    """Who ended it and when; or that it ran to its end."""
    when = formats.moment(
        kept.ended_at or kept.content.until, page.parts.now(), page.parts.site.zone, page.lang
    )
    return Message(f"emergency_end.{kept.ended_how or 'over'}", {"who": kept.ended_by, "when": when})


def _course(page: Page, kept: KeptEmergency, *, every: bool) -> EmergencyCourseFragment:
    parts = page.parts
    course = parts.courses.of(kept, most=_ALL if every else _NEWEST)
    is_running = kept.is_running(parts.now())
    return EmergencyCourseFragment(
        id=kept.id,
        running=is_running,
        until=kept.content.until,
        end=end_of(page, kept),
        cancelled=kept.ended_how == "cancelled",
        times=course.times,
        reached=course.reached,
        repetitions=tuple(map(_repetition, course.repetitions)),
        every=every,
        nodes=tuple(_at(at, is_running=is_running) for at in course.nodes),
    )


def _repetition(found: Repetition) -> RepetitionRow:
    return RepetitionRow(
        number=found.number,
        due_at=found.due_at,
        heard=found.heard,
        nodes=found.nodes,
        sounding=found.sounding,
        missed=tuple(map(_missed, found.missed)),
    )


def _missed(found: Missed) -> MissedAt:
    return MissedAt(why=_why(found.why), count=len(found.nodes), nodes=found.nodes)


def _at(at: AtNode, *, is_running: bool) -> EmergencyAt:
    return EmergencyAt(
        node_id=at.covered.node,
        node=at.covered.name,
        area=at.area,
        state=at.covered.state if is_running else "",
        now=_now(at.covered) if is_running else "",
        confirmed=at.confirmed,
        heard=at.heard,
        missed=tuple(MissedAt(why=_why(why), count=count) for why, count in at.missed),
    )


def _now(covered: Covered) -> Text:
    return why_not_heard(covered) or Term("coverage", covered.state)


def _why(code: str) -> Text:
    return Term("missed", code)
