"""Stand-ins for the passing of time and for the loop that hears an output's reports."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import numpy as np

from edge.speaker.output import Faulted, Finished, OutputEvent, Report, Stopped
from edge.speaker.track import Feed, Track

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def due_in(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def is_near(found: datetime, wanted: datetime) -> bool:
    return abs(found - wanted) < timedelta(milliseconds=1)


class FakePace:
    """Time that passes only while someone waits, and then at once."""

    def __init__(self, start: datetime = NOON) -> None:
        self._wall = start
        self._steady_s = 1000.0
        self._hooks: list[tuple[float, Callable[[], object]]] = []
        self._flows = threading.Event()
        self._flows.set()

    def utc(self) -> datetime:
        return self._wall

    def monotonic_s(self) -> float:
        return self._steady_s

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        self._flows.wait()
        if not event.is_set():
            self.pass_by(timeout_s)
        return event.is_set()

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Time does not pass for who waits while a test arranges things."""
        self._flows.clear()
        yield
        self._flows.set()

    def pass_by(self, seconds: float) -> None:
        self._steady_s += seconds
        self._wall += timedelta(seconds=seconds)
        while self._hooks and self._hooks[0][0] <= self._steady_s:
            self._hooks.pop(0)[1]()

    def step_wall_clock(self, seconds: float) -> None:
        self._wall += timedelta(seconds=seconds)

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Have ``act`` done by the thread that waits, once that much time has passed."""
        self._hooks.append((self._steady_s + seconds, act))
        self._hooks.sort(key=lambda hook: hook[0])


class Reports:
    """What an output reported, and waiting for the end of it."""

    def __init__(self) -> None:
        self.events: list[OutputEvent] = []
        self._ended = threading.Event()

    def __call__(self, event: OutputEvent) -> None:
        self.events.append(event)
        if isinstance(event, Finished | Stopped | Faulted):
            self._ended.set()

    def until_end(self, timeout_s: float = 60) -> list[OutputEvent]:
        assert self._ended.wait(timeout_s), f"no end was reported, only {self.events}"
        return self.events


class HeldPace(FakePace):
    """Time that a test moves; who waits on an event waits for it alone."""

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        return event.wait()


class FakePerformance:
    """What a :class:`FakeOutput` armed; the test makes it start and end with ``hear``."""

    def __init__(self, track: Track, *, play_id: str, due: datetime, report: Report) -> None:
        self.track = track
        self.play_id = play_id
        self.due = due
        self.hear = report
        self.stopped = False
        self.volume = track.volume
        self.boundary: datetime | None = None

    def stop(self, *, fade_s: float = 0.03) -> None:
        self.stopped = True

    def until(self, instant: datetime | None, *, fade_s: float = 0.03) -> None:
        self.boundary = instant

    def turn(self, volume: int) -> None:
        self.volume = volume


class FakeOutput:
    """An Output that only remembers what was armed."""

    lead_s = 2.0

    def __init__(self) -> None:
        self.armed: list[FakePerformance] = []
        self.closed = False

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> FakePerformance:
        self.armed.append(FakePerformance(track, play_id=play_id, due=due, report=report))
        return self.armed[-1]

    def close(self) -> None:
        self.closed = True


class LevelFeed(Feed):
    """A feed of so many ones, at hand at once: every fade can be read off."""

    def __init__(self, frames: int) -> None:
        super().__init__(Track(files=()))
        self._left = frames
        self._ready.set()

    def take(self, out: np.ndarray) -> int:
        count = min(self._left, len(out))
        out[:count], out[count:] = 1, 0
        self._left -= count
        return count
