"""When each sample of a sound stream leaves the converter, from what the device says block by block."""

from collections import deque
from statistics import fmean, median

from edge.speaker.samples import SAMPLE_RATE_HZ

__all__ = ["Timeline"]

WINDOW = 80
FEWEST = 6
# The first blocks are asked for in a burst while the device fills its buffer; their instants mean nothing.
SHORTEST_SPAN_S = 0.1
WIDEST_SPREAD_S = 0.002
# After that long the median is as good as it gets, however much they disagree.
LONG_SPAN_S = 1.5
JUMP_S = 0.005
# A sound server's account of a stream is good in its first second, and again after some ten.
FIRST_SPAN_S = 0.5
BASELINE_S = 10.0
LARGEST_PPM = 500.0


class Timeline:
    """The line through the observed (sample number, instant); instants are seconds of a steady clock.

    Each observation is turned into the instant of sample 0; the median of the last ones stands, carried from
    their middle on by ``drift_ppm``: how much slower than the clock the device runs, at first as it is known
    from elsewhere, after some seconds as seen here since the first of them. It is ``settled`` when enough of
    them, over enough time, agree. After a jump (the device ran dry) it has to settle anew.
    """

    def __init__(self, *, drift_ppm: float = 0.0) -> None:
        self._origins: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._origin_s = 0.0
        self._middle_s = 0.0
        self._first: tuple[float, float] | None = None
        self.drift_ppm = drift_ppm
        self._strays = 0

    def observe(self, frame: int, *, leaves_s: float, now_s: float) -> None:
        """The device says, at ``now_s``, that sample ``frame`` leaves the converter at ``leaves_s``."""
        origin_s = leaves_s - frame / SAMPLE_RATE_HZ
        strays = bool(self._origins) and abs(origin_s - self._origin_at(frame)) > JUMP_S
        self._strays = self._strays + 1 if strays else 0
        if self._strays == 1 and self.settled:
            return
        if strays:
            self._origins.clear()
            self._first = None
        self._origins.append((now_s, origin_s))
        self._origin_s = median(origin for _, origin in self._origins)
        ago_s = now_s - fmean(told_s for told_s, _ in self._origins)
        self._middle_s = frame / SAMPLE_RATE_HZ - ago_s
        self._compare(now_s - self._origins[0][0])

    @property
    def settled(self) -> bool:
        """Whether the instants can be relied on."""
        if len(self._origins) < FEWEST:
            return False
        span_s = self._origins[-1][0] - self._origins[0][0]
        return span_s >= LONG_SPAN_S or (span_s >= SHORTEST_SPAN_S and self._spread_s() <= WIDEST_SPREAD_S)

    def _spread_s(self) -> float:
        """How far the middle half lies apart: stragglers are the scheduler's, not the device's."""
        origins = sorted(origin for _, origin in self._origins)
        quarter = len(origins) // 4
        return origins[-1 - quarter] - origins[quarter]

    def instant_of(self, frame: float) -> float:
        """When that sample leaves the converter."""
        return self._origin_at(frame) + frame / SAMPLE_RATE_HZ

    def frame_at(self, instant_s: float) -> float:
        """The number, with its fraction, of the sample that leaves the converter then."""
        about = (instant_s - self._origin_s) * SAMPLE_RATE_HZ
        return (instant_s - self._origin_at(about)) * SAMPLE_RATE_HZ

    def _compare(self, span_s: float) -> None:
        """Learn the drift from how the origin moved since the first that was good, after ``span_s``."""
        if self._first is None:
            self._first = (self._middle_s, self._origin_s) if span_s >= FIRST_SPAN_S else None
            return
        first_middle_s, first_origin_s = self._first
        if (passed_s := self._middle_s - first_middle_s) >= BASELINE_S:
            ppm = (self._origin_s - first_origin_s) / passed_s * 1e6
            self.drift_ppm = max(-LARGEST_PPM, min(LARGEST_PPM, ppm))

    def _origin_at(self, frame: float) -> float:
        return self._origin_s + self.drift_ppm / 1e6 * (frame / SAMPLE_RATE_HZ - self._middle_s)
