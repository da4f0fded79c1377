"""A running emergency, as an order begins it and a standing state repeats it."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from edge.wire.base import Instant, Key, Model, Ordinal, Person, Sha256

__all__ = ["Emergency"]

_LONGEST = timedelta(days=1)


class Emergency(Model):
    """A bulletin that sounds at once and goes before everything else, until `until` or until it is cancelled.

    Its repetitions are the occurrences `{id}.0`, `{id}.1` …, due every `repeat_every_s` seconds from
    `starts_at` on and before `until`; without `repeat_every_s` there is one, which may begin until `until`.
    `seq` is the number of the order that began it: a stop of a higher number has ended it.
    """

    id: Annotated[Key, StringConstraints(max_length=80)]
    seq: Ordinal
    title: Annotated[str, StringConstraints(max_length=300)]
    recordings: Annotated[tuple[Sha256, ...], Field(min_length=1, max_length=100)]
    gap_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    duration_ms: Ordinal
    starts_at: Instant
    until: Instant
    repeat_every_s: Annotated[int, Field(ge=1, le=86_400)] | None = None
    by: Person

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if not timedelta() < self.until - self.starts_at <= _LONGEST:
            raise ValueError("an emergency ends after it began, within a day")
        if self.repeat_every_s is not None and self.repeat_every_s * 1000 < self.duration_ms:
            raise ValueError("a repetition would begin before the one before it has ended")
        return self
