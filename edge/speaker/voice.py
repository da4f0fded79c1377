"""A track's samples as they sound: with a short fade where it would click otherwise."""

from dataclasses import dataclass

import numpy as np

from edge.speaker.samples import Samples, frames_in
from edge.speaker.track import Feed

__all__ = ["FADE_IN_MS", "SHORTEST_FADE_MS", "Voice"]

FADE_IN_MS = 3
# From silence to full volume, or back, in this time.
SWING_MS = 100
SHORTEST_FADE_MS = 5


@dataclass(frozen=True, slots=True)
class _Cut:
    """Silence from sample ``end`` on, after a linear fade of ``fade`` samples."""

    end: int
    fade: int


class Voice:
    """Renders a feed block by block, by one thread; what is asked of it may come from any other.

    ``position`` is the number of samples rendered. Once ``ended``, only silence follows; ``stopped`` then
    tells whether anything but the track's own end did it, and ``at_boundary`` whether that was the boundary.
    """

    def __init__(self, feed: Feed, *, fade_in: bool, gain: float = 1.0) -> None:
        self._feed = feed
        self._fade_in = frames_in(FADE_IN_MS) if fade_in else 0
        self._gain = self._wanted_gain = gain
        self._wanted_stop: int | None = None
        self._wanted_bound: _Cut | None = None
        self._seen_bound: _Cut | None = None
        self._stop: _Cut | None = None
        self._bound: _Cut | None = None
        self.position = 0
        self.ended = False
        self.stopped = False
        self.at_boundary = False

    def stop(self, *, fade_frames: int) -> None:
        """Fade out from the next sample rendered; a second call changes nothing."""
        if self._wanted_stop is None:
            self._wanted_stop = fade_frames

    def turn(self, gain: float) -> None:
        """Sound at this gain (0 … 1) from the next sample on, after a short ramp."""
        self._wanted_gain = gain

    def bound(self, end: int | None, *, fade_frames: int) -> None:
        """Be silent from sample ``end`` on, the fade lying before it; None lifts it.

        Where that leaves less than the shortest fade, it is silent that much later.
        """
        self._wanted_bound = None if end is None else _Cut(end, fade_frames)

    def render(self, out: Samples) -> int:
        """Fill ``out`` and return how many of its samples belong to the play: fewer only at its end."""
        if self.ended:
            out[:] = 0
            return 0
        self._obey()
        count = self._feed.take(out)
        self._amplify(out)
        at = self.position + np.arange(len(out))
        if self.position < self._fade_in:
            out *= np.minimum(1, at / self._fade_in).astype(np.float32)
        for cut in (self._stop, self._bound):
            if cut is not None and cut.end - cut.fade < self.position + len(out):
                out *= np.clip((cut.end - at) / cut.fade, 0, 1).astype(np.float32)
        count = self._cut_short(count)
        self.position += count
        self.ended = count < len(out)
        return count

    def _amplify(self, out: Samples) -> None:
        wanted = self._wanted_gain
        if self._gain != wanted:
            reach = np.arange(1, len(out) + 1) / frames_in(SWING_MS)
            gains = np.clip(wanted, self._gain - reach, self._gain + reach)
            out *= gains.astype(np.float32)
            self._gain = float(gains[-1])
        elif wanted != 1:
            out *= np.float32(wanted)

    def _cut_short(self, count: int) -> int:
        for cut, at_boundary in ((self._stop, False), (self._bound, True)):
            if cut is not None and cut.end < self.position + count:
                count = cut.end - self.position
                self.stopped, self.at_boundary = True, at_boundary
        return count

    def _obey(self) -> None:
        """Take over what was asked since the last block: from here on it is this thread's alone."""
        if self._stop is None and (fade := self._wanted_stop) is not None:
            self._stop = self._fit(_Cut(self.position + fade, fade))
        if (bound := self._wanted_bound) is not self._seen_bound:
            self._seen_bound = bound
            self._bound = None if bound is None else self._fit(bound)

    def _fit(self, cut: _Cut) -> _Cut:
        end = max(cut.end, self.position + frames_in(SHORTEST_FADE_MS))
        return _Cut(end, max(1, min(cut.fade, end - self.position)))
