"""The device while it is open: one stream of sound, and the plays on it one after the other."""

from edge.speaker.device import Stream
from edge.speaker.pace import Pace
from edge.speaker.placement import Placement
from edge.speaker.play import Play
from edge.speaker.samples import Samples
from edge.speaker.timeline import Timeline

__all__ = ["Line"]

# A device that goes away is not announced; it only stops asking for sound.
LOST_AFTER_S = 4.0


class Line:
    """:meth:`fill` is for the device's thread; those who join and leave do so one at a time.

    What is known of the device's clock serves every play: one that joins while another sounds can follow it
    with the very next sample.
    """

    def __init__(self, pace: Pace, *, drift_ppm: float = 0.0) -> None:
        self._pace = pace
        self._timeline = Timeline(drift_ppm=drift_ppm)
        self._frame = 0
        self._asked_s = pace.monotonic_s()
        self._placements: dict[int, Placement] = {}
        self.stream: Stream | None = None
        self.broken: Exception | None = None

    def join(self, play: Play, *, number: int) -> Placement:
        """The place of a play, behind those with lower numbers."""
        placement = Placement(play, self._timeline)
        self._placements = dict(sorted({**self._placements, number: placement}.items()))
        return placement

    def leave(self, number: int) -> bool:
        """Sound this play no more; tells whether the line is empty now."""
        self._placements = {key: other for key, other in self._placements.items() if key != number}
        return not self._placements

    @property
    def drift_ppm(self) -> float:
        """How much slower than the clock the device runs, as far as is known by now."""
        return self._timeline.drift_ppm

    @property
    def is_lost(self) -> bool:
        """Whether no more sound will be asked for."""
        if self.broken is not None or self._pace.monotonic_s() - self._asked_s > LOST_AFTER_S:
            return True
        return self.stream is not None and not self.stream.is_active

    def fill(self, out: Samples, leaves_in_s: float) -> None:
        """Fill the next block, whose first sample leaves the converter so many seconds from now."""
        now_s = self._asked_s = self._pace.monotonic_s()
        out[:] = 0
        try:
            self._fill(out, leaves_s=now_s + leaves_in_s, now_s=now_s)
        except Exception as error:  # noqa: BLE001 - the top of the device's thread; told by the plays'
            out[:] = 0
            self.broken = error

    def _fill(self, out: Samples, *, leaves_s: float, now_s: float) -> None:
        now = self._pace.utc()
        self._timeline.observe(self._frame, leaves_s=leaves_s, now_s=now_s)
        begin = 0
        for placement in self._placements.values():
            begin = placement.fill(out, begin=begin, frame=self._frame, now_s=now_s, now=now)
            if begin == len(out):
                break
        self._frame += len(out)
