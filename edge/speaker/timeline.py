"""When each sample of a sound stream leaves the converter, from what the device says block by block."""

from collections import deque
from statistics import fmean, median

import numpy as np

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
MARK_S = 0.5
# A sound server that was held up tells wrong instants for some five seconds: fewer than half of these.
LINE_S = 20.0
SHORTEST_LINE_S = 8.0
LARGEST_PPM = 500.0


class Timeline:
    """The line through the observed (sample number, instant); instants are seconds of a steady clock.

    Each observation is turned into the instant of sample 0. At first the median of the last ones stands,
    carried by ``drift_ppm``: how much slower than the clock the device runs, as it is known from elsewhere.
    After some seconds both come from the line through the last twenty seconds' medians of half a second. It
    is ``settled`` when enough observations, over enough time, agree. After a jump (the device ran dry) it has
    to settle anew.
    """

    def __init__(self, *, drift_ppm: float = 0.0) -> None:
        self._recent: deque[tuple[float, float]] = deque(maxlen=WINDOW)
        self._since_mark: list[tuple[float, float]] = []
        self._marks: deque[tuple[float, float]] = deque(maxlen=round(LINE_S / MARK_S))
        self._has_line = False
        self._place_s, self._origin_s = 0.0, 0.0
        self.drift_ppm = drift_ppm
        self._strays = 0

    def observe(self, frame: int, *, leaves_s: float, now_s: float) -> None:
        """The device says, at ``now_s``, that sample ``frame`` leaves the converter at ``leaves_s``."""
        place_s = frame / SAMPLE_RATE_HZ
        origin_s = leaves_s - place_s
        strays = bool(self._recent) and abs(origin_s - self._origin_at(place_s)) > JUMP_S
        self._strays = self._strays + 1 if strays else 0
        if self._strays == 1 and self.settled:
            return
        if strays:
            self._forget()
        self._recent.append((now_s, origin_s))
        self._mark(place_s, origin_s)
        if not self._has_line:
            self._place_s = place_s - (now_s - fmean(told_s for told_s, _ in self._recent))
            self._origin_s = median(origin for _, origin in self._recent)

    @property
    def settled(self) -> bool:
        """Whether the instants can be relied on."""
        if len(self._recent) < FEWEST:
            return False
        span_s = self._recent[-1][0] - self._recent[0][0]
        return span_s >= LONG_SPAN_S or (span_s >= SHORTEST_SPAN_S and self._spread_s() <= WIDEST_SPREAD_S)

    def instant_of(self, frame: float) -> float:
        """When that sample leaves the converter."""
        place_s = frame / SAMPLE_RATE_HZ
        return self._origin_at(place_s) + place_s

    def frame_at(self, instant_s: float) -> float:
        """The number, with its fraction, of the sample that leaves the converter then."""
        about_s = instant_s - self._origin_s
        return (instant_s - self._origin_at(about_s)) * SAMPLE_RATE_HZ

    def _origin_at(self, place_s: float) -> float:
        return self._origin_s + self.drift_ppm / 1e6 * (place_s - self._place_s)

    def _spread_s(self) -> float:
        """How far the middle half lies apart: stragglers are the scheduler's, not the device's."""
        origins = sorted(origin for _, origin in self._recent)
        quarter = len(origins) // 4
        return origins[-1 - quarter] - origins[quarter]

    def _forget(self) -> None:
        self._recent.clear()
        self._since_mark.clear()
        self._marks.clear()
        self._has_line = False

    def _mark(self, place_s: float, origin_s: float) -> None:
        """Set a mark each half second, and lay the line anew when there are enough of them."""
        self._since_mark.append((place_s, origin_s))
        if place_s - self._since_mark[0][0] < MARK_S:
            return
        places, origins = zip(*self._since_mark, strict=True)
        self._since_mark.clear()
        self._marks.append((fmean(places), median(origins)))
        if self._marks[-1][0] - self._marks[0][0] >= SHORTEST_LINE_S:
            self._has_line = True
            self._place_s, self._origin_s, slope = _line(self._marks)
            self.drift_ppm = max(-LARGEST_PPM, min(LARGEST_PPM, slope * 1e6))


def _line(points: deque[tuple[float, float]]) -> tuple[float, float, float]:
    """The last point's place, the line's value there, and its slope.

    Repeated medians (Siegel 1982): the line through most of the points, whatever less than half of them say.
    """
    x, y = np.array(points).T
    others = ~np.eye(len(x), dtype=bool)
    slopes = (y - y[:, None])[others] / (x - x[:, None])[others]
    slope = float(np.median(np.median(slopes.reshape(len(x), -1), axis=1)))
    return float(x[-1]), float(np.median(y - slope * (x - x[-1]))), slope
