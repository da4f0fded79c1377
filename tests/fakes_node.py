"""A loudspeaker node among fakes that behave: time passes when told to, sound lasts as long as it should."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from edge.clock import WallStep
from edge.clock_keeper import ClockKeeper
from edge.faults import Faults
from edge.journal import Journal
from edge.ledger import Ledger
from edge.node import Core
from edge.presence import Presence, Sessions, Who
from edge.speaker.clips import Wanted
from edge.speaker.holdings import Holdings
from edge.speaker.inventory import Inventory
from edge.speaker.node import SpeakerNode
from edge.speaker.numbers import numbers_of
from edge.speaker.player import Player
from edge.speaker.plays import Plays
from edge.trust import Trust
from edge.upkeep import Upkeep
from edge.wire.base import Message
from edge.wire.entries import Body, read_body
from edge.wire.link import Arrived, Connected, Lost
from edge.wire.signing import SignedKind
from edge.wire.topics import Topics
from tests import factories as make
from tests.fakes import FakeClock
from tests.fakes_stage import STEP_S, FakeStage

__all__ = ["TOPICS", "FakeClips", "FakeLink", "FakeSounds", "JudgedFakeClock", "Village"]

TOPICS = Topics(make.SITE)


def core_of(
    *, ledger: Ledger, journal: Journal, faults: Faults, clock: "JudgedFakeClock", presence: Presence
) -> Core:
    """The parts that a node of any kind has."""
    return Core(
        node=make.NODE,
        topics=TOPICS,
        keeper=ClockKeeper(clock=clock, ledger=ledger, faults=faults, remember=False),
        journal=journal,
        faults=faults,
        upkeep=Upkeep(software="test", ledger=ledger, journal=journal, faults=faults, clock=clock),
        presence=presence,
    )


class JudgedFakeClock(FakeClock):
    """A `FakeClock` with what a `ClockKeeper` asks of one."""

    def __init__(self) -> None:
        super().__init__(make.NOW)
        self.answers: list[datetime] = []

    def poll(self) -> WallStep | None:
        return None

    def answered(self, hub_at: datetime, *, sent_s: float, received_s: float) -> None:
        self.answers.append(hub_at)

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


class FakeClips:
    """Notes what the node asks of its recordings."""

    def __init__(self) -> None:
        self.wanted: list[Wanted] = []
        self.doubted: list[str] = []
        self.hurries = 0

    def want(self, wanted: Iterable[Wanted]) -> None:
        self.wanted = list(wanted)

    def hurry(self) -> None:
        self.hurries += 1

    def suspect(self, sha256: str) -> None:
        self.doubted.append(sha256)


class FakeSounds:
    """Keeps every sound."""

    def __init__(self) -> None:
        self.offered: list[str] = []
        self.hurries = 0

    def is_kept(self, occurrence: str) -> bool:
        return True

    def finished(self, occurrence: str) -> None:
        self.offered.append(occurrence)

    def hurry(self) -> None:
        self.hurries += 1


class Village:
    """One node, its broker and its evening. `boot` starts its program, again after `pull_the_plug`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = JudgedFakeClock()
        self.link = FakeLink()
        self.posted: list[object] = []
        self.key = make.signing_key()

    def boot(self) -> "Village":
        self.ledger = Ledger.open(self.folder / "ledger.db", boot="boot")
        self.journal = Journal(ledger=self.ledger, clock=self.clock)
        self.faults = Faults(record=self.journal.record, ledger=self.ledger)
        self.stage = FakeStage(self.clock)
        self.clips = FakeClips()
        self.sounds = FakeSounds()
        trust = Trust(keyring=make.keyring(), site=make.SITE, node=make.NODE, areas=(make.AREA,))
        self.holdings = Holdings(ledger=self.ledger, trust=trust, clock=self.clock)
        self.sessions = Sessions(TOPICS.node(make.NODE, "state"))
        self.node = self._make_node()
        self.node.begin()
        self.run(0)
        return self

    def _make_node(self) -> SpeakerNode:
        held: set[str] = set()
        inventory = self._make_inventory(held)
        plays = self._make_plays()
        self.presence = self._make_presence(inventory)
        return SpeakerNode(
            core_of(
                ledger=self.ledger,
                journal=self.journal,
                faults=self.faults,
                clock=self.clock,
                presence=self.presence,
            ),
            ledger=self.ledger,
            holdings=self.holdings,
            inventory=inventory,
            stage=self.stage,
            plays=plays,
            sounds=self.sounds,
            player=self._make_player(plays, held),
        )

    def _make_inventory(self, held: set[str]) -> Inventory:
        return Inventory(
            clips=self.clips,
            ledger=self.ledger,
            journal=self.journal,
            faults=self.faults,
            now=self.clock.now,
            held=held,
        )

    def _make_plays(self) -> Plays:
        return Plays(
            stage=self.stage,
            path_of=lambda sha256: self.folder / f"{sha256}.opus",
            sounds=self.sounds,
            record=self.journal.record,
            post=self.posted.append,
            clock=self.clock,
            settled=set(self.ledger.finished_ids(since=make.NOW - timedelta(days=400))),
        )

    def _make_presence(self, inventory: Inventory) -> Presence:
        numbers = partial(
            numbers_of,
            holdings=self.holdings,
            inventory=inventory,
            journal=self.journal,
            faults=self.faults,
        )
        return Presence(
            who=Who(node=make.NODE, kind="speaker", output="file", software="test", data=self.folder),
            topics=TOPICS,
            link=self.link,
            sessions=self.sessions,
            ledger=self.ledger,
            clock=self.clock,
            numbers=numbers,
        )

    def _make_player(self, plays: Plays, held: set[str]) -> Player:
        return Player(
            holdings=self.holdings,
            plays=plays,
            journal=self.journal,
            clock=self.clock,
            arm_s=5.0,
            lead_s=1.0,
            held=held,
        )

    def pull_the_plug(self) -> None:
        """The program is gone without a word."""
        self.ledger.close()
        self.posted.clear()
        self.link.up = False

    def connect(self) -> None:
        self.sessions.new()
        self.link.up = True
        self.tell(Connected())

    def disconnect(self) -> None:
        self.link.up = False
        self.tell(Lost("cut"))

    def tell(self, event: object) -> None:
        self.node.handle(event)
        self.run(0)

    def hear(self, leaf: str, payload: bytes) -> None:
        """A message arrives on one of the node's own topics."""
        self.tell(Arrived(topic=TOPICS.node(make.NODE, leaf), payload=payload, retained=False))

    def order(self, **changes: object) -> bytes:
        """An order to all arrives; returns it as it was sent."""
        token = self.signed(SignedKind.ORDER, make.order(**{"issued_at": self.clock.now()} | changes))
        self.tell(Arrived(topic=TOPICS.order_all, payload=token, retained=False))
        return token

    def signed(self, kind: SignedKind, message: Message) -> bytes:
        return self.key.sign(kind, message.encode())

    def plan(self, **changes: object) -> None:
        self.hear("plan", self.signed(SignedKind.PLAN, make.plan(**changes)))

    def standing(self, **changes: object) -> None:
        self.hear("standing", self.signed(SignedKind.STANDING, make.standing(**changes)))

    def run(self, seconds: float) -> None:
        """Let time pass; everyone does what is due."""
        end_s = self.clock.monotonic() + seconds
        while True:
            wait_s = self._settle()
            left_s = end_s - self.clock.monotonic()
            if left_s <= 1e-9:
                return
            self.clock.advance(min(left_s, max(wait_s, 1e-3), STEP_S if self.stage.is_sounding else left_s))

    def _settle(self) -> float:
        for _ in range(100):
            self.stage.pass_time()
            events, self.posted[:] = list(self.posted), []
            for event in events:
                self.node.handle(event)
            wait_s = self.node.attend()
            if not self.posted and wait_s > 0:
                return wait_s
        raise AssertionError("the node does not come to rest")

    def entries(self, *kinds: type[Body]) -> list[Body]:
        """What the ledger says, of these kinds."""
        batch = self.ledger.batch(0, 1_000)
        bodies = [read_body(entry.kind, entry.body) for entry in batch.entries] if batch else []
        return [body for body in bodies if not kinds or isinstance(body, kinds)]
