"""The output on a sound card (``output = "device"``).

The device is opened some seconds before a play is due, sounds silence, and is closed after it; plays that
follow each other closely share it. The first sample is placed by the device's own account of when each block
leaves the converter, not by a sleep. A device that is missing, taken or lost is a fault; no other device is
ever taken instead.
"""

import logging
import threading
from datetime import datetime, timedelta

from edge.speaker.device import OpenStream, open_stream
from edge.speaker.errors import DeviceBusy, DeviceMissing
from edge.speaker.line import Line
from edge.speaker.output import CLOSE_WITHIN_S, Performance, Report
from edge.speaker.pace import Pace, RealPace
from edge.speaker.placement import Placement
from edge.speaker.play import Play
from edge.speaker.track import Track

__all__ = ["DeviceOutput"]

# A sound server tells a new stream wrong instants for some ten seconds; by the start most are to be good.
OPEN_BEFORE_S = 40.0
LEAD_S = 2.0
READY_TIMEOUT_S = 5.0
AT_ONCE_READY_S = 0.5
LOOK_AT_CLOCK_S = 0.5
OPEN_AGAIN_S = 1.0
WATCH_EVERY_S = 0.05

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
        self._line: Line | None = None
        self._joining = threading.Lock()
        self._armed = 0
        self._drift_ppm = 0.0

    @property
    def lead_s(self) -> float:
        return LEAD_S

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Performance:
        """See :class:`Output`; ``play_id`` only names the thread."""
        play = Play(track, due=due + self._delay, report=report, now=self._pace.utc)
        self._armed += 1
        run = (play, self._armed)
        thread = threading.Thread(target=self._run, args=run, name=f"sound {play_id}", daemon=True)
        self._plays = {p: t for p, t in self._plays.items() if t.is_alive()} | {play: thread}
        thread.start()
        return play

    def close(self) -> None:
        for play in self._plays:
            play.stop()
        for thread in self._plays.values():
            thread.join(CLOSE_WITHIN_S)

    def _run(self, play: Play, number: int) -> None:
        play.feed.open()
        try:
            self._wait_to_open(play)
            while (joined := self._join_in_time(play, number)) is not None:
                if self._sound(play, number, *joined):
                    break
                self._pace.wait(play.nudged, OPEN_AGAIN_S)
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
        # A device fills its buffer the moment it is open: what is to sound at once has to be there by then.
        least_s = AT_ONCE_READY_S if play.at_once else 0.0
        wait_s = (opens - self._pace.utc()).total_seconds()
        play.feed.wait_ready(max(least_s, min(READY_TIMEOUT_S, wait_s)))
        while play.is_waiting and (left_s := (opens - self._pace.utc()).total_seconds()) > 0:
            self._pace.wait(play.nudged, min(left_s, LOOK_AT_CLOCK_S))
            play.nudged.clear()

    def _join_in_time(self, play: Play, number: int) -> tuple[Line, Placement] | None:
        """A place on the line; a device that cannot be had so long before is asked for again while there is
        time. None when the play ended meanwhile."""
        while play.may_begin(self._pace.utc()):
            try:
                return self._join(play, number)
            except (DeviceMissing, DeviceBusy):
                if (left_s := self._left_s(play)) <= 0:
                    raise
                self._pace.wait(play.nudged, min(left_s, OPEN_AGAIN_S))
                play.nudged.clear()
        return None

    def _sound(self, play: Play, number: int, line: Line, placement: Placement) -> bool:
        """Whether that settled it: a device lost so long before the start is to be opened again."""
        run = _Run(play, placement, line, self._pace)
        try:
            run.watch()
        finally:
            self._leave(line, number)
        if line.is_lost and line.broken is None and placement.first_s is None and self._left_s(play) > 0:
            return False
        run.conclude()
        return True

    def _left_s(self, play: Play) -> float:
        """How long there is to have the device."""
        return (play.due - self._pace.utc()).total_seconds() - LEAD_S

    def _join(self, play: Play, number: int) -> tuple[Line, Placement]:
        """A place on the line, which is opened for the first to come."""
        with self._joining:
            line = self._line
            if line is None or line.is_lost:
                line = Line(self._pace, drift_ppm=self._drift_ppm)
            placement = line.join(play, number=number)
            if line.stream is None:
                line.stream = self._opener(self._device, self._latency_s, line.fill)
            self._line = line
            return line, placement

    def _leave(self, line: Line, number: int) -> None:
        """The last to go closes the line."""
        with self._joining:
            self._drift_ppm = line.drift_ppm
            if line.leave(number):
                if self._line is line:
                    self._line = None
                if line.stream is not None:
                    line.stream.close()


class _Run:
    """One play on the line, as its own thread watches it."""

    def __init__(self, play: Play, placement: Placement, line: Line, pace: Pace) -> None:
        self._play = play
        self._placement = placement
        self._line = line
        self._pace = pace
        self._is_told = False

    def watch(self) -> None:
        """Until the play is over, stopped before its start, or lost; tells when it has started."""
        while not self._is_over():
            self._tell_start()
            self._pace.wait(self._play.nudged, self._next_s())
            self._play.nudged.clear()

    def conclude(self) -> None:
        """Report the end. The play is off the line, so nothing changes any more."""
        self._tell_start()
        if self._line.broken is not None:
            raise self._line.broken
        if self._placement.first_s is None:
            if self._play.may_begin(self._pace.utc()):
                self._play.faulted("device_lost", "the device stopped asking for sound before the start")
        elif self._placement.end_s is None:
            self._play.faulted("device_lost", "the device stopped asking for sound during the play")
        else:
            self._play.ended()

    def _is_over(self) -> bool:
        if self._line.is_lost:
            return True
        if self._placement.first_s is None:
            return not self._play.allows(self._pace.utc())
        return self._placement.end_s is not None and self._pace.monotonic_s() >= self._placement.end_s

    def _next_s(self) -> float:
        """How long to wait, at most, for the next thing to be told."""
        told = self._placement.end_s if self._is_told else self._placement.first_s
        if told is None:
            return WATCH_EVERY_S
        return max(0.0, min(WATCH_EVERY_S, told - self._pace.monotonic_s()))

    def _tell_start(self) -> None:
        first_s = self._placement.first_s
        if not self._is_told and first_s is not None and self._pace.monotonic_s() >= first_s:
            self._is_told = True
            self._play.place(self._placement.sounded_at())
            self._play.started()
