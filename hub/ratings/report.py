"""The satisfaction summary of a period: counts per counter, month and level become sums and shares. Pure.

Scales of 3, 4 and 5 levels are put together by what a level says, not by its number. Only presses that count
are ratings; all that were made stand beside them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.ratings.report_period import Period

__all__ = ["SCALES", "Count", "Face", "Line", "Summary", "summarise"]


class Face(StrEnum):
    """What a level says, best first."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    NEUTRAL = "neutral"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"


SCALES: dict[int, tuple[Face, ...]] = {
    3: (Face.SATISFIED, Face.NEUTRAL, Face.DISSATISFIED),
    4: (Face.VERY_SATISFIED, Face.SATISFIED, Face.NEUTRAL, Face.DISSATISFIED),
    5: tuple(Face),
}
"""What level 1, 2, … of a scale of so many levels says."""

_CONTENT = (Face.VERY_SATISFIED, Face.SATISFIED)


@dataclass(frozen=True, slots=True)
class Count:
    """One counter's presses of one level in one month: `counted` are ratings, `raw` is every press."""

    month: int
    counter: str
    levels: int
    level: int
    counted: int
    raw: int


@dataclass(frozen=True, slots=True)
class Line:
    """The sums of a counter, of a month, or of all. `by_face` follows `Summary.faces`."""

    name: str
    by_face: tuple[int, ...]
    rated: int
    raw: int
    content: int

    @property
    def share(self) -> float | None:
        """The share of the satisfied among the ratings, 0 to 1; None without ratings."""
        return self.content / self.rated if self.rated else None


@dataclass(frozen=True, slots=True)
class Summary:
    """A period's sums: of all, by counter (in the order given), by month (those of the period). `scales` are
    those that were rated on: where they differ, only shares can be compared."""

    period: Period
    faces: tuple[Face, ...]
    scales: tuple[int, ...]
    total: Line
    counters: tuple[Line, ...]
    months: tuple[Line, ...]


def summarise(period: Period, counters: Sequence[tuple[str, str]], counts: Iterable[Count]) -> Summary:
    """Put `counts` of the period together; `counters` are (id, name) of all that should be listed."""
    known = [count for count in counts if count.month in period.months]
    used = {face for count in known if (face := _face(count)) and count.counted}
    faces = tuple(face for face in Face if face in used | set(SCALES[4]))
    strays = sorted({count.counter for count in known} - {id_ for id_, _ in counters})
    listed = [*counters, *((id_, id_) for id_ in strays)]
    return Summary(
        period=period,
        faces=faces,
        scales=tuple(sorted({count.levels for count in known if count.counted and _face(count)})),
        total=_line("", faces, known, lambda _: True),
        counters=tuple(_line(name, faces, known, _is_of(id_)) for id_, name in listed),
        months=tuple(_line(str(month), faces, known, _is_in(month)) for month in period.months),
    )


def _is_of(counter: str) -> Callable[[Count], bool]:
    return lambda count: count.counter == counter


def _is_in(month: int) -> Callable[[Count], bool]:
    return lambda count: count.month == month


def _line(
    name: str, faces: tuple[Face, ...], counts: Iterable[Count], belongs: Callable[[Count], bool]
) -> Line:
    sums = dict.fromkeys(Face, 0)
    raw = 0
    for count in filter(belongs, counts):
        raw += count.raw
        if (face := _face(count)) is not None:
            sums[face] += count.counted
    return Line(
        name=name,
        by_face=tuple(sums[face] for face in faces),
        rated=sum(sums.values()),
        raw=raw,
        content=sum(sums[face] for face in _CONTENT),
    )


def _face(count: Count) -> Face | None:
    """What the level says; None for one that its scale does not have, which is never a rating."""
    scale = SCALES.get(count.levels, ())
    return scale[count.level - 1] if 1 <= count.level <= len(scale) else None
