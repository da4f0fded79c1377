"""What should sound now, and why. Pure: a situation goes in, a decision comes out; nothing is remembered.

Emergency goes before priority, priority before routine: what is higher silences what is lower. A silenced
priority item starts again if its misfire rule still allows; a silenced routine item is abandoned. Of equals
the one that was due first goes on, and the other waits as long as its misfire rule lets it: armed behind it,
so that it begins when due or the moment the first is over. While an emergency that was ordered runs, nothing
lower sounds between its repetitions either.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from edge.speaker import emergencies
from edge.speaker.situation import Closing, Current, Decision, Situation, is_clock_good_enough
from edge.wire.base import Priority
from edge.wire.emergency import Emergency
from edge.wire.entries import Outcome, Reason
from edge.wire.house_rules import permitted_until
from edge.wire.plan import MisfireRule, PlannedOccurrence

__all__ = ["decide", "latest_start"]

SKIP_TOLERANCE = timedelta(seconds=2)
BEHIND_ANOTHER = timedelta(seconds=10)
LEAST_WORTH_JOINING = timedelta(seconds=1)
_JUST_AFTER = timedelta(milliseconds=1)
_RANK = {Priority.EMERGENCY: 0, Priority.PRIORITY: 1, Priority.ROUTINE: 2}


def decide(situation: Situation) -> Decision:
    """The decision for this situation; the same situation always gives the same."""
    near = tuple(_near(situation))
    closings = tuple(_closings(situation, near))
    closed = {closing.occurrence.id for closing in closings}
    ready = tuple(o for o in near if o.id not in closed and _may_sound(situation, o))
    cuts = dict(_cuts(situation, ready))
    arm = _next_of(situation, ready) if situation.following is None else None
    goes_on = [play.occurrence for play in situation.plays if play.occurrence.id not in cuts]
    bounds = {o.id: _boundary(situation, o) for o in (*goes_on, *([arm] if arm else []))}
    return Decision(closings, cuts, arm, bounds, _wake_at(situation, near, bounds.values()))


def latest_start(situation: Situation, occurrence: PlannedOccurrence) -> datetime:
    """The last instant at which an occurrence may still begin by its misfire rule.

    Items that follow each other closely may wait up to `BEHIND_ANOTHER` for the one before them, whatever the
    rule: otherwise the small delays of a row of items would add up until one is skipped.
    """
    misfire, due = occurrence.misfire, occurrence.due_at
    if misfire.rule is MisfireRule.JOIN:
        return max(due, due + timedelta(milliseconds=occurrence.duration_ms) - LEAST_WORTH_JOINING)
    busy_until = situation.free_at if situation.current else situation.freed_at or due
    queued = max(due, min(busy_until, due + BEHIND_ANOTHER)) + SKIP_TOLERANCE
    if misfire.rule is MisfireRule.LATE:
        return max(queued, due + timedelta(seconds=misfire.late_s))
    return queued


def _near(situation: Situation) -> Iterator[PlannedOccurrence]:
    """The open occurrences that are due within the arming time or have been due, and are not held."""
    horizon = situation.now + timedelta(seconds=situation.arm_s)
    held = {play.occurrence.id for play in situation.plays}
    planned = situation.plan.occurrences if situation.plan else ()
    due = takewhile(lambda o: o.due_at <= horizon, planned)
    for occurrence in (*_ordered(situation, horizon), *due):
        if occurrence.id not in situation.settled and occurrence.id not in held:
            yield occurrence


def _ordered(situation: Situation, horizon: datetime) -> Iterator[PlannedOccurrence]:
    """What emergencies ask for until then."""
    for emergency in situation.in_force.emergencies:
        start = _start(situation, emergency)
        yield from emergencies.repetitions(emergency, start=start, until=horizon, settled=situation.settled)


def _start(situation: Situation, emergency: Emergency) -> datetime:
    if is_clock_good_enough(situation.clock):
        return emergency.starts_at
    return situation.begun.get(emergency.id, situation.now)


def _emergency_of(situation: Situation, occurrence: PlannedOccurrence) -> Emergency | None:
    found = (each for each in situation.in_force.emergencies if each.id == occurrence.schedule)
    return next(found, None)


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
    if occurrence.id in situation.interrupted or situation.current or _waits(situation, occurrence):
        return Reason.PREEMPTED
    if situation.awake_since is not None and occurrence.due_at < situation.awake_since:
        return Reason.POWER
    if situation.trusted_since is not None and occurrence.due_at < situation.trusted_since:
        return Reason.CLOCK
    return Reason.LATE if _is_held(situation, occurrence) else Reason.NOT_CACHED


def _why_forbidden(situation: Situation, occurrence: PlannedOccurrence) -> Reason | None:
    emergency = _emergency_of(situation, occurrence)
    if situation.in_force.stop_for(emergency.seq if emergency else 0) is not None:
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
    """The occurrence to arm: the first that can begin soon and that no higher one would silence."""
    horizon = situation.now + timedelta(seconds=situation.arm_s)
    free = (
        o
        for o in ready
        if (begins_at := _begins_at(situation, o)) <= min(horizon, latest_start(situation, o))
        and not _silenced_by(situation, ready, o, at=begins_at)
    )
    return min(free, key=lambda o: _turn(situation, o), default=None)


def _begins_at(situation: Situation, occurrence: PlannedOccurrence) -> datetime:
    return max(occurrence.due_at, situation.free_at)


def _turn(situation: Situation, occurrence: PlannedOccurrence) -> tuple[datetime, int, datetime, str]:
    return _begins_at(situation, occurrence), _RANK[occurrence.priority], occurrence.due_at, occurrence.id


def _silenced_by(
    situation: Situation,
    rivals: Iterable[PlannedOccurrence],
    occurrence: PlannedOccurrence,
    *,
    at: datetime,
    ends_at: datetime | None = None,
) -> bool:
    """Whether a higher one is due so soon after `at` that the output must change over now, and this one would
    not be over by itself: at `ends_at`, or as long after `at` as it lasts."""
    reach = at + timedelta(seconds=situation.lead_s)
    over_at = max(situation.now, ends_at or at + timedelta(milliseconds=occurrence.duration_ms))
    higher = (other for other in rivals if _RANK[other.priority] < _RANK[occurrence.priority])
    is_near = any(other.due_at <= reach and other.due_at < over_at for other in higher)
    return is_near or _waits(situation, occurrence)


def _waits(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    """Whether an emergency runs that this node can sound and that goes before `occurrence`."""
    in_force = situation.in_force
    return occurrence.priority is not Priority.EMERGENCY and any(
        emergencies.is_running(each, situation.settled)
        for each in in_force.emergencies
        if in_force.stop_for(each.seq) is None
        and not in_force.muted
        and situation.held >= set(each.recordings)
    )


def _cuts(situation: Situation, ready: tuple[PlannedOccurrence, ...]) -> Iterator[tuple[str, Reason]]:
    following = situation.following
    for play in situation.plays:
        behind = (following.occurrence,) if following and play is not following else ()
        reason = None if play.ending else _why_cut(situation, (*ready, *behind), play)
        if reason is not None:
            yield play.occurrence.id, reason


def _why_cut(situation: Situation, rivals: tuple[PlannedOccurrence, ...], play: Current) -> Reason | None:
    occurrence = play.occurrence
    if not _is_planned(situation, occurrence) and not _is_heard_out(play):
        return Reason.STOPPED if situation.in_force.stopped else Reason.WITHDRAWN
    forbidden = _why_forbidden(situation, occurrence)
    if forbidden is not None:
        return forbidden
    if not play.started and not _is_clock_as_when_armed(situation, occurrence):
        return Reason.CLOCK
    has_waited = play is situation.following and not play.started
    if has_waited and situation.now > latest_start(situation, occurrence):
        return Reason.LATE
    at = situation.now if play.started else max(occurrence.due_at, situation.now)
    is_silenced = _silenced_by(situation, rivals, occurrence, at=at, ends_at=play.ends_at)
    return Reason.PREEMPTED if is_silenced or _gives_way(situation, rivals, play) else None


def _gives_way(situation: Situation, rivals: tuple[PlannedOccurrence, ...], play: Current) -> bool:
    """Whether what is yet to come would have to wait for another if it were not armed already."""
    if play.started or play.occurrence.due_at <= situation.now:
        return False
    current = None if play is situation.current else situation.current
    others = (o for o in rivals if all(o.id != held.occurrence.id for held in situation.plays))
    free = replace(situation, current=current, following=None)
    first = _next_of(free, (play.occurrence, *others))
    return first is not None and _turn(free, first)[:2] < _turn(free, play.occurrence)[:2]


def _is_clock_as_when_armed(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    """False when the clock is no longer fit, or was set so far that the output would wait for long (back), or
    sound long after the misfire rule allows (forward)."""
    reach = timedelta(seconds=2 * situation.arm_s)
    is_in_reach = occurrence.due_at - reach <= situation.now <= latest_start(situation, occurrence) + reach
    return is_in_reach and _is_clock_fit(situation, occurrence)


def _is_planned(situation: Situation, occurrence: PlannedOccurrence) -> bool:
    if _emergency_of(situation, occurrence) is not None:
        return True
    return situation.plan is not None and any(o.id == occurrence.id for o in situation.plan.occurrences)


def _is_heard_out(play: Current) -> bool:
    """Whether it goes on although nothing asks for it any more: a newer plan ends no sound, a stop does."""
    return play.started and play.occurrence.priority is not Priority.EMERGENCY


def _wake_at(
    situation: Situation, near: tuple[PlannedOccurrence, ...], bounds: Iterable[datetime | None]
) -> datetime | None:
    waiting = (*near, *(play.occurrence for play in situation.plays if not play.started))
    instants = [instant for o in waiting for instant in _turning_points(situation, o)]
    instants += [until for until in bounds if until]
    instants += [situation.free_at - timedelta(seconds=situation.arm_s)]
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
    arming = timedelta(seconds=situation.arm_s)
    horizon = situation.now + arming
    planned = situation.plan.occurrences if situation.plan else ()
    following = [next((o.due_at for o in planned if o.due_at > horizon), None)]
    following += [
        emergencies.next_due(each, start=_start(situation, each), after=horizon)
        for each in situation.in_force.emergencies
    ]
    return [instant - arming for instant in following if instant]
