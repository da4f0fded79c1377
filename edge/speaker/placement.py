"""Where a play lies in a stream of sound: its start to the very sample, the rest in step with the clock."""

from datetime import datetime, timedelta

from edge.speaker.play import Play
from edge.speaker.samples import SAMPLE_RATE_HZ, Samples
from edge.speaker.steering import Steering
from edge.speaker.stretch import Stretch
from edge.speaker.timeline import Timeline

__all__ = ["GRACE_S", "SLIP_S", "Placement"]

# Should the device's instants not settle, or the decoder not deliver, it starts this late rather than never.
GRACE_S = 3.0
# A stream that ran dry lags by this or more at once: what is missing is left out, so that no echo stays.
SLIP_S = 0.02


class Placement:
    """Fills one stream's blocks with one play, by the callback's thread alone.

    Before the start the wall clock decides, as it is read for each block; afterwards only the steady clock
    does, so a clock that is put right during a play does not disturb it. ``first_s`` is the steady instant
    for which the first sample was placed, ``end_s`` the instant of silence once all is rendered.
    """

    def __init__(self, play: Play) -> None:
        self._play = play
        self._timeline = Timeline()
        self._stretch = Stretch(play.voice.render)
        self._steering = Steering()
        self._frame = 0
        self._first_frame = 0
        self._wall_at_0 = play.due
        self._opened_s: float | None = None
        self.first_s: float | None = None
        self.end_s: float | None = None
        self.slips = 0

    def fill(self, out: Samples, *, leaves_s: float, now_s: float, now: datetime) -> None:
        """Fill the next block, whose first sample leaves the converter at ``leaves_s`` (steady clock)."""
        if self._opened_s is None:
            self._opened_s = now_s
        self._timeline.observe(self._frame, leaves_s=leaves_s, now_s=now_s)
        start = 0
        if self.first_s is not None:
            self._keep_in_step(self.first_s, len(out) / SAMPLE_RATE_HZ)
        else:
            start = self._start_in(len(out), now_s=now_s, now=now)
        out[:start] = 0
        if start < len(out):
            self._render(out[start:], self._frame + start)
        self._frame += len(out)

    @property
    def drift_ppm(self) -> float:
        """How much slower than the clock the device runs, as far as is known."""
        return self._steering.drift_ppm

    def sounded_at(self) -> datetime:
        """When the first sample sounded, by all that the device has said until now."""
        return self._wall(self._timeline.instant_of(self._first_frame))

    def _start_in(self, frames: int, *, now_s: float, now: datetime) -> int:
        """The sample of this block that is the play's first, or ``frames`` if none is; places the play."""
        due_s = now_s + (self._play.due - now).total_seconds()
        at = max(0, round(self._timeline.frame_at(due_s)) - self._frame)
        if at >= frames or not self._is_ready(due_s, now_s):
            return frames
        self._first_frame = self._frame + at
        self._wall_at_0 = now - timedelta(seconds=now_s)
        first_s = self._timeline.instant_of(self._first_frame)
        if not self._play.allows(self._wall(first_s)):
            return frames
        self._play.place(self._wall(first_s))
        self.first_s = first_s
        return at

    def _is_ready(self, due_s: float, now_s: float) -> bool:
        since_s = max(due_s, self._opened_s or 0.0)
        is_timed = self._timeline.settled or self._play.at_once
        return (is_timed and self._play.feed.is_ready) or now_s > since_s + GRACE_S

    def _keep_in_step(self, first_s: float, passed_s: float) -> None:
        if not self._timeline.settled:
            return
        sounded_s = self._timeline.instant_of(self._frame) - first_s
        behind_s = sounded_s - self._stretch.position / SAMPLE_RATE_HZ
        if behind_s >= SLIP_S:
            self._stretch.skip(behind_s * SAMPLE_RATE_HZ)
            self.slips += 1
            return
        self._steering = self._steering.steered(behind_s=behind_s, passed_s=passed_s)
        self._stretch.ratio = self._steering.ratio

    def _render(self, out: Samples, frame: int) -> None:
        count = self._stretch.render(out)
        if count < len(out) and self.end_s is None:
            self.end_s = self._timeline.instant_of(frame + count)

    def _wall(self, steady_s: float) -> datetime:
        return self._wall_at_0 + timedelta(seconds=steady_s)
