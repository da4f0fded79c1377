"""One armed track, as far as every output treats it alike: its wishes, its instants and what it reports."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from edge.speaker.output import (
    STOP_FADE_S,
    Faulted,
    FaultReason,
    Finished,
    OutputEvent,
    Report,
    Started,
    Stopped,
)
from edge.speaker.samples import SAMPLE_RATE_HZ, frames_in
from edge.speaker.track import Feed, Track, gain_of
from edge.speaker.voice import Voice

__all__ = ["Play", "utc_now"]

MILLISECOND = timedelta(milliseconds=1)


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


class Play:
    """A Performance; what is not part of that is for the output's thread.

    The output renders samples and says when the first one sounds; from then on ``first_sample`` and the count
    of samples give every other instant. ``nudged`` is set when a wish came in.
    """

    def __init__(
        self, track: Track, *, due: datetime, report: Report, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._report = report
        self._now = now
        self._lock = threading.Lock()
        self._boundary: tuple[datetime, float] | None = None
        self._over = False
        self._started: Started | None = None
        self._silenced = False
        self.due = due
        self.at_once = track.at_once
        self.first_sample: datetime | None = None
        self.feed = Feed(track)
        self.voice = Voice(self.feed, fade_in=track.start_ms > 0, gain=gain_of(track.volume))
        self.nudged = threading.Event()

    def stop(self, *, fade_s: float = STOP_FADE_S) -> None:
        self.voice.stop(fade_frames=round(fade_s * SAMPLE_RATE_HZ))
        self._silenced = True
        self.nudged.set()

    def until(self, instant: datetime | None, *, fade_s: float = STOP_FADE_S) -> None:
        self._boundary = None if instant is None else (instant, fade_s)
        self._place_boundary()
        self.nudged.set()

    def turn(self, volume: int) -> None:
        self.voice.turn(gain_of(volume))

    @property
    def played_ms(self) -> int:
        return round(self.voice.position * 1000 / SAMPLE_RATE_HZ)

    @property
    def is_over(self) -> bool:
        """Whether the end has been reported."""
        return self._over

    @property
    def is_waiting(self) -> bool:
        """Whether there is still something to wait for before the start."""
        return not self._silenced and self.feed.error is None

    def allows(self, at: datetime) -> bool:
        """Whether it may sound at ``at``, as far as is known now."""
        return self.is_waiting and (self._boundary is None or at < self._boundary[0])

    def may_begin(self, at: datetime) -> bool:
        """Whether it may still sound at ``at``; if not, that is reported and the play is over."""
        if self.feed.error is not None:
            self.faulted("unplayable", str(self.feed.error))
        elif self._silenced:
            self._end(Stopped(at=self._now(), played_ms=0))
        elif self._boundary is not None and at >= self._boundary[0]:
            self._end(Stopped(at=self._now(), played_ms=0, at_boundary=True))
        return not self._over

    def place(self, first_sample: datetime) -> None:
        """Fix the instant at which sample 0 sounds."""
        self.first_sample = first_sample
        self._started = Started(at=first_sample, error_ms=(first_sample - self.due) / MILLISECOND)
        self._place_boundary()

    def started(self) -> None:
        """Report that sample 0 has sounded where it was placed."""
        if self._started is not None:
            self._report(self._started)

    def ended(self) -> None:
        """Report the end that the voice came to by itself."""
        at = self._sample_instant(self.voice.position)
        if self.feed.error is not None:
            self._end(Faulted("unplayable", str(self.feed.error), at=at, played_ms=self.played_ms))
        elif self.voice.stopped:
            self._end(Stopped(at=at, played_ms=self.played_ms, at_boundary=self.voice.at_boundary))
        else:
            self._end(Finished(at=at, played_ms=self.played_ms))

    def faulted(self, reason: FaultReason, detail: str) -> None:
        self._end(Faulted(reason, detail, at=self._now(), played_ms=self.played_ms))

    def _sample_instant(self, frame: int) -> datetime:
        if self.first_sample is None:
            return self._now()
        return self.first_sample + timedelta(seconds=frame / SAMPLE_RATE_HZ)

    def _place_boundary(self) -> None:
        boundary, first = self._boundary, self.first_sample
        if boundary is None:
            self.voice.bound(None, fade_frames=1)
        elif first is not None:
            instant, fade_s = boundary
            end = frames_in((instant - first) / MILLISECOND)
            self.voice.bound(end, fade_frames=round(fade_s * SAMPLE_RATE_HZ))

    def _end(self, event: OutputEvent) -> None:
        with self._lock:
            if self._over:
                return
            self._over = True
        self._report(event)
