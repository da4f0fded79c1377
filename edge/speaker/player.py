"""Lets the conductor decide again and again, and does what it decided."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from edge.clock import Clock
from edge.journal import Journal
from edge.speaker import emergencies
from edge.speaker.conductor import decide
from edge.speaker.holdings import Holdings
from edge.speaker.outlook import outlook
from edge.speaker.plays import Plays
from edge.speaker.situation import Closing, Decision, Situation, is_clock_good_enough
from edge.wire.emergency import Emergency
from edge.wire.entries import Body, Outcome, Reason

__all__ = ["LOOK_AT_CLOCK_S", "Player"]

LOOK_AT_CLOCK_S = 5.0  # a wall clock that was set is noticed this soon
_ROUNDS = 5


class Player:
    """Used by the node's thread only. `held` are the recordings verified in this run.

    `lead_s` is what the output needs to change over, `arm_s` how long before its instant an item is armed.
    """

    def __init__(
        self,
        *,
        holdings: Holdings,
        plays: Plays,
        journal: Journal,
        clock: Clock,
        arm_s: float,
        lead_s: float,
        held: set[str],
    ) -> None:
        self._holdings = holdings
        self._plays = plays
        self._journal = journal
        self._clock = clock
        self._arm_s = max(arm_s, lead_s + 1.0)
        self._lead_s = lead_s
        self._held = held
        self._confirmations: list[Body] = []
        self._awake_s: float | None = None
        self._trusted_s: float | None = None
        self._begun_s: dict[str, float] = {}
        self._running: tuple[Emergency, ...] = ()
        self._left_open: dict[str, Closing] = {}
        self._was_trusted = is_clock_good_enough(clock.reading())
        self._doing = ""

    def woke_with_plan(self) -> None:
        """The program began with a plan in hand: what was due before was missed for want of power."""
        self._awake_s = self._clock.monotonic()

    def confirm(self, entry: Body) -> None:
        """Record `entry` once what was just accepted has had its effect on sound."""
        self._confirmations.append(entry)

    def attend(self) -> float:
        """Decide and act; returns the seconds until there is something to decide again."""
        self._plays.give_up_overdue()
        decision = self._decide_and_act()
        self._close_what_was_left_open()
        self._confirm()
        if decision.wake_at is None:
            return LOOK_AT_CLOCK_S
        wait_s = (decision.wake_at - self._clock.now()).total_seconds()
        return min(max(wait_s, 0.0), LOOK_AT_CLOCK_S)

    def doing(self) -> str:
        """What the last decision left it at."""
        return self._doing

    def _decide_and_act(self) -> Decision:
        for _ in range(_ROUNDS):
            situation = self._situation()
            decision = decide(situation)
            self._act(decision)
            if not (decision.closings or decision.cuts or decision.arm):
                break
        self._doing = outlook(situation)
        return decision

    def _act(self, decision: Decision) -> None:
        for occurrence, reason in decision.cuts.items():
            self._plays.cut(occurrence, reason)
        volume = self._holdings.in_force.volume
        self._plays.turn(volume)
        for occurrence, until in decision.bounds.items():
            self._plays.bound(occurrence, until)
        if (armed := decision.arm) is not None:
            self._plays.arm(armed, volume=volume, until=decision.bounds[armed.id])
        self._plays.close(decision.closings)

    def _confirm(self) -> None:
        if any(play.ending for play in self._plays.held):
            return
        waiting, self._confirmations = self._confirmations, []
        for entry in waiting:
            self._journal.record(entry)

    def _situation(self) -> Situation:
        self._note_trust()
        self._note_emergencies()
        current, following, *_ = (*self._plays.held, None, None)
        return Situation(
            now=self._clock.now(),
            clock=self._clock.reading(),
            plan=self._holdings.held.plan,
            in_force=self._holdings.in_force,
            held=self._held,
            settled=self._plays.settled,
            interrupted=self._plays.interrupted,
            current=current,
            following=following,
            freed_at=self._plays.freed_at,
            awake_since=self._instant(self._awake_s),
            trusted_since=self._instant(self._trusted_s),
            begun={id_: self._at(begun_s) for id_, begun_s in self._begun_s.items()},
            arm_s=self._arm_s,
            lead_s=self._lead_s,
        )

    def _note_trust(self) -> None:
        trusted = is_clock_good_enough(self._clock.reading())
        if trusted and not self._was_trusted:
            self._trusted_s = self._clock.monotonic()
        self._was_trusted = trusted

    def _note_emergencies(self) -> None:
        """Without trusted time, the first repetition that has no outcome is due when it is first seen."""
        running, now_s = self._holdings.in_force.emergencies, self._clock.monotonic()
        for emergency in self._running:
            if all(each.id != emergency.id for each in running):
                self._left_open |= {closing.occurrence.id: closing for closing in self._open_of(emergency)}
        self._running = running
        self._begun_s = {
            each.id: self._begun_s[each.id]
            if each.id in self._begun_s
            else now_s - emergencies.first_open(each, self._plays.settled).total_seconds()
            for each in running
        }

    def _open_of(self, emergency: Emergency) -> Iterator[Closing]:
        """What is to be said of the repetitions of an emergency that is over, as far as they were due or are
        armed, unless their sound has begun."""
        stopped = self._holdings.in_force.stop_for(emergency.seq)
        reason = Reason.WITHDRAWN if stopped is None else Reason.STOPPED
        trusted = is_clock_good_enough(self._clock.reading())
        start = emergency.starts_at if trusted else self._at(self._begun_s[emergency.id])
        due = emergencies.repetitions(
            emergency, start=start, until=self._clock.now(), settled=self._plays.settled
        )
        held = (play.occurrence for play in self._plays.held if play.occurrence.schedule == emergency.id)
        return (Closing(occurrence, Outcome.SKIPPED, reason) for occurrence in (*due, *held))

    def _close_what_was_left_open(self) -> None:
        """What the output still holds is asked again once it let go: it may have begun to sound meanwhile."""
        held = {play.occurrence.id for play in self._plays.held}
        open_ = {id_: closing for id_, closing in self._left_open.items() if id_ not in self._plays.settled}
        self._left_open = {id_: closing for id_, closing in open_.items() if id_ in held}
        if closings := [closing for id_, closing in open_.items() if id_ not in held]:
            self._plays.close(closings)

    def _instant(self, monotonic_s: float | None) -> datetime | None:
        return None if monotonic_s is None else self._at(monotonic_s)

    def _at(self, monotonic_s: float) -> datetime:
        """What the wall clock says now about an instant of the monotonic clock."""
        return self._clock.now() - timedelta(seconds=self._clock.monotonic() - monotonic_s)
