"""Real loudspeaker programs on a site of their own: a real broker and signed plans, as a hub would send them.

The benchmark holds the site's key and plays the hub's part: it puts the recordings on each node's card,
publishes plans, takes the ledgers in and acknowledges them.
"""

import hashlib
import os
import queue
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import soundfile

from edge.wire.entries import Cached, Finished, Started, read_body
from edge.wire.entry import Body
from edge.wire.errors import BadMessage
from edge.wire.house_rules import HouseRules
from edge.wire.link import Arrived, Farewell, Link
from edge.wire.messages import LedgerBatch, Stored
from edge.wire.plan import PlannedOccurrence, PlannedRecording, audience_of_node
from edge.wire.signing import SignedKind, SigningKey
from edge.wire.topics import Topics
from hub.broker import EmbeddedBroker
from hub.broker_files import broker_hash, node_account
from tests import factories as make
from tests.bench._bench import CannotRun
from tests.system.village import free_port

__all__ = ["Item", "Recording", "Speaker", "Speakers"]

ROOT = Path(__file__).resolve().parents[2]
HOST, SITE, AREA = "127.0.0.1", "bench", "ward"
SECRET = "of the benchmark only"
FAR = timedelta(days=1)


@dataclass(frozen=True)
class Recording:
    """A file in the house format, as a plan names it."""

    file: Path
    sha256: str
    planned: PlannedRecording

    @classmethod
    def of(cls, file: Path) -> "Recording":
        content = file.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        frames = soundfile.info(file).frames
        planned = PlannedRecording(sha256=sha256, bytes=len(content), duration_ms=round(frames / 48))
        return cls(file, sha256, planned)

    @property
    def length(self) -> timedelta:
        return timedelta(milliseconds=self.planned.duration_ms)


@dataclass(frozen=True)
class Item:
    """One occurrence to be."""

    id: str
    due: datetime
    recording: Recording

    def planned(self) -> PlannedOccurrence:
        return make.occurrence(
            id=self.id,
            due_at=self.due,
            recordings=(self.recording.sha256,),
            duration_ms=self.recording.planned.duration_ms,
        )


@dataclass
class Speaker:
    """A loudspeaker to be: its name, the [sound] of its settings, what its process finds around it, and the
    Python that it runs on."""

    name: str
    sound: Mapping[str, str]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    python: Path = Path(sys.executable)
    said: list[Body] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None

    def outcomes(self) -> dict[str, Finished]:
        return {entry.occurrence: entry for entry in self.said if isinstance(entry, Finished)}

    def starts(self) -> dict[str, Started]:
        return {entry.occurrence: entry for entry in self.said if isinstance(entry, Started)}


class Speakers:
    """The programs, running inside a ``with``. Their ledgers are read whenever something is waited for."""

    def __init__(self, folder: Path, speakers: Sequence[Speaker], recordings: Sequence[Recording]) -> None:
        self.all = tuple(speakers)
        self._folder = folder
        self._recordings = tuple(recordings)
        self._topics = Topics(SITE)
        self._key = SigningKey.generate()
        self._version = 0
        self._arrived: queue.SimpleQueue[Arrived] = queue.SimpleQueue()
        hashed = broker_hash(SECRET)
        self._broker = EmbeddedBroker(
            folder=folder / "broker",
            host=HOST,
            port=free_port(),
            topics=self._topics,
            accounts=lambda: [
                node_account(self._topics, one.name, areas=(AREA,), password_hash=hashed) for one in self.all
            ],
            on_fault=lambda _name, _detail, _node: None,
        )
        self._link = Link(
            self._broker.address,
            subscriptions=(self._topics.every_node("ledger"),),
            new_session=lambda: Farewell(self._topics.hub, make.hub_state(here=False).encode()),
            on_event=lambda event: self._arrived.put(event) if isinstance(event, Arrived) else None,
            keep_session=False,
        )

    def __enter__(self) -> "Speakers":
        self._broker.start()
        if not self._broker.wait_until_listening(20):
            raise CannotRun("mosquitto does not listen")
        self._link.start()
        for speaker in self.all:
            self._start(speaker)
        return self

    def __exit__(self, *_: object) -> None:
        for speaker in self.all:
            if speaker.process is not None:
                speaker.process.terminate()
        for speaker in self.all:
            if speaker.process is not None:
                with suppress(subprocess.TimeoutExpired):
                    speaker.process.wait(20)
                speaker.process.kill()
        self._link.stop()
        self._broker.stop()

    def hold_recordings(self, *, within_s: float) -> None:
        """Returns once every node has verified every recording."""
        self.plan([Item(f"far-{n}", _now() + FAR, one) for n, one in enumerate(self._recordings)])
        wanted = {one.sha256 for one in self._recordings}
        self._wait(lambda one: wanted <= _cached(one), "has verified its recordings", within_s=within_s)

    def plan(self, items: Sequence[Item]) -> None:
        """Publish a new plan of these items to every node."""
        self._version = max(self._version + 1, round(time.time() * 1000))
        for speaker in self.all:
            content = make.plan(
                site=SITE,
                aud=audience_of_node(speaker.name),
                version=self._version,
                issued_at=_now(),
                until=_now() + timedelta(days=35),
                house_rules=HouseRules(quiet=()),
                recordings=tuple(one.planned for one in self._recordings),
                occurrences=tuple(item.planned() for item in sorted(items, key=lambda item: item.due)),
            )
            token = self._key.sign(SignedKind.PLAN, content.encode())
            self._until_sent(self._topics.node(speaker.name, "plan"), token)

    def wait_until_over(self, items: Sequence[Item], *, within_s: float) -> None:
        """Returns once every node has said what became of every item."""
        wanted = {item.id for item in items}
        self._wait(lambda one: wanted <= one.outcomes().keys(), "has told its outcomes", within_s=within_s)

    def let_pass(self, seconds: float) -> None:
        """Take in what the nodes say for that long."""
        end_s = time.monotonic() + seconds
        while (left_s := end_s - time.monotonic()) > 0:
            with suppress(queue.Empty):
                self._take(self._arrived.get(timeout=left_s))

    def log_of(self, speaker: Speaker) -> str:
        return (self._folder / f"{speaker.name}.log").read_text(errors="replace")

    def _wait(self, is_met: Callable[[Speaker], bool], what: str, *, within_s: float) -> None:
        end_s = time.monotonic() + within_s
        while waiting := [one for one in self.all if not is_met(one)]:
            for one in waiting:
                if one.process is not None and one.process.poll() is not None:
                    raise CannotRun(f"{one.name} ended:\n{self.log_of(one)[-2000:]}")
            if time.monotonic() > end_s:
                tail = self.log_of(waiting[0])[-2000:]
                raise CannotRun(f"{waiting[0].name}: not within {within_s:.0f} s: {what}\n{tail}")
            self.let_pass(0.1)

    def _take(self, message: Arrived) -> None:
        name = self._topics.parse(message.topic).owner
        with suppress(BadMessage):
            batch = LedgerBatch.decode(message.payload)
            (speaker,) = (one for one in self.all if one.name == name)
            known = len(speaker.said)
            speaker.said += [
                read_body(entry.kind, entry.body) for entry in batch.entries if entry.seq > known
            ]
            answer = Stored(ledger=batch.ledger, seq=batch.entries[-1].seq)
            self._link.publish(self._topics.node(name, "stored"), answer.encode())

    def _until_sent(self, topic: str, payload: bytes) -> None:
        end_s = time.monotonic() + 20
        while not self._link.publish(topic, payload, retain=True):
            if time.monotonic() > end_s:
                raise CannotRun("the broker cannot be reached")
            time.sleep(0.05)

    def _start(self, speaker: Speaker) -> None:
        data = self._folder / speaker.name
        (data / "recordings").mkdir(parents=True)
        for one in self._recordings:
            shutil.copyfile(one.file, data / "recordings" / f"{one.sha256}.opus")
        file = self._folder / f"{speaker.name}.toml"
        file.touch(mode=0o600)
        file.write_text(self._settings(speaker), encoding="utf-8")
        with (self._folder / f"{speaker.name}.log").open("wb") as log:
            speaker.process = subprocess.Popen(
                [str(speaker.python), "-m", "edge", "speaker", "--config", str(file)],
                env={**speaker.env, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )

    def _settings(self, speaker: Speaker) -> str:
        sound = "\n".join(f'{key} = "{value}"' for key, value in speaker.sound.items())
        return f"""
[node]
site = "{SITE}"
name = "{speaker.name}"
kind = "speaker"
areas = ["{AREA}"]
data = "{self._folder / speaker.name}"
[broker]
host = "{HOST}"
port = {self._broker.address.port}
password = "{SECRET}"
[hub]
url = "http://{HOST}:9"
[keys]
site = "{self._key.public()}"
[clock]
source = "assume"
[sound]
{sound}
"""


def _cached(speaker: Speaker) -> set[str]:
    return {entry.recording for entry in speaker.said if isinstance(entry, Cached)}


def _now() -> datetime:
    return datetime.now(UTC)
