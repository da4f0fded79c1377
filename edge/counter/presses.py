"""Does a press count, and if not, why? Pure.

Every press is kept; this decides what it is worth. Times are seconds of a clock that only grows, so that
setting the wall clock changes no count; only opening hours ask for the local time. Two buttons within an
instant are one elbow, so a press is judged when `together_s` has passed since.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from edge.wire.entries import PressSource, Uncounted

__all__ = ["Judged", "Past", "Press", "Rules", "Span", "settle"]


@dataclass(frozen=True, slots=True)
class Span:
    """Local times of one day, `[start, end)`; an `end` of None is midnight."""

    start: time
    end: time | None

    @classmethod
    def parse(cls, text: str) -> "Span":
        """From a text such as ``07:30-11:30``. Raises ValueError."""
        start, end = text.split("-")
        return cls(time.fromisoformat(start), None if end == "24:00" else time.fromisoformat(end))

    def covers(self, local: time) -> bool:
        """Whether `local` lies in the span."""
        return self.start <= local and (self.end is None or local < self.end)


@dataclass(frozen=True, slots=True)
class Rules:
    """When a press counts; see `edge.config_counter.CounterSettings`. No `open` span: always open."""

    levels: int = 4
    interval_s: float = 5.0
    burst_presses: int = 6
    burst_s: float = 30.0
    stuck_s: float = 10.0
    together_s: float = 0.04
    open: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Press:
    """One press. `at` is the wall clock, `local` the site's time, None where no clock is trusted."""

    level: int
    source: PressSource
    at_s: float
    at: datetime
    local: time | None
    held_ms: int | None = None
    dossier: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A press, and why it does not count (None: it counts)."""

    press: Press
    reason: Uncounted | None


@dataclass(frozen=True)
class Past:
    """What the rule remembers. `down`: since when each button is held; `freed`: when one that had been stuck
    was last let go."""

    recent: tuple[tuple[float, int], ...] = ()
    counted_s: float | None = None
    down: dict[int, float] = field(default_factory=dict)
    freed: dict[int, float] = field(default_factory=dict)

    def pressed(self, level: int, at_s: float) -> "Past":
        """The button of `level` went down."""
        return replace(self, down={**self.down, level: at_s})

    def released(self, level: int, at_s: float, *, rules: Rules) -> "Past":
        """It came up again."""
        since_s = self.down.get(level)
        down = {each: since for each, since in self.down.items() if each != level}
        is_freed = since_s is not None and at_s - since_s >= rules.stuck_s
        return replace(self, down=down, freed={**self.freed, level: at_s} if is_freed else self.freed)

    def stuck(self, now_s: float, *, rules: Rules) -> tuple[int, ...]:
        """The levels whose buttons are held longer than a hand would."""
        return tuple(sorted(level for level, since in self.down.items() if now_s - since >= rules.stuck_s))


def settle(
    pending: Sequence[Press], *, past: Past, rules: Rules, now_s: float
) -> tuple[list[Judged], list[Press], Past]:
    """Judge the presses of `pending` (in order of time) that are due: those, the rest, and the new past."""
    judged: list[Judged] = []
    for number, press in enumerate(pending):
        if now_s - press.at_s < rules.together_s:
            return judged, list(pending[number:]), past
        recent = (*_since(past.recent, press.at_s - rules.burst_s), (press.at_s, press.level))
        past = replace(past, recent=recent)
        reason = _reason(press, pending[number + 1 :], past, rules)
        if reason is None:
            past = replace(past, counted_s=press.at_s)
        if reason is Uncounted.STUCK:
            past = replace(past, freed={**past.freed, press.level: press.at_s})
        judged.append(Judged(press, reason))
    return judged, [], past


def _since(recent: tuple[tuple[float, int], ...], start_s: float) -> tuple[tuple[float, int], ...]:
    return tuple(one for one in recent if one[0] > start_s)


def _reason(press: Press, later: Sequence[Press], past: Past, rules: Rules) -> Uncounted | None:
    if not 1 <= press.level <= rules.levels:
        return Uncounted.UNKNOWN_LEVEL
    if _was_stuck(press, past, rules):
        return Uncounted.STUCK
    if rules.open and press.local is not None and not any(s.covers(press.local) for s in rules.open):
        return Uncounted.CLOSED
    if _is_one_of_several(press, later, past, rules):
        return Uncounted.TOGETHER
    if len(past.recent) > rules.burst_presses:
        return Uncounted.BURST
    if past.counted_s is not None and press.at_s - past.counted_s < rules.interval_s:
        return Uncounted.INTERVAL
    return None


def _was_stuck(press: Press, past: Past, rules: Rules) -> bool:
    """A button that had been stuck must rest before it is believed again."""
    freed_s = past.freed.get(press.level) if press.source is PressSource.BUTTON else None
    return freed_s is not None and press.at_s - freed_s < rules.stuck_s


def _is_one_of_several(press: Press, later: Sequence[Press], past: Past, rules: Rules) -> bool:
    others = [*past.recent, *((each.at_s, each.level) for each in later)]
    if any(level != press.level and abs(at_s - press.at_s) < rules.together_s for at_s, level in others):
        return True
    if press.source is not PressSource.BUTTON:
        return False
    return any(
        level != press.level and 0 <= press.at_s - since_s < rules.stuck_s
        for level, since_s in past.down.items()
    )
