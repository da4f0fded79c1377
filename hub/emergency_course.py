"""How an emergency went: each repetition at each loudspeaker, heard or not and why."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.wire.emergency import Emergency
from edge.wire.entries import Outcome
from hub.coverage import Coverages, Covered
from hub.readiness import believed
from hub.store import areas, emergencies, nodes, plays
from hub.store.database import Store
from hub.store.emergencies import KeptEmergency
from hub.store.nodes import Report
from hub.store.plays import Play, Tally

__all__ = ["NO_WORD", "UNREACHED", "AtNode", "Course", "Courses", "Missed", "Repetition", "times_due"]

NO_WORD = "no_word"
UNREACHED = "unreached"
_TO_REPORT = timedelta(seconds=30)
"""A loudspeaker's word of a repetition comes within this time after its end, if the network is there."""
_WHY_NOW = ("muted", "stopped", "missing", "away", "unconfirmed")


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Where a repetition was not heard whole, for one reason: `nodes` are names.

    `why` is the reason of a play, a state of `Covered`, or `NO_WORD`: nothing has come from there yet; or
    `UNREACHED`: nothing did, and it is back since.
    """

    why: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Repetition:
    """One repetition, counted from 1: heard whole at `heard` of `nodes` loudspeakers, sounds now at some."""

    number: int
    due_at: datetime
    nodes: int
    heard: int
    sounding: int
    missed: tuple[Missed, ...]


@dataclass(frozen=True, kw_only=True)
class AtNode:
    """One loudspeaker: it sounded whole `heard` times; `missed` counts the others by why, as in `Missed`.

    `confirmed`: it said that it knows of the emergency, or of its cancelling once it is cancelled.
    """

    covered: Covered
    area: str
    heard: int
    missed: tuple[tuple[str, int], ...]
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Course:
    """An emergency so far: `times` it was due; repetitions, the newest first; loudspeakers by name."""

    times: int
    repetitions: tuple[Repetition, ...]
    nodes: tuple[AtNode, ...]

    @property
    def reached(self) -> int:
        """At how many loudspeakers it was heard whole at least once."""
        return sum(at.heard > 0 for at in self.nodes)


def times_due(content: Emergency, at: datetime) -> int:
    """How many repetitions were due until then, that instant included."""
    at = min(at, content.until - timedelta(microseconds=1))
    if at < content.starts_at:
        return 0
    every_s = content.repeat_every_s
    return 1 if every_s is None else (at - content.starts_at) // timedelta(seconds=every_s) + 1


class Courses:
    """Reads what ledgers told of emergencies."""

    def __init__(self, *, store: Store, coverages: Coverages, now: Callable[[], datetime]) -> None:
        self._store = store
        self._coverages = coverages
        self._now = now

    def reached(self, kept: KeptEmergency) -> tuple[int, int]:
        """At how many loudspeakers it was heard whole at least once, of how many."""
        db = self._store.read()
        told = plays.tally(db, kept.id, until=self._now())
        heard = {each.node for each in told if each.reached == Outcome.PLAYED}
        return len(heard), len(emergencies.nodes_of(db, kept.id))

    def of(self, kept: KeptEmergency, *, most: int) -> Course:
        """The course so far, with the newest `most` repetitions."""
        db, now = self._store.read(), self._now()
        covered = self._coverages.of(kept)
        reports = nodes.reports(db, [each.node for each in covered])
        silent = {each.node: _why_silent(each, reports.get(each.node), kept, now) for each in covered}
        times = times_due(kept.content, kept.ended_at or now)
        numbers = range(times)[max(0, times - most) :]
        told: dict[str, list[Play]] = {}
        for play in plays.of_occurrences(db, [f"{kept.id}.{number}" for number in numbers]):
            told.setdefault(play.occurrence, []).append(play)
        by_node: dict[str, list[Tally]] = {}
        for one in plays.tally(db, kept.id, until=kept.ended_at or now):
            by_node.setdefault(one.node, []).append(one)
        names = {area.id: area.name for area in areas.areas(db)}
        places = {node.id: names[node.area] for node in nodes.nodes(db)}
        over = times - (1 if _may_still_come(kept, times - 1, now) else 0)
        return Course(
            times=times,
            repetitions=tuple(
                _repetition(kept, number, covered, told.get(f"{kept.id}.{number}", ()), silent, now)
                for number in reversed(numbers)
            ),
            nodes=tuple(
                AtNode(
                    covered=each,
                    area=places[each.node],
                    heard=_count_heard(by_node.get(each.node, ())),
                    missed=_missed(by_node.get(each.node, ()), over, silent[each.node]),
                    confirmed=_last_obeyed(reports.get(each.node)) >= _wanted(kept),
                )
                for each in covered
            ),
        )


def _repetition(
    kept: KeptEmergency,
    number: int,
    covered: tuple[Covered, ...],
    told: Iterable[Play],
    silent: Mapping[str, str],
    now: datetime,
) -> Repetition:
    by_node = {play.node: play for play in told}
    is_open = _may_still_come(kept, number, now)
    missed: dict[str, list[str]] = {}
    for each in covered:
        why = _why_missed(by_node.get(each.node), silent[each.node], is_open=is_open)
        if why is not None:
            missed.setdefault(why, []).append(each.name)
    return Repetition(
        number=number + 1,
        due_at=_due(kept.content, number),
        nodes=len(covered),
        heard=sum(play.outcome == Outcome.PLAYED for play in by_node.values()),
        sounding=sum(play.state == "playing" for play in by_node.values()),
        missed=tuple(Missed(why=why, nodes=tuple(names)) for why, names in missed.items()),
    )


def _why_missed(play: Play | None, silent: str, *, is_open: bool) -> str | None:
    """None where it was heard, sounds, or may still come."""
    if play is not None and play.outcome is not None:
        return None if play.outcome == Outcome.PLAYED else play.reason or play.outcome
    if play is not None and play.state == "playing":
        return None
    return None if is_open and silent == NO_WORD else silent


def _why_silent(covered: Covered, report: Report | None, kept: KeptEmergency, now: datetime) -> str:
    """Why nothing was told from there; what stands now says nothing of an emergency that is over."""
    if kept.is_running(now):
        return covered.state if covered.state in _WHY_NOW else NO_WORD
    if covered.state == "stopped":
        return covered.state
    return UNREACHED if report is not None and believed(report, now).here else NO_WORD


def _count_heard(told: Iterable[Tally]) -> int:
    return sum(one.times for one in told if one.reached == Outcome.PLAYED)


def _missed(told: Iterable[Tally], times: int, silent: str) -> tuple[tuple[str, int], ...]:
    missed: Counter[str] = Counter()
    known = 0
    for one in told:
        if one.reached != "armed":
            known += one.times
        if one.reached in set(Outcome) - {Outcome.PLAYED}:
            missed[one.reason or one.reached] += one.times
    if known < times:
        missed[silent] += times - known
    return tuple(missed.most_common())


def _last_obeyed(report: Report | None) -> int:
    return max(report.standing, report.order) if report else -1


def _wanted(kept: KeptEmergency) -> int:
    """The number that whoever knows of it, or of its cancelling, says to obey."""
    return kept.ended_seq or 0 if kept.ended_how == "cancelled" else kept.content.seq


def _due(content: Emergency, number: int) -> datetime:
    return content.starts_at + number * timedelta(seconds=content.repeat_every_s or 0)


def _may_still_come(kept: KeptEmergency, number: int, now: datetime) -> bool:
    """Whether a loudspeaker from which nothing was told may sound it yet, or tell that it has."""
    content = kept.content
    if number < 0 or kept.ended_at is not None:
        return False
    last = content.until if content.repeat_every_s is None else _due(content, number)
    return now < last + timedelta(milliseconds=content.duration_ms) + _TO_REPORT
