"""A counter among fakes that behave: a real ledger, hands that press, a lamp to look at."""

from functools import partial
from pathlib import Path

from edge.counter.desk import Desk
from edge.counter.events import Answer, ButtonDown, ButtonUp, Touched
from edge.counter.node import CounterNode, numbers_of
from edge.counter.presses import Rules
from edge.counter.tally import Tally
from edge.counter.thanks import Thanks
from edge.pins import PinError
from edge.wire.link import Arrived, Connected
from tests import factories as make
from tests.fakes_parts import TOPICS, FakeParts

__all__ = ["Counter", "FakeSwitch"]


class FakeSwitch:
    """Something on or off; while `refuses`, it cannot be switched."""

    def __init__(self) -> None:
        self.is_on = False
        self.refuses = False

    def on(self) -> None:
        self._set(on=True)

    def off(self) -> None:
        self._set(on=False)

    def _set(self, *, on: bool) -> None:
        if self.refuses:
            raise PinError("burnt")
        self.is_on = on


class Counter(FakeParts):
    """One counter, from `boot` to `pull_the_plug`; `max_bytes` makes its disk small."""

    def __init__(self, folder: Path, *, rules: Rules | None = None, max_bytes: int | None = None) -> None:
        super().__init__(folder)
        self.rules = rules or Rules()
        self.max_bytes = max_bytes
        self.lamp = FakeSwitch()

    def boot(self) -> "Counter":
        self.open(max_bytes=self.max_bytes)
        self.tally = Tally(
            ledger=self.ledger, journal=self.journal, clock=self.clock, levels=self.rules.levels
        )
        self.desk = Desk(
            rules=self.rules,
            tally=self.tally,
            thanks=Thanks(lamp=self.lamp, sound=None, lamp_s=1.5, sound_s=0.1),
            clock=self.clock,
            faults=self.faults,
        )
        self.node = self._make_node()
        self.node.begin()
        self.node.attend()
        return self

    def pull_the_plug(self) -> None:
        """The program is gone without a word."""
        self.ledger.close()
        self.lamp.is_on = False

    def press(self, level: int, *, hold_s: float = 0.2) -> None:
        """A hand presses a button and lets it go."""
        self.down(level)
        self.run(hold_s)
        self.up(level)

    def down(self, level: int, *, at_boot: bool = False) -> None:
        self.node.handle(ButtonDown(level, self.clock.monotonic(), self.clock.now(), at_boot=at_boot))
        self.node.attend()

    def up(self, level: int) -> None:
        self.node.handle(ButtonUp(level, self.clock.monotonic()))
        self.node.attend()

    def touch(self, level: int, key: str) -> list[Answer]:
        """A face is touched; the list fills with the answers."""
        answers: list[Answer] = []
        now_s = self.clock.monotonic()
        self.node.handle(Touched(level, key, now_s, self.clock.now(), answers.append))
        self.run(0.1)
        return answers

    def run(self, seconds: float) -> None:
        """Let time pass; the node does what is due when it asked to be called."""
        end_s = self.clock.monotonic() + seconds
        while True:
            wait_s = self.node.attend()
            left_s = end_s - self.clock.monotonic()
            if left_s <= 1e-9:
                return
            self.clock.advance(min(left_s, max(wait_s, 1e-3)))

    def connect(self) -> None:
        self.link.up = True
        self.node.handle(Connected())
        self.node.attend()

    def hear(self, leaf: str, payload: bytes) -> None:
        """A message arrives on one of the node's own topics."""
        self.node.handle(Arrived(topic=TOPICS.node(make.NODE, leaf), payload=payload, retained=False))
        self.node.attend()

    def _make_node(self) -> CounterNode:
        numbers = partial(numbers_of, journal=self.journal, faults=self.faults)
        return CounterNode(
            self.core("counter", output="none", numbers=numbers),
            clock=self.clock,
            trust=self.trust,
            desk=self.desk,
        )
