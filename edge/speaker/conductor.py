"""What should sound now, and why. Pure: a situation goes in, a decision comes out; nothing is remembered.

Emergency goes before priority, priority before routine: what is higher silences what is lower. A silenced
priority item starts again if its misfire rule still allows; a silenced routine item is abandoned. Of equals
the one that was due first goes on, and the other waits as long as its misfire rule lets it.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from edge.speaker.standing import InForce
from edge.wire.base import ClockReading, ClockState, Priority
from edge.wire.entries import Outcome, Reason
from edge.wire.house_rules import permitted_until
from edge.wire.plan import MisfireRule, Plan, PlannedOccurrence

__all__ = ["Closing", "Current", "Decision", "Situation", "decide", "is_clock_good_enough", "latest_start"]

MAX_CLOCK_BOUND_MS = 180_000
SKIP_TOLERANCE = timedelta(seconds=2)
BEHIND_ANOTHER = timedelta(seconds=10)
LEAST_WORTH_JOINING = timedelta(seconds=1)
_JUST_AFTER = timedelta(milliseconds=1)
_RANK = {Priority.EMERGENCY: 0, Priority.PRIORITY: 1, Priority.ROUTINE: 2}


@dataclass(frozen=True)
class Current:
    """The occurrence that the output holds: armed, sounding once `started`, fading once `ending`."""

    occurrence: PlannedOccurrence
    started: bool = False
    ending: bool = False


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that a decision depends on.

    `settled` are the occurrences that have their outcome, `interrupted` those that a higher one silenced and
    that may start again. `freed_at` is when the output last ended a play. `awake_since` is when the program
    began with a plan in hand (None without one), `trusted_since` when the clock became worth believing. An
    item is armed `arm_s` before it is due; the output needs `lead_s` to change over to another one.
    """

    now: datetime
    clock: ClockReading
    plan: Plan | None
    in_force: InForce = field(default_factory=InForce)
    held: Set[str] = frozenset()
    settled: Set[str] = frozenset()
    interrupted: Set[str] = frozenset()
    current: Current | None = None
    freed_at: datetime | None = None
    awake_since: datetime | None = None
    trusted_since: datetime | None = None
    arm_s: float = 5.0
    lead_s: float = 1.0


@dataclass(frozen=True)
class Closing:
    """An occurrence that will not sound (any more), and why."""

    occurrence: PlannedOccurrence
    outcome: Outcome
    reason: Reason


@dataclass(frozen=True)
class Decision:
    """What to do now. `cut` ends what the output holds; what is cut before it started is open again.

    `until` is when what is armed or sounding must have faded out, None for not in the coming two days.
    `wake_at` is when to ask again if nothing happens before; None for never.
    """

    closings: tuple[Closing, ...] = ()
    cut: Reason | None = None
    arm: PlannedOccurrence | None = None
    until: datetime | None = None
    wake_at: datetime | None = None


def decide(situation: Situation) -> Decision:
    """The decision for this situation; the same situation always gives the same."""
    near = tuple(_near(situation))
    closings = tuple(_closings(situation, near))
    closed = {closing.occurrence.id for closing in closings}
    ready = tuple(o for o in near if o.id not in closed and _may_sound(situation, o))
    cut = _why_cut(situation, ready)
    arm = _next_of(situation, ready) if situation.current is None else None
    sounding = arm or (situation.current.occurrence if situation.current and not cut else None)
    until = _boundary(situation, sounding) if sounding else None
    return Decision(closings, cut, arm, until, _wake_at(situation, near, until))


def is_clock_good_enough(clock: ClockReading) -> bool:
    """Whether routine and priority items may sound by this clock."""
    if clock.state is ClockState.UNTRUSTED:
        return False
    if clock.bound_ms is None:
        return clock.state is ClockState.SYNCED
    return clock.bound_ms < MAX_CLOCK_BOUND_MS


def latest_start(situation: Situation, occurrence: PlannedOccurrence) -> datetime:
    """The last instant at which an occurrence may still begin by its misfire rule.

    Items that follow each other closely may wait up to `BEHIND_ANOTHER` for the one before them, whatever the
    rule: otherwise the small delays of a row of items would add up until one is skipped.
    """
    misfire, due = occurrence.misfire, occurrence.due_at
    if misfire.rule is MisfireRule.JOIN:
        return max(due, due + timedelta(milliseconds=occurrence.duration_ms) - LEAST_WORTH_JOINING)
    busy_until = situation.now if situation.current else situation.freed_at or due
    queued = max(due, min(busy_until, due + BEHIND_ANOTHER)) + SKIP_TOLERANCE
    if misfire.rule is MisfireRule.LATE:
        return max(queued, due + timedelta(seconds=misfire.late_s))
    return queued


def _near(situation: Situation) -> Iterator[PlannedOccurrence]:
    """The open occurrences that are due within the arming time or have been due; not the current one."""
    if situation.plan is None:
        return
    horizon = situation.now + timedelta(seconds=situation.arm_s)
    current = situation.current.occurrence.id if situation.current else None
    for occurrence in takewhile(lambda o: o.due_at <= horizon, situation.plan.occurrences):
        if occurrence.id not in situation.settled and occurrence.id != current:
            yield occurrence


def _closings(situation: Situation, near: tuple[PlannedOccurrence, ...]) -> Iterator[Closing]:
    if not is_clock_good_enough(situation.clock):
        return
    for occurrence in near:
        if occurrence.due_at > situation.now:
            continue
        reason = _why_never(situation, occurrence)
        if reason is not None:
            yield Closing(occurrence, _outcome(situation, occurrence, reason), reason)


def _why_never(situation: Situation, occurrence: PlannedOccurrence) -> Reason | None:
    """Why an occurrence whose instant has come will not sound; None when it may."""
    if situation.now > latest_start(situation, occurrence):
        return _why_missed(situation, occurrence)
    return _why_forbidden(situation, occurrence)


def _why_missed(situation: Situation, occurrence: PlannedOccurrence) -> Reason:
    if occurrence.id in situation.interrupted or situation.current:
        return Reason.PREEMPTED
    if situation.awake_since is not None and occurrence.due_at < situation.awake_since:
        return Reason.POWER
    if situation.trusted_since is not None and occurrence.due_at < situation.trusted_since:
        return Reason.CLOCK
    return Reason.LATE if _is_held(situation, occurrence) else Reason.NOT_CACHED


def _why_forbidden(situation: Situation, occurrence: PlannedOccurrence) -> Reason | None:
    if situation.in_force.stopped is not None:
        return Reason.STOPPED
    if situation.in_force.muted:
        return Reason.MUTED
    start = max(occurrence.due_at, situation.now)
    return Reason.QUIET_HOURS if _boundary(situation, occurrence) == start else None


def _outcome(situation: Situation, occurrence: PlannedOccurrence, reason: Reason) -> Outcome:
    if occurrence.id in situation.interrupted:
        return Outcome.CUT
    return Outcome.FAILED if reason is Reason.NOT_CACHED else Outcome.SKIPPED


def _may_sound(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    """Whether an occurrence could be armed now, if nothing else stood in its way."""
    return (
        _is_clock_fit(situation, occurrence)
        and situation.now <= latest_start(situation, occurrence)
        and _is_held(situation, occurrence)
        and _why_forbidden(situation, occurrence) is None
    )


def _is_clock_fit(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    return occurrence.priority is Priority.EMERGENCY or is_clock_good_enough(situation.clock)


def _is_held(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    return all(recording in situation.held for recording in occurrence.recordings)


def _boundary(situation: Situation, occurrence: PlannedOccurrence) -> datetime | None:
    """When the house rules silence an occurrence that begins, or goes on, at the earliest instant it can."""
    if situation.plan is None:
        return None
    at = max(occurrence.due_at, situation.now)
    return permitted_until(
        situation.plan.house_rules, schedule=occurrence.schedule, priority=occurrence.priority, at=at
    )


def _next_of(situation: Situation, ready: tuple[PlannedOccurrence, ...]) -> PlannedOccurrence | None:
    """The occurrence to arm: the first that no higher one would silence before it began."""
    free = (o for o in ready if not _silenced_by(situation, ready, o, at=max(o.due_at, situation.now)))
    return min(free, key=lambda o: _turn(situation, o), default=None)


def _turn(situation: Situation, occurrence: PlannedOccurrence) -> tuple[datetime, int, datetime, str]:
    start = max(occurrence.due_at, situation.now)
    return start, _RANK[occurrence.priority], occurrence.due_at, occurrence.id


def _silenced_by(
    situation: Situation, ready: tuple[PlannedOccurrence, ...], occurrence: PlannedOccurrence, *, at: datetime
) -> bool:
    reach = at + timedelta(seconds=situation.lead_s)
    rank = _RANK[occurrence.priority]
    return any(_RANK[other.priority] < rank and other.due_at <= reach for other in ready)


def _why_cut(situation: Situation, ready: tuple[PlannedOccurrence, ...]) -> Reason | None:
    current = situation.current
    if current is None or current.ending:
        return None
    occurrence = current.occurrence
    if not _is_planned(situation, occurrence):
        return Reason.WITHDRAWN
    forbidden = _why_forbidden(situation, occurrence)
    if forbidden is not None:
        return forbidden
    if not current.started and not _is_clock_as_when_armed(situation, occurrence):
        return Reason.CLOCK
    at = situation.now if current.started else max(occurrence.due_at, situation.now)
    return Reason.PREEMPTED if _silenced_by(situation, ready, occurrence, at=at) else None


def _is_clock_as_when_armed(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    """False when the clock is no longer fit, or was set so far that the output would wait for long (back), or
    sound long after the misfire rule allows (forward)."""
    reach = timedelta(seconds=2 * situation.arm_s)
    is_in_reach = occurrence.due_at - reach <= situation.now <= latest_start(situation, occurrence) + reach
    return is_in_reach and _is_clock_fit(situation, occurrence)


def _is_planned(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    return situation.plan is not None and any(o.id == occurrence.id for o in situation.plan.occurrences)


def _wake_at(
    situation: Situation, near: tuple[PlannedOccurrence, ...], until: datetime | None
) -> datetime | None:
    instants = [instant for o in near for instant in _turning_points(situation, o)]
    instants += [until] if until else []
    instants += _first_beyond(situation)
    return min((instant for instant in instants if instant > situation.now), default=None)


def _turning_points(situation: Situation, occurrence: PlannedOccurrence) -> Iterator[datetime]:
    missed_at = latest_start(situation, occurrence) + _JUST_AFTER
    if missed_at <= situation.now:
        return
    yield occurrence.due_at - timedelta(seconds=situation.lead_s)
    yield occurrence.due_at
    yield missed_at
    boundary = _boundary(situation, occurrence)
    if boundary is not None:
        yield boundary


def _first_beyond(situation: Situation) -> list[datetime]:
    if situation.plan is None:
        return []
    arming = timedelta(seconds=situation.arm_s)
    horizon = situation.now + arming
    beyond = (o.due_at - arming for o in situation.plan.occurrences if o.due_at > horizon)
    return [instant for instant in [next(beyond, None)] if instant]
