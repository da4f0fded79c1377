"""What a node of any kind has, among fakes that behave: a real ledger, a clock and a link to look at."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from edge.clock import WallStep
from edge.clock_keeper import ClockKeeper
from edge.faults import Faults
from edge.journal import Journal
from edge.ledger import Ledger
from edge.node import Core
from edge.presence import Numbers, Presence, Sessions, Who
from edge.trust import Trust
from edge.upkeep import Upkeep
from edge.wire.entries import Body, read_body
from edge.wire.topics import Topics
from tests import factories as make
from tests.fakes import FakeClock

__all__ = ["TOPICS", "FakeLink", "FakeParts", "JudgedFakeClock", "entries_of"]

TOPICS = Topics(make.SITE)


class JudgedFakeClock(FakeClock):
    """A `FakeClock` with what a `ClockKeeper` asks of one."""

    def __init__(self) -> None:
        super().__init__(make.NOW)
        self.answers: list[datetime] = []

    def poll(self) -> WallStep | None:
        return None

    def answered(self, hub_at: datetime, *, sent_s: float, received_s: float) -> bool:
        self.answers.append(hub_at)
        return True

    def faults(self) -> tuple[str, ...]:
        return ()

    def memory(self) -> bytes | None:
        return None


class FakeLink:
    """Keeps what was published while `up`."""

    def __init__(self) -> None:
        self.up = False
        self.sent: list[tuple[str, bytes, bool]] = []

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> bool:
        if self.up:
            self.sent.append((topic, payload, retain))
        return self.up

    def payloads(self, leaf: str) -> list[bytes]:
        return [payload for topic, payload, _ in self.sent if topic == TOPICS.node(make.NODE, leaf)]


class FakeParts:
    """The parts of one node; `open` them, again after `pull_the_plug`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = JudgedFakeClock()
        self.link = FakeLink()

    def open(self, *, max_bytes: int | None = None) -> None:
        """Its program begins; `max_bytes` makes its disk small."""
        self.ledger = Ledger.open(self.folder / "ledger.db", boot="boot", max_bytes=max_bytes)
        self.journal = Journal(ledger=self.ledger, clock=self.clock)
        self.faults = Faults(record=self.journal.record, ledger=self.ledger)
        self.sessions = Sessions(TOPICS.node(make.NODE, "state"))
        self.trust = Trust(keyring=make.keyring(), site=make.SITE, node=make.NODE, areas=(make.AREA,))

    def core(
        self,
        kind: Literal["speaker", "counter"],
        *,
        output: Literal["file", "none"],
        numbers: Callable[[], Numbers],
    ) -> Core:
        self.presence = Presence(
            who=Who(node=make.NODE, kind=kind, output=output, software="test", data=self.folder),
            topics=TOPICS,
            link=self.link,
            sessions=self.sessions,
            ledger=self.ledger,
            clock=self.clock,
            numbers=numbers,
        )
        return Core(
            node=make.NODE,
            topics=TOPICS,
            keeper=ClockKeeper(clock=self.clock, ledger=self.ledger, faults=self.faults, remember=False),
            journal=self.journal,
            faults=self.faults,
            upkeep=Upkeep(
                software="test",
                ledger=self.ledger,
                journal=self.journal,
                faults=self.faults,
                clock=self.clock,
            ),
            presence=self.presence,
        )

    def entries(self, *kinds: type[Body]) -> list[Body]:
        """What the ledger says, of these kinds."""
        return entries_of(self.ledger, *kinds)


def entries_of(ledger: Ledger, *kinds: type[Body]) -> list[Body]:
    """What the ledger says, of these kinds."""
    batch = ledger.batch(0, 1_000)
    bodies = [read_body(entry.kind, entry.body) for entry in batch.entries] if batch else []
    return [body for body in bodies if not kinds or isinstance(body, kinds)]
