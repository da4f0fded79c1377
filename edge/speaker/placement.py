"""Where a play lies in a stream of sound: its start to the very sample, the rest kept in step."""

from datetime import datetime, timedelta

import numpy as np

from edge.speaker.decoder import SAMPLE_RATE_HZ, Samples
from edge.speaker.play import Play
from edge.speaker.timeline import Timeline
from edge.speaker.track import frames_in

__all__ = ["GRACE_S", "SLIP_MS", "Placement"]

# Should the device's instants not settle, or the decoder not deliver, it starts this late rather than never.
GRACE_S = 3.0
# A stream that ran dry lags by this or more at once: what is missing is left out, so that no echo stays.
SLIP_MS = 20


class Placement:
    """Fills one stream's blocks with one play, by the callback's thread alone.

    Before the start the wall clock decides, as it is read for each block; afterwards only the steady clock
    does, so a clock that is put right during a play does not disturb it. ``first_s`` is the steady instant
    of the first sample once that is placed, ``end_s`` the instant of silence once all is rendered.
    """

    def __init__(self, play: Play) -> None:
        self._play = play
        self._frame = 0
        self.timeline = Timeline()
        self.first_s: float | None = None
        self.end_s: float | None = None
        self._first_frame = 0
        self._wall_at_0 = play.due
        self.slips = 0

    def fill(self, out: Samples, *, leaves_s: float, now_s: float, now: datetime) -> None:
        """Fill the next block, whose first sample leaves the converter at ``leaves_s`` (steady clock)."""
        self.timeline.observe(self._frame, leaves_s=leaves_s, now_s=now_s)
        start = 0 if self.first_s is not None else self._start_in(len(out), now_s=now_s, now=now)
        out[:start] = 0
        if start < len(out):
            self._keep_in_step()
            self._render(out[start:], self._frame + start)
        self._frame += len(out)

    def sounded_at(self) -> datetime:
        """When the first sample sounded, by all that the device has said until now."""
        return self._wall(self.timeline.instant_of(self._first_frame))

    def _wall(self, steady_s: float) -> datetime:
        return self._wall_at_0 + timedelta(seconds=steady_s)

    def _start_in(self, frames: int, *, now_s: float, now: datetime) -> int:
        """The sample of this block that is the play's first, or ``frames`` if none is; places the play."""
        due_s = now_s + (self._play.due - now).total_seconds()
        at = max(0, round(self.timeline.frame_at(due_s)) - self._frame)
        is_ready = self.timeline.settled and self._play.feed.is_ready
        if at >= frames or not (is_ready or now_s > due_s + GRACE_S):
            return frames
        self._first_frame = self._frame + at
        self._wall_at_0 = now - timedelta(seconds=now_s)
        first_s = self.timeline.instant_of(self._first_frame)
        if not self._play.allows(self._wall(first_s)):
            return frames
        self._play.place(self._wall(first_s))
        self.first_s = first_s
        return at

    def _render(self, out: Samples, frame: int) -> None:
        was_over = self._play.voice.ended
        count = self._play.render(out)
        if self._play.voice.ended and not was_over:
            self.end_s = self.timeline.instant_of(frame + count)

    def _keep_in_step(self) -> None:
        """Leave out what should have sounded already."""
        if self.first_s is None or not self.timeline.settled or not self._play.voice.position:
            return
        behind_s = self.timeline.instant_of(self._frame) - self.first_s
        lag = round(behind_s * SAMPLE_RATE_HZ) - self._play.voice.position
        if lag >= frames_in(SLIP_MS):
            self._play.render(np.zeros(min(lag, SAMPLE_RATE_HZ), np.float32))
            self.slips += 1
