"""What the conductor is told and what it answers."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from edge.speaker.standing import InForce
from edge.wire.base import ClockReading, ClockState
from edge.wire.entries import Outcome, Reason
from edge.wire.plan import Plan, PlannedOccurrence

__all__ = ["Closing", "Current", "Decision", "Situation", "is_clock_good_enough"]

MAX_CLOCK_BOUND_MS = 180_000


@dataclass(frozen=True)
class Current:
    """An occurrence that the output holds: armed, sounding once `started`, fading once `ending`. It is
    expected to be over at `ends_at`; None for any moment."""

    occurrence: PlannedOccurrence
    started: bool = False
    ending: bool = False
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that a decision depends on.

    `settled` are the occurrences that have their outcome, `interrupted` those that a higher one silenced and
    that may start again. The output holds `current` and, armed behind it, `following`. `freed_at` is when it
    last ended a play. `awake_since` is when the program began with a plan in hand (None without one),
    `trusted_since` when the clock became worth believing. `begun` says, by emergency, when its first
    repetition is due while nobody vouches for the clock. An item is armed `arm_s` before it can begin; an
    output that holds nothing needs `lead_s` to get ready.
    """

    now: datetime
    clock: ClockReading
    plan: Plan | None
    in_force: InForce = field(default_factory=InForce)
    held: Set[str] = frozenset()
    settled: Set[str] = frozenset()
    interrupted: Set[str] = frozenset()
    current: Current | None = None
    following: Current | None = None
    freed_at: datetime | None = None
    awake_since: datetime | None = None
    trusted_since: datetime | None = None
    begun: Mapping[str, datetime] = field(default_factory=dict)
    arm_s: float = 5.0
    lead_s: float = 1.0

    @property
    def plays(self) -> tuple[Current, ...]:
        """What the output holds, in its order."""
        return tuple(play for play in (self.current, self.following) if play)

    @property
    def free_at(self) -> datetime:
        """When the output can begin what is armed now."""
        ends_at = self.current.ends_at if self.current else None
        return max(self.now, ends_at) if ends_at else self.now


@dataclass(frozen=True)
class Closing:
    """An occurrence that will not sound (any more), and why."""

    occurrence: PlannedOccurrence
    outcome: Outcome
    reason: Reason


@dataclass(frozen=True)
class Decision:
    """What to do now. `cuts` ends plays that the output holds; what is cut before it started is open again.

    `bounds` says when what is armed or sounding must have faded out, None for not in the coming two days.
    Both are by occurrence. `wake_at` is when to ask again if nothing happens before; None for never.
    """

    closings: tuple[Closing, ...] = ()
    cuts: Mapping[str, Reason] = field(default_factory=dict)
    arm: PlannedOccurrence | None = None
    bounds: Mapping[str, datetime | None] = field(default_factory=dict)
    wake_at: datetime | None = None


def is_clock_good_enough(clock: ClockReading) -> bool:
    """Whether routine and priority items may sound by this clock."""
    if clock.state is ClockState.UNTRUSTED:
        return False
    if clock.bound_ms is None:
        return clock.state is ClockState.SYNCED
    return clock.bound_ms < MAX_CLOCK_BOUND_MS
