"""Whether an emergency may begin, and what it would reach. Reads, never writes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from edge.wire.base import Priority
from edge.wire.orders import StopMark
from hub.errors import Conflict, Invalid, Problem
from hub.programme.terms import GAP_MS
from hub.store import areas, emergencies, holdings, nodes, plans, schedules, site
from hub.store.database import Database
from hub.store.schedules import BulletinToPlay
from hub.targets import Target, concerned, target_problems

__all__ = ["LONGEST", "Choice", "Preview", "WantedEmergency", "choices", "judged", "to_confirm"]

LONGEST = timedelta(hours=24)
_SHORTEST = timedelta(seconds=1)
_BETWEEN_S = 2


@dataclass(frozen=True, kw_only=True)
class WantedEmergency:
    """An emergency to begin. `until` None: 10 minutes from now, or an hour where it repeats.

    `despite_missing`: also where some loudspeakers lack recordings. `despite_stop` is the number of the stop
    that it is to sound in spite of. `id` is what it is to be called: a second one of that name is refused.
    """

    bulletin: str
    target: Target
    repeat_every_s: int | None = None
    until: datetime | None = None
    despite_missing: bool = False
    despite_stop: int | None = None
    id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What beginning it now would reach: loudspeakers, those that lack recordings, those that stay mute, the
    newest stop that holds some of them, and the bulletin's length, pauses included."""

    nodes: tuple[str, ...]
    missing: tuple[str, ...]
    muted: tuple[str, ...]
    stop: StopMark | None
    duration_ms: int
    title: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A bulletin that could sound at once, and which loudspeakers hold all of it."""

    bulletin: BulletinToPlay
    duration_ms: int
    ready: int
    nodes: int


def choices(db: Database) -> list[Choice]:
    """The newest approved emergency bulletins that are prepared."""
    places, held = nodes.places(db), holdings.holdings(db)
    found = (schedules.bulletin(db, id_) for id_ in emergencies.standby_bulletins(db))
    return [
        Choice(
            bulletin=bulletin,
            duration_ms=_duration_ms(bulletin),
            ready=sum(
                {clip.sha256 for clip in bulletin.clips} <= held.get(place.node, set()) for place in places
            ),
            nodes=len(places),
        )
        for bulletin in found
        if bulletin is not None and bulletin.ready
    ]


def judged(db: Database, wanted: WantedEmergency, now: datetime) -> tuple[BulletinToPlay, Preview]:
    """The bulletin and what it would reach. Raises `Invalid`, or `Conflict` for what nobody can confirm."""
    tree, places = areas.tree(db), nodes.places(db)
    bulletin = schedules.bulletin(db, wanted.bulletin)
    invalid = target_problems(wanted.target, tree, places)
    if bulletin is None:
        invalid.append(Problem("unknown_bulletin", "bulletin", {"found": wanted.bulletin[:100]}))
    invalid += _time_problems(wanted, _duration_ms(bulletin) if bulletin else 0, now)
    if invalid or bulletin is None:
        raise Invalid(*invalid)
    reached = concerned(wanted.target, tree, places)
    if problems := _bulletin_problems(bulletin) + ([] if reached else [Problem("no_loudspeakers", "areas")]):
        raise Conflict(*problems)
    return bulletin, _preview(db, bulletin, reached)


def _preview(db: Database, bulletin: BulletinToPlay, reached: tuple[str, ...]) -> Preview:
    needed = {clip.sha256 for clip in bulletin.clips}
    held = holdings.holdings(db)
    standings = plans.standings(db, reached)
    stops = [standing.stopped for standing in standings if standing.stopped is not None]
    return Preview(
        nodes=reached,
        missing=tuple(node for node in reached if not needed <= held.get(node, set())),
        muted=tuple(standing.node for standing in standings if standing.muted),
        stop=max(stops, key=lambda stop: stop.seq, default=None),
        duration_ms=_duration_ms(bulletin),
        title=bulletin.title,
    )


def _duration_ms(bulletin: BulletinToPlay) -> int:
    clips = bulletin.clips
    return sum(clip.duration_ms for clip in clips) + GAP_MS * max(len(clips) - 1, 0)


def _time_problems(wanted: WantedEmergency, duration_ms: int, now: datetime) -> list[Problem]:
    problems = []
    least_s = -(-duration_ms // 1000) + _BETWEEN_S
    if wanted.repeat_every_s is not None and not least_s <= wanted.repeat_every_s <= LONGEST.total_seconds():
        problems.append(Problem("repeat_too_short", "repeat_every_s", {"least": least_s}))
    if wanted.until is not None and not now + _SHORTEST < wanted.until <= now + LONGEST:
        problems.append(Problem("emergency_end", "until", {"most": LONGEST // timedelta(hours=1)}))
    return problems


def _bulletin_problems(bulletin: BulletinToPlay) -> list[Problem]:
    facts = {"title": bulletin.title}
    problems = []
    if bulletin.priority is not Priority.EMERGENCY:
        problems.append(Problem("not_emergency", "bulletin", facts))
    if not bulletin.approved:
        problems.append(Problem("not_approved", "bulletin", facts))
    elif not bulletin.ready or not bulletin.clips:
        problems.append(Problem("not_ready", "bulletin", facts))
    return problems


def to_confirm(db: Database, wanted: WantedEmergency, preview: Preview, now: datetime) -> list[Problem]:
    """What stands in the way and can be confirmed: `recordings_missing`, `stop_in_force`."""
    problems = []
    if preview.missing and not wanted.despite_missing:
        names = {node.id: node.name for node in nodes.nodes(db)}
        facts = {
            "missing": len(preview.missing),
            "of": len(preview.nodes),
            "nodes": [names[node] for node in preview.missing],
            "ids": list(preview.missing),
        }
        problems.append(Problem("recordings_missing", "despite_missing", facts))
    mark = preview.stop
    if mark is not None and wanted.despite_stop != mark.seq:
        at = mark.at.astimezone(ZoneInfo(site.rules_in_force(db, at=now).timezone))
        problems.append(Problem("stop_in_force", "despite_stop", {"seq": mark.seq, "at": at, "by": mark.by}))
    return problems
