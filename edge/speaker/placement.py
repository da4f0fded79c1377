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
    """Fills its part of a stream's blocks with one play, by the device's thread alone.

    Before the start the wall clock decides, as it is read for each block; afterwards only the steady clock
    does, so a clock that is put right during a play does not disturb it. ``first_s`` is the steady instant
    for which the first sample was placed, ``end_s`` the instant of silence once all is rendered.
    """

    def __init__(self, play: Play, timeline: Timeline) -> None:
        self._play = play
        self._timeline = timeline
        self._stretch = Stretch(play.voice.render)
        self._steering = Steering()
        self._first_frame = 0
        self._wall_at_0 = play.due
        self._turn_s: float | None = None
        self.first_s: float | None = None
        self.end_s: float | None = None
        self.slips = 0

    def fill(self, out: Samples, *, begin: int, frame: int, now_s: float, now: datetime) -> int:
        """Fill the silent block that begins with sample ``frame`` of the timeline, from ``begin`` on.

        Returns from where on the block is free for the play behind this one: ``len(out)`` while this one
        sounds or has yet to.
        """
        if self.end_s is not None:
            return begin
        if self._turn_s is None:
            self._turn_s = now_s
        if self.first_s is not None:
            self._keep_in_step(self.first_s, frame, len(out) / SAMPLE_RATE_HZ)
        elif self._play.is_waiting:
            begin = self._start_in(len(out), begin, frame=frame, now_s=now_s, now=now)
        else:
            return begin
        return begin + self._render(out[begin:], frame + begin) if begin < len(out) else begin

    def sounded_at(self) -> datetime:
        """When the first sample sounded, by all that the device has said until now."""
        return self._wall(self._timeline.instant_of(self._first_frame))

    def _start_in(self, frames: int, begin: int, *, frame: int, now_s: float, now: datetime) -> int:
        """The sample of this block that is the play's first, or ``frames`` if none is; places the play."""
        due_s = now_s + (self._play.due - now).total_seconds()
        at = max(begin, round(self._timeline.frame_at(due_s)) - frame)
        if at >= frames or not self._is_ready(due_s, now_s):
            return frames
        self._wall_at_0 = now - timedelta(seconds=now_s)
        first_s = self._timeline.instant_of(frame + at)
        if not self._play.allows(self._wall(first_s)):
            return frames
        self._first_frame = frame + at
        self._play.place(self._wall(first_s))
        self.first_s = first_s
        self._steer(Steering(self._timeline.drift_ppm), behind_s=0, passed_s=0)
        return at

    def _is_ready(self, due_s: float, now_s: float) -> bool:
        since_s = max(due_s, self._turn_s or 0.0)
        is_timed = self._timeline.settled or self._play.at_once
        return (is_timed and self._play.feed.is_ready) or now_s > since_s + GRACE_S

    def _keep_in_step(self, first_s: float, frame: int, passed_s: float) -> None:
        if not self._timeline.settled:
            return
        sounded_s = self._timeline.instant_of(frame) - first_s
        behind_s = sounded_s - self._stretch.position / SAMPLE_RATE_HZ
        if behind_s >= SLIP_S:
            self._stretch.skip(behind_s * SAMPLE_RATE_HZ)
            self.slips += 1
            return
        self._steer(self._steering, behind_s=behind_s, passed_s=passed_s)

    def _steer(self, steering: Steering, *, behind_s: float, passed_s: float) -> None:
        self._steering = steering.steered(behind_s=behind_s, passed_s=passed_s)
        self._stretch.ratio = self._steering.ratio

    def _render(self, out: Samples, frame: int) -> int:
        count = self._stretch.render(out)
        if count < len(out):
            self.end_s = self._timeline.instant_of(frame + count)
        return count

    def _wall(self, steady_s: float) -> datetime:
        return self._wall_at_0 + timedelta(seconds=steady_s)
