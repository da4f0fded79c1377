"""The output that needs no sound card (``output = "file"``): each play becomes a WAV file, in real time.

It behaves as a loudspeaker would: it waits for the due instant, takes as long as the sound takes, and obeys
stop and boundary on the way. A file holds what sounded from the first sample on, without the silence before.
"""

import logging
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from edge.speaker.kept import PLAY_ID, KeptSound, SoundRing, sound_of
from edge.speaker.output import CLOSE_WITHIN_S, Performance, Report
from edge.speaker.pace import Pace, RealPace
from edge.speaker.play import Play
from edge.speaker.samples import SAMPLE_RATE_HZ, Samples, frames_in
from edge.speaker.track import Track

__all__ = ["RingOutput"]

STEP_FRAMES = frames_in(20)
READY_TIMEOUT_S = 5.0
# A wall clock that jumps is noticed this soon while waiting for the due instant.
LOOK_AT_CLOCK_S = 0.5

log = logging.getLogger(__name__)


class RingOutput:
    """An Output into ``folder``, made if missing (OSError if it cannot be), of at most ``limit_bytes``.

    A play longer than the whole ring sounds to its end, but only its beginning is kept. Every play starts
    ``delay_ms`` after it is due (the fixed delay of a distant loudspeaker), which is not counted as an error.
    """

    def __init__(
        self, folder: Path, *, limit_bytes: int, delay_ms: float = 0, pace: Pace | None = None
    ) -> None:
        self._folder = folder
        self._ring = SoundRing(folder, limit_bytes=limit_bytes)
        self._delay = timedelta(milliseconds=delay_ms)
        self._pace = pace or RealPace()
        self._plays: dict[Play, threading.Thread] = {}

    @property
    def lead_s(self) -> float:
        return 1.0

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Performance:
        """See :class:`Output`. ValueError if ``play_id`` is not one a file can be named by."""
        if not PLAY_ID.fullmatch(play_id):
            raise ValueError(f"play id: wanted {PLAY_ID.pattern}, found {play_id!r}")
        play = Play(track, due=due + self._delay, report=report, now=self._pace.utc)
        before = tuple(self._plays)
        thread = threading.Thread(
            target=self._run, args=(play, play_id, before), name=f"ring {play_id}", daemon=True
        )
        self._plays = {p: t for p, t in self._plays.items() if t.is_alive()} | {play: thread}
        thread.start()
        return play

    def sound_of(self, play_id: str) -> KeptSound | None:
        """What the ring still holds of a play."""
        return sound_of(self._folder, play_id)

    def close(self) -> None:
        for play in self._plays:
            play.stop()
        for thread in self._plays.values():
            thread.join(CLOSE_WITHIN_S)

    def _run(self, play: Play, play_id: str, before: tuple[Play, ...]) -> None:
        play.feed.open()
        try:
            self._sound(play, play_id, before)
        except OSError as error:
            play.faulted("storage", str(error))
        except Exception as error:  # the top of this thread: the node must hear of it
            log.exception("file output")
            play.faulted("internal", repr(error))
        finally:
            for other in self._plays:
                other.nudged.set()
            play.feed.close()

    def _sound(self, play: Play, play_id: str, before: tuple[Play, ...]) -> None:
        play.feed.wait_ready(READY_TIMEOUT_S)
        self._wait_until_due(play)
        self._wait_for_end(play, before)
        begun_s, first_sample = self._pace.monotonic_s(), self._pace.utc()
        if not play.may_begin(first_sample):
            return
        play.place(first_sample)
        with self._ring.begin(play_id, first_sample) as wav:
            play.started()
            for block in self._in_real_time(play, begun_s):
                self._ring.keep(wav, block)
        play.ended()

    def _wait_until_due(self, play: Play) -> None:
        while play.is_waiting and (left_s := (play.due - self._pace.utc()).total_seconds()) > 0:
            self._pace.wait(play.nudged, min(left_s, LOOK_AT_CLOCK_S))
            play.nudged.clear()

    def _wait_for_end(self, play: Play, before: tuple[Play, ...]) -> None:
        while play.is_waiting and not all(other.is_over for other in before):
            self._pace.wait(play.nudged, LOOK_AT_CLOCK_S)
            play.nudged.clear()

    def _in_real_time(self, play: Play, begun_s: float) -> Iterator[Samples]:
        nothing = threading.Event()
        while not play.voice.ended:
            out: Samples = np.zeros(STEP_FRAMES, np.float32)
            count = play.voice.render(out)
            yield out[:count]
            sounded_s = begun_s + play.voice.position / SAMPLE_RATE_HZ
            self._pace.wait(nothing, max(0.0, sounded_s - self._pace.monotonic_s()))
