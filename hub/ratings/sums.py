"""How presses add up: counts by level, and the share of satisfied. Pure.

These are reference figures: by Thông tư 01/2018/TT-VPCP the official criteria are scored per dossier, and an
electronic rating device is an aid beside them.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

__all__ = [
    "LEVELS",
    "SATISFIED",
    "Group",
    "Tally",
    "by_counter",
    "by_day",
    "by_hour",
    "by_levels",
    "share_satisfied",
    "tally",
]

K = TypeVar("K", bound=Hashable)

LEVELS = (3, 4, 5)
"""The scales a device may have; level 1 is the best of each."""

SATISFIED = {3: 1, 4: 2, 5: 2}
"""Levels 1 to this one are *satisfied*: those better than “Bình thường”, which is level 2 of 3, and 3 of 4
and of 5."""


@dataclass(frozen=True, slots=True)
class Group:
    """Presses of one level at one counter, in the hour (or what else they were asked for by) from `at`."""

    at: datetime
    counter: str
    level: int
    levels: int
    pressed: int
    counted: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Ratings on one scale: `counts[0]` is how many of level 1 counted; `pressed` are all presses."""

    levels: int
    counts: tuple[int, ...]
    pressed: int

    @property
    def total(self) -> int:
        """How many ratings there are."""
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        """How many of them are of a satisfied level."""
        return sum(self.counts[: SATISFIED[self.levels]])

    @property
    def share(self) -> float | None:
        """The share of satisfied, 0-1; None without ratings: nothing was said, not even “0 %”."""
        return self.satisfied / self.total if self.total else None

    @property
    def uncounted(self) -> int:
        """Presses that did not count."""
        return self.pressed - self.total


def tally(groups: Iterable[Group], levels: int) -> Tally:
    """The sum of the groups on the scale of `levels`; those on other scales are left out."""
    counts, pressed = [0] * levels, 0
    for group in groups:
        if group.levels == levels:
            pressed += group.pressed
            if group.level <= levels:
                counts[group.level - 1] += group.counted
    return Tally(levels=levels, counts=tuple(counts), pressed=pressed)


def by_levels(groups: Iterable[Group]) -> tuple[Tally, ...]:
    """One sum for each scale that was in use. Levels of different scales are never added together."""
    found = _split(groups, lambda group: group.levels)
    return tuple(tally(found[levels], levels) for levels in LEVELS if levels in found)


def share_satisfied(tallies: Iterable[Tally]) -> float | None:
    """The share of satisfied over all scales; None without ratings."""
    found = list(tallies)
    total = sum(each.total for each in found)
    return sum(each.satisfied for each in found) / total if total else None


def by_counter(groups: Iterable[Group]) -> dict[str, tuple[Tally, ...]]:
    """The sums of each counter."""
    return _sums(groups, lambda group: group.counter)


def by_day(groups: Iterable[Group], zone: ZoneInfo) -> dict[date, tuple[Tally, ...]]:
    """The sums of each day of the site."""
    return _sums(groups, lambda group: group.at.astimezone(zone).date())


def by_hour(groups: Iterable[Group], zone: ZoneInfo) -> dict[int, tuple[Tally, ...]]:
    """The sums of each hour of the day (0-23), over all days."""
    return _sums(groups, lambda group: group.at.astimezone(zone).hour)


def _sums(groups: Iterable[Group], key: Callable[[Group], K]) -> dict[K, tuple[Tally, ...]]:
    return {name: by_levels(found) for name, found in _split(groups, key).items()}


def _split(groups: Iterable[Group], key: Callable[[Group], K]) -> dict[K, list[Group]]:
    found: dict[K, list[Group]] = {}
    for group in groups:
        found.setdefault(key(group), []).append(group)
    return found
