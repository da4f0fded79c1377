"""How far a long work has come."""

import time
from collections.abc import Callable
from typing import Literal

__all__ = ["Progress", "Stage", "Stages"]

Progress = Callable[[float], None]
Stage = Literal["measure", "encode", "verify"]

TELL_S = 0.1
# From where to where each stage takes the whole; a second try goes through the last two once more.
SHARES: dict[Stage, tuple[float, float]] = {
    "measure": (0.0, 0.25),
    "encode": (0.25, 0.85),
    "verify": (0.85, 1.0),
}


class Stages:
    """Turns seconds reached in each pass into one share of the whole, told ten times a second at most."""

    def __init__(self, progress: Progress | None, *, length_s: float | None) -> None:
        self._progress = progress
        self.length_s = length_s
        self._reached = 0.0
        self._told_s = -TELL_S

    def at(self, stage: Stage) -> Progress | None:
        if self._progress is None:
            return None
        return lambda reached_s: self._tell(stage, reached_s)

    def done(self) -> None:
        if self._progress is not None:
            self._progress(1.0)

    def _tell(self, stage: Stage, reached_s: float) -> None:
        assert self._progress is not None  # noqa: S101  # `at` gave no callback otherwise
        length_s = self.length_s or max(2 * reached_s, 60.0)
        begin, end = SHARES[stage]
        share = begin + (end - begin) * min(1.0, reached_s / length_s)
        self._reached = max(self._reached, share)
        if time.monotonic() - self._told_s >= TELL_S:
            self._told_s = time.monotonic()
            self._progress(self._reached)
