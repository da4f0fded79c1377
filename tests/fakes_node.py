"""A loudspeaker node among fakes that behave: time passes when told to, sound lasts as long as it should."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path

from edge.speaker.clips import Wanted
from edge.speaker.holdings import Holdings
from edge.speaker.inventory import Inventory
from edge.speaker.node import SpeakerNode
from edge.speaker.numbers import numbers_of
from edge.speaker.player import Player
from edge.speaker.plays import Plays
from edge.wire.base import Message
from edge.wire.link import Arrived, Connected, Lost
from edge.wire.signing import SignedKind
from tests import factories as make
from tests.fakes_parts import TOPICS, FakeParts
from tests.fakes_stage import STEP_S, FakeStage

__all__ = ["FakeClips", "FakeSounds", "Village"]


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


class Village(FakeParts):
    """One node, its broker and its evening. `boot` starts its program, again after `pull_the_plug`."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.posted: list[object] = []
        self.key = make.signing_key()

    def boot(self) -> "Village":
        self.open()
        self.stage = FakeStage(self.clock)
        self.clips = FakeClips()
        self.sounds = FakeSounds()
        self.holdings = Holdings(ledger=self.ledger, trust=self.trust, clock=self.clock)
        self.node = self._make_node()
        self.node.begin()
        self.run(0)
        return self

    def _make_node(self) -> SpeakerNode:
        held: set[str] = set()
        inventory = self._make_inventory(held)
        plays = self._make_plays()
        numbers = partial(
            numbers_of,
            holdings=self.holdings,
            inventory=inventory,
            journal=self.journal,
            faults=self.faults,
        )
        return SpeakerNode(
            self.core("speaker", output="file", numbers=numbers),
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
