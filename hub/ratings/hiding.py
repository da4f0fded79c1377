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

    A count that is hidden alone takes the next smallest with it, or the total where there is no other. The
    share goes when with it a hidden count could be worked out.
    """
    hidden = {place for place, count in enumerate(tally.counts) if 0 < count < least}
    if len(hidden) == 1:
        others = [place for place, count in enumerate(tally.counts) if count and place not in hidden]
        hidden.update(sorted(others, key=lambda place: tally.counts[place])[:1])
    satisfied = sum(place < SATISFIED[tally.levels] for place in hidden)
    tells = 1 in (satisfied, len(hidden) - satisfied)
    return Shown(
        counts=tuple(None if place in hidden else count for place, count in enumerate(tally.counts)),
        total=None if len(hidden) == 1 else tally.total,
        share=None if tells else tally.share,
    )
