"""Sound a little faster or slower than it comes, by fractions of a sample, to follow another clock.

Band-limited interpolation: each output sample is a Kaiser-windowed sinc over sixteen neighbours (J. O. Smith,
"Digital Audio Resampling"). At a ratio of exactly 1 the samples pass unchanged.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from edge.speaker.samples import Samples

__all__ = ["Stretch"]

TAPS = 16
BEFORE = TAPS // 2 - 1  # neighbours at or before the position, less the one it is at
PHASES = 1024
KAISER_BETA = 8.0


@cache
def _weights() -> Samples:
    """One row of weights for each of ``PHASES`` fractions of a sample, and one for a whole one."""
    offsets = np.arange(TAPS) - BEFORE
    fractions = np.arange(PHASES + 1)[:, None] / PHASES
    distances = offsets - fractions
    window = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (distances / (TAPS / 2)) ** 2, 0, 1))) / np.i0(
        KAISER_BETA
    )
    weights = np.sinc(distances) * window
    weights /= weights.sum(axis=1, keepdims=True)
    weights[0] = offsets == 0
    weights[-1] = offsets == 1
    return weights.astype(np.float32)


class Stretch:
    """Renders ``source`` (which fills a block and says how many of its samples count, fewer only at its end).

    ``ratio`` is how many source samples one output sample advances; ``position`` is the source sample, with
    its fraction, that the next output sample is.
    """

    def __init__(self, source: Callable[[Samples], int]) -> None:
        self._source = source
        self._held: Samples = np.zeros(BEFORE, np.float32)
        self._held_from = -BEFORE
        self._end: int | None = None
        self.ratio = 1.0
        self.position = 0.0

    def skip(self, frames: float) -> None:
        """Leave that much of the source out."""
        self.position += frames

    def render(self, out: Samples) -> int:
        """Fill ``out`` and return how many of its samples come before the source's end."""
        positions = self.position + np.arange(len(out)) * self.ratio
        whole = np.floor(positions).astype(np.int64)
        self._pull(int(whole[-1]) + TAPS - BEFORE)
        rows = np.rint((positions - whole) * PHASES).astype(np.int64)
        neighbours = (whole - BEFORE - self._held_from)[:, None] + np.arange(TAPS)
        np.einsum("ij,ij->i", self._held[neighbours], _weights()[rows], out=out)
        self.position += len(out) * self.ratio
        self._drop(int(self.position) - BEFORE)
        if self._end is None:
            return len(out)
        out[positions >= self._end] = 0
        return int(np.searchsorted(positions, self._end))

    def _pull(self, until: int) -> None:
        """Hold the source's samples up to ``until``, silence after its end."""
        missing = until - self._held_from - len(self._held)
        if missing <= 0:
            return
        fresh: Samples = np.zeros(missing, np.float32)
        count = self._source(fresh)
        if count < missing and self._end is None:
            self._end = until - missing + count
        self._held = np.concatenate([self._held, fresh])

    def _drop(self, before: int) -> None:
        count = min(max(0, before - self._held_from), len(self._held))
        self._held = self._held[count:]
        self._held_from += count
