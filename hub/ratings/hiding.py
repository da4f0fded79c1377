"""Small numbers in tables that leave the office: who pressed must not be found out from how many. Pure."""

from dataclasses import dataclass

from hub.ratings.sums import SATISFIED, Tally

__all__ = ["LEAST_SHOWN", "Shown", "hide_small"]

LEAST_SHOWN = 5
"""Counts of 1 up to one below this are hidden."""


@dataclass(frozen=True)
class Shown:
    """What may be shown of a tally; None is hidden."""

    counts: tuple[int | None, ...]
    total: int | None
    share: float | None


def hide_small(tally: Tally, *, least: int = LEAST_SHOWN) -> Shown:
    """Hide counts of 1 to `least` − 1, and what would give them away by subtraction.

    A count that is hidden alone takes the next smallest with it, or the total where there is no other; so do
    several whose sum says that each is 1, or each `least` − 1. The share goes when with it a hidden count
    could be worked out.
    """
    hidden = {place for place, count in enumerate(tally.counts) if 0 < count < least}
    if _are_told(tally, hidden, least):
        others = [place for place, count in enumerate(tally.counts) if count and place not in hidden]
        hidden.update(sorted(others, key=lambda place: tally.counts[place])[:1])
    satisfied = {place for place in hidden if place < SATISFIED[tally.levels]}
    tells = _are_told(tally, satisfied, least) or _are_told(tally, hidden - satisfied, least)
    return Shown(
        counts=tuple(None if place in hidden else count for place, count in enumerate(tally.counts)),
        total=None if _are_told(tally, hidden, least) else tally.total,
        share=None if tells else tally.share,
    )


def _are_told(tally: Tally, hidden: set[int], least: int) -> bool:
    """Whether the sum of the hidden counts gives each of them away."""
    counts = [tally.counts[place] for place in hidden]
    ends = (len(counts), len(counts) * (least - 1))
    return len(counts) == 1 or (bool(counts) and max(counts) < least and sum(counts) in ends)
