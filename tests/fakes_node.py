"""A loudspeaker node among fakes that behave: time passes when told to, sound lasts as long as it should."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from edge.clock import WallStep
from edge.clock_keeper import ClockKeeper
from edge.faults import Faults
from edge.journal import Journal
from edge.ledger import Ledger
from edge.presence import Presence, Sessions, Who
from edge.speaker.clips import Wanted
from edge.speaker.holdings import Holdings
from edge.speaker.inventory import Inventory
from edge.speaker.node import SpeakerNode
from edge.speaker.numbers import numbers_of
from edge.speaker.output import (
    Faulted,
    FaultReason,
    Finished,
    OutputEvent,
    Performance,
    Report,
    Started,
    Stopped,
)
from edge.speaker.player import Player
from edge.speaker.plays import Plays
from edge.speaker.track import Track
from edge.trust import Trust
from edge.wire.base import Message
from edge.wire.entries import Body, read_body
from edge.wire.link import Arrived, Connected, Lost
from edge.wire.signing import SignedKind
from edge.wire.topics import Topics
from tests import factories as make
from tests.fakes import FakeClock

__all__ = ["FakeClips", "FakeLink", "FakeSounds", "FakeStage", "JudgedFakeClock", "Village"]

TOPICS = Topics(make.SITE)
STEP_S = 0.05


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


@dataclass
class Act(Performance):
    """One armed track of a `FakeStage`."""

    stage: "FakeStage"
    track: Track
    play_id: str
    due: datetime
    report: Report
    started_at: datetime | None = None
    started_s: float = 0.0
    boundary_s: float | None = None
    is_over: bool = False
    volume: int | None = None

    def stop(self, *, fade_s: float = 0.03) -> None:
        if not self.is_over and not self.stage.hangs:
            self._end(Stopped(at=self.stage.clock.now(), played_ms=self.played_ms))

    def until(self, instant: datetime | None, *, fade_s: float = 0.03) -> None:
        """Counted from now on the steady clock, as a real output does: sound keeps its own time."""
        clock = self.stage.clock
        left = None if instant is None else (instant - clock.now()).total_seconds()
        self.boundary_s = None if left is None else clock.monotonic() + left

    def turn(self, volume: int) -> None:
        self.volume = volume

    @property
    def played_ms(self) -> int:
        if self.started_at is None:
            return 0
        return round((self.stage.clock.monotonic() - self.started_s) * 1000)

    def fault(self, reason: FaultReason) -> None:
        self._end(Faulted(reason, "as the test wants", at=self.stage.clock.now(), played_ms=self.played_ms))

    def pass_time(self) -> None:
        now, now_s = self.stage.clock.now(), self.stage.clock.monotonic()
        waits = self.started_at is None and now < self.due
        if self.is_over or waits or self.stage.is_busy_before(self):
            return
        if self.started_at is None:
            self.started_at = max(self.due, now - timedelta(seconds=STEP_S))
            self.started_s = now_s - (now - self.started_at).total_seconds()
            self.report(
                Started(at=self.started_at, error_ms=(self.started_at - self.due).total_seconds() * 1000)
            )
        if self.boundary_s is not None and now_s >= self.boundary_s:
            self._end(Stopped(at=now, played_ms=self.played_ms, at_boundary=True))
        elif self.played_ms >= self.stage.length_ms - self.track.start_ms:
            self._end(Finished(at=now, played_ms=self.played_ms))

    def _end(self, event: OutputEvent) -> None:
        self.is_over = True
        self.report(event)


class FakeStage:
    """An output on which every track lasts `length_ms`, one after the other; while it `hangs`, a stop has no
    effect."""

    lead_s = 1.0

    def __init__(self, clock: FakeClock, *, length_ms: int = 12_000) -> None:
        self.clock = clock
        self.length_ms = length_ms
        self.acts: list[Act] = []
        self.hangs = False
        self.is_closed = False

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Act:
        self.acts.append(Act(self, track, play_id, due, report))
        return self.acts[-1]

    def tend(self) -> float:
        return 1.0

    def close(self) -> None:
        self.is_closed = True
        for act in self.acts:
            act.is_over = True

    def pass_time(self) -> None:
        for act in self.acts:
            act.pass_time()

    def is_busy_before(self, act: Act) -> bool:
        """Whether what was armed earlier is not over yet."""
        return any(not other.is_over for other in self.acts[: self.acts.index(act)])

    @property
    def is_sounding(self) -> bool:
        return any(act.started_at is not None and not act.is_over for act in self.acts)


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
        self.stage = FakeStage(self.clock)
        self.clips = FakeClips()
        self.sounds = FakeSounds()
        held: set[str] = set()
        journal = Journal(ledger=self.ledger, clock=self.clock)
        faults = Faults(record=journal.record, ledger=self.ledger)
        trust = Trust(keyring=make.keyring(), site=make.SITE, node=make.NODE, areas=(make.AREA,))
        holdings = Holdings(ledger=self.ledger, trust=trust, clock=self.clock)
        self.holdings = holdings
        inventory = Inventory(
            clips=self.clips,
            ledger=self.ledger,
            journal=journal,
            faults=faults,
            now=self.clock.now,
            held=held,
        )
        plays = Plays(
            stage=self.stage,
            path_of=lambda sha256: self.folder / f"{sha256}.opus",
            sounds=self.sounds,
            record=journal.record,
            post=self.posted.append,
            clock=self.clock,
            settled=set(self.ledger.finished_ids(since=make.NOW - timedelta(days=400))),
        )
        numbers = partial(numbers_of, holdings=holdings, inventory=inventory, journal=journal, faults=faults)
        self.sessions = Sessions(TOPICS.node(make.NODE, "state"))
        self.presence = Presence(
            who=Who(node=make.NODE, kind="speaker", output="file", software="test", data=self.folder),
            topics=TOPICS,
            link=self.link,
            sessions=self.sessions,
            ledger=self.ledger,
            clock=self.clock,
            numbers=numbers,
        )
        self.node = SpeakerNode(
            node=make.NODE,
            software="test",
            topics=TOPICS,
            clock=self.clock,
            keeper=ClockKeeper(clock=self.clock, ledger=self.ledger, faults=faults, remember=False),
            ledger=self.ledger,
            journal=journal,
            faults=faults,
            presence=self.presence,
            holdings=holdings,
            inventory=inventory,
            stage=self.stage,
            plays=plays,
            sounds=self.sounds,
            player=Player(
                holdings=holdings,
                plays=plays,
                journal=journal,
                clock=self.clock,
                arm_s=5.0,
                lead_s=1.0,
                held=held,
            ),
        )
        self.node.begin()
        self.run(0)
        return self

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
