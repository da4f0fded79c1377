"""A sound card in fake time."""

import threading

import numpy as np

from edge.speaker.device import Fill
from edge.speaker.errors import DeviceBusy
from tests.fakes_sound import FakePace

BLOCK = 480
LATENCY_S = 0.05


class CardStream:
    """An open FakeCard."""

    def __init__(self, card: "FakeCard", fill: Fill) -> None:
        self.fill = fill
        self._card = card

    @property
    def is_active(self) -> bool:
        return not self._card.is_unplugged

    def close(self) -> None:
        self._card.stream = None


class FakeCard:
    """A sound card in fake time: while time passes for who waits, it asks for what sounds in it."""

    def __init__(self) -> None:
        self.stream: CardStream | None = None
        self.fault: Exception | None = None
        self.is_unplugged = False
        self.opened_for: list[str | None] = []
        self.sound: list[np.ndarray] = []

    def open(self, device: str | None, latency_s: float, fill: Fill) -> CardStream:
        if self.fault is not None:
            raise self.fault
        if self.stream is not None:
            raise DeviceBusy("taken")
        self.opened_for.append(device)
        self.stream = CardStream(self, fill)
        return self.stream

    def ask(self) -> None:
        if self.stream is not None and not self.is_unplugged:
            out = np.full(BLOCK, np.nan, np.float32)
            self.stream.fill(out, LATENCY_S)
            self.sound.append(out)


class CardPace(FakePace):
    """Time in which the card is asking. It passes while every play's thread waits, until the first has waited
    enough."""

    def __init__(self, card: FakeCard) -> None:
        super().__init__()
        self._card = card
        self._turn = threading.Condition()
        self._wakes_s: dict[int, float] = {}

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        self._flows.wait()
        me = threading.get_ident()
        with self._turn:
            wake_s = self._wakes_s[me] = self.monotonic_s() + max(timeout_s, BLOCK / 48_000)
            while not event.is_set() and self.monotonic_s() < wake_s - 1e-6:
                if self._is_turn_of(me):
                    self.pass_by(BLOCK / 48_000)
                    self._card.ask()
                else:
                    self._turn.wait(0.001)  # a thread that works on, or ends, does not say so
            del self._wakes_s[me]
        return event.is_set()

    def _is_turn_of(self, me: int) -> bool:
        crew = [thread for thread in threading.enumerate() if thread.name.startswith("sound ")]
        return len(self._wakes_s) == len(crew) and me == min(self._wakes_s, key=lambda it: self._wakes_s[it])
