"""The output on a sound card (``output = "device"``).

The device is opened some seconds before a play is due, sounds silence, and is closed after it. The first
sample is placed by the device's own account of when each block leaves the converter, not by a sleep. A
device that is missing, taken or lost is a fault; no other device is ever taken instead.
"""

import logging
import threading
from datetime import datetime, timedelta

from edge.speaker.device import OpenStream, Stream, open_stream
from edge.speaker.errors import DeviceBusy, DeviceMissing
from edge.speaker.output import CLOSE_WITHIN_S, Performance, Report
from edge.speaker.pace import Pace, RealPace
from edge.speaker.placement import Placement
from edge.speaker.play import Play
from edge.speaker.samples import Samples
from edge.speaker.track import Track

__all__ = ["DeviceOutput"]

OPEN_BEFORE_S = 3.0
READY_TIMEOUT_S = 5.0
LOOK_AT_CLOCK_S = 0.5
WATCH_EVERY_S = 0.05
# A device that goes away is not announced; it only stops asking for sound.
LOST_AFTER_S = 4.0

log = logging.getLogger(__name__)


class DeviceOutput:
    """An Output on the device of exactly that name (``None``: the system's default).

    ``delay_ms`` is the fixed delay of this loudspeaker, not counted as an error. ``latency_s`` is what the
    device may buffer: more bridges a busier machine, and stop takes effect that much later.
    """

    def __init__(
        self,
        device: str | None,
        *,
        delay_ms: float = 0,
        latency_s: float = 0.1,
        pace: Pace | None = None,
        opener: OpenStream = open_stream,
    ) -> None:
        self._device = device
        self._delay = timedelta(milliseconds=delay_ms)
        self._latency_s = latency_s
        self._pace = pace or RealPace()
        self._opener = opener
        self._plays: dict[Play, threading.Thread] = {}
        self._holding: set[Play] = set()
        self._opening = threading.Lock()

    @property
    def lead_s(self) -> float:
        return OPEN_BEFORE_S + 1

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Performance:
        """See :class:`Output`; ``play_id`` only names the thread."""
        play = Play(track, due=due + self._delay, report=report, now=self._pace.utc)
        thread = threading.Thread(target=self._run, args=(play,), name=f"sound {play_id}", daemon=True)
        self._plays = {p: t for p, t in self._plays.items() if t.is_alive()} | {play: thread}
        thread.start()
        return play

    def close(self) -> None:
        for play in self._plays:
            play.stop()
        for thread in self._plays.values():
            thread.join(CLOSE_WITHIN_S)

    def _run(self, play: Play) -> None:
        play.feed.open()
        try:
            self._wait_to_open(play)
            if play.may_begin(self._pace.utc()):
                self._sound(play)
        except DeviceMissing as error:
            play.faulted("device_missing", str(error))
        except DeviceBusy as error:
            play.faulted("device_busy", str(error))
        except Exception as error:  # the top of this thread: the node must hear of it
            log.exception("device output")
            play.faulted("internal", repr(error))
        finally:
            play.feed.close()

    def _wait_to_open(self, play: Play) -> None:
        opens = play.due - timedelta(seconds=OPEN_BEFORE_S)
        play.feed.wait_ready(max(0.0, min(READY_TIMEOUT_S, (opens - self._pace.utc()).total_seconds())))
        while play.is_waiting and (left_s := (opens - self._pace.utc()).total_seconds()) > 0:
            self._pace.wait(play.nudged, min(left_s, LOOK_AT_CLOCK_S))
            play.nudged.clear()

    def _sound(self, play: Play) -> None:
        run = _Run(play, self._pace)
        stream = self._open(play, run)
        if stream is None:
            return
        try:
            run.watch(stream)
        finally:
            stream.close()
            self._holding.discard(play)
        run.conclude()

    def _open(self, play: Play, run: "_Run") -> Stream | None:
        """The open device; None if the play is over before another play of ours lets the device go."""
        while (stream := self._opened(play, run)) is None:
            self._pace.wait(play.nudged, WATCH_EVERY_S)
            play.nudged.clear()
            if not play.may_begin(self._pace.utc()):
                return None
        return stream

    def _opened(self, play: Play, run: "_Run") -> Stream | None:
        """The open device, or None if another play of ours holds it."""
        with self._opening:
            try:
                stream = self._opener(self._device, self._latency_s, run.fill)
            except DeviceBusy:
                if self._holding:
                    return None
                raise
            self._holding.add(play)
            return stream


class _Run:
    """One play on one open stream: :meth:`fill` in the device's thread, the rest in the play's."""

    def __init__(self, play: Play, pace: Pace) -> None:
        self._play = play
        self._pace = pace
        self._placement = Placement(play)
        self._asked_s = pace.monotonic_s()
        self._broken: Exception | None = None
        self._is_told = False

    def fill(self, out: Samples, leaves_in_s: float) -> None:
        now_s = self._asked_s = self._pace.monotonic_s()
        try:
            self._placement.fill(out, leaves_s=now_s + leaves_in_s, now_s=now_s, now=self._pace.utc())
        except Exception as error:  # noqa: BLE001 - the top of the device's thread; told by the play's
            out[:] = 0
            self._broken = error

    def watch(self, stream: Stream) -> None:
        """Until the play is over, stopped before its start, or lost; tells when it has started."""
        while not self._is_over(stream):
            self._tell_start()
            self._pace.wait(self._play.nudged, WATCH_EVERY_S)
            self._play.nudged.clear()

    def conclude(self) -> None:
        """Report the end. The stream is closed, so nothing changes any more."""
        self._tell_start()
        if self._broken is not None:
            raise self._broken
        if self._placement.first_s is None:
            if self._play.may_begin(self._pace.utc()):
                self._play.faulted("device_lost", "the device stopped asking for sound before the start")
        elif self._placement.end_s is None:
            self._play.faulted("device_lost", "the device stopped asking for sound during the play")
        else:
            self._play.ended()

    def _is_over(self, stream: Stream) -> bool:
        now_s = self._pace.monotonic_s()
        if self._broken is not None or now_s - self._asked_s > LOST_AFTER_S or not stream.is_active:
            return True
        if self._placement.first_s is None:
            return not self._play.allows(self._pace.utc())
        return self._placement.end_s is not None and now_s >= self._placement.end_s

    def _tell_start(self) -> None:
        first_s = self._placement.first_s
        if not self._is_told and first_s is not None and self._pace.monotonic_s() >= first_s:
            self._is_told = True
            self._play.place(self._placement.sounded_at())
            self._play.started()
