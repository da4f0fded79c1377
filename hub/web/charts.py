"""Charts as the numbers of an SVG. Pure; templates draw them, and a table beside each says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["Block", "columns", "segments", "strip", "top_of"]


@dataclass(frozen=True)
class Block:
    """A part of a horizontal bar, in its units: `x` from the left, `width`."""

    x: float
    width: float


def top_of(values: Sequence[int]) -> int:
    """The end of the axis: 1, 2 or 5 times a power of ten, at least 5, not below any value."""
    highest, power = max((*values, 0)), 1
    while True:
        for step in (1, 2, 5):
            if step * power >= max(highest, 5):
                return step * power
        power *= 10


def columns(series: Sequence[Sequence[int]], *, height: int, step: int, top: int) -> tuple[str, ...]:
    """Stacked columns, one `d` of an SVG path for each series, the first at the bottom.

    `series[s][c]` is the value of series `s` in column `c`; columns are `step` apart and three quarters wide.
    """
    base = [0] * len(series[0]) if series else []
    paths = []
    for values in series:
        parts = []
        for place, value in enumerate(values):
            if value > 0:
                x, y = place * step + step / 8, height - height * (base[place] + value) / top
                parts.append(
                    f"M{x:.1f} {y:.1f}h{step * 0.75:.1f}v{height * value / top:.1f}h-{step * 0.75:.1f}z"
                )
            base[place] += value
        paths.append("".join(parts))
    return tuple(paths)


def segments(counts: Sequence[int], *, width: int) -> tuple[Block, ...]:
    """One bar divided as `counts` are; nothing to divide gives blocks of no width."""
    total, x, blocks = sum(counts), 0.0, []
    for count in counts:
        length = width * count / total if total else 0.0
        blocks.append(Block(round(x, 1), round(length, 1)))
        x += length
    return tuple(blocks)


def strip(
    spans: Sequence[tuple[datetime, datetime]], *, start: datetime, length: timedelta, width: int
) -> tuple[Block, ...]:
    """Where each span lies on a bar of `width` that shows `length` from `start`, none under one unit."""

    def at(instant: datetime) -> float:
        return min(max((instant - start) / length, 0.0), 1.0) * width

    return tuple(
        Block(round(at(begins), 1), round(max(at(ends) - at(begins), 1.0), 1)) for begins, ends in spans
    )
