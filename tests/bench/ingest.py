"""Ledger entries per second that the hub has durably stored and acknowledged, killed once in the middle.

Nodes with a long backlog hand in batches of 1,000 presses over a real mosquitto, each waiting for its answer
as a node does. `stored_per_s` is over the time in which a hub was there: from the first word to the kill, and
from the first answer of the next hub to the last. The peer gets the same messages from the same broker and
does nothing with them.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from sqlite3 import connect

from edge.wire.link import Broker, Connected, Farewell, Link, LinkEvent
from edge.wire.topics import Topics
from hub.broker import EmbeddedBroker
from hub.broker_files import broker_hash, node_account
from hub.config import load_settings
from hub.desk import open_desk
from hub.enroll import NewNode, Reach, write_hub_settings
from tests.bench._bench import CannotRun, Figure, main, need
from tests.bench._senders import BATCH, Sender, batches
from tests.system.village import free_port

HOST, SITE = "127.0.0.1", "bench"
STALLED_S = 60.0
LOOK_S = 0.02


def run(arguments: argparse.Namespace) -> list[Figure]:
    need("mosquitto", "mosquitto_sub")
    payloads = batches(arguments.batches)
    total = arguments.nodes * arguments.batches * BATCH
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as name:
        folder = Path(name)
        peer_per_s = _peer(folder / "peer", payloads, arguments.nodes)
        figures = _ours(folder / "site", payloads, arguments.nodes)
    rate = Figure(
        name="stored_per_s",
        value=figures.pop("stored_per_s"),
        unit="entries/s",
        n=total,
        peer="mosquitto_sub",
        peer_value=peer_per_s,
    )
    units = {"lost": "entries", "doubled": "entries", "back_after": "s", "overall_per_s": "entries/s"}
    return [
        rate,
        *(Figure(name=key, value=value, unit=units[key], n=total) for key, value in figures.items()),
    ]


def _ours(folder: Path, payloads: Sequence[bytes], count: int) -> dict[str, float]:
    folder.mkdir()
    files = _site(folder, count)
    senders = [Sender.of(file, payloads) for file in files]
    with ExitStack() as stack:
        hub = _serve(folder)
        stack.callback(lambda: _end(hub))  # whichever runs by then
        for sender in senders:
            stack.callback(sender.stop)
            sender.start()
        _wait(senders, hub, until=1)
        began_s, at_start = time.monotonic(), _stored(senders)
        _wait(senders, hub, until=sum(sender.last for sender in senders) // 2)
        killed_s, at_kill = time.monotonic(), _stored(senders)
        hub.send_signal(signal.SIGKILL)
        hub.wait()
        hub = _serve(folder)
        _wait(senders, hub, until=_stored(senders) + 1)
        back_s, at_return = time.monotonic(), _stored(senders)
        _wait(senders, hub, until=sum(sender.last for sender in senders))
        ended_s = max(sender.acked_at_s for sender in senders)
    working_s = (killed_s - began_s) + (ended_s - back_s)
    done = (at_kill - at_start) + (_stored(senders) - at_return)
    lost, doubled = _judge(folder / "hub" / "hub.db", senders)
    return {
        "stored_per_s": done / working_s,
        "lost": lost,
        "doubled": doubled,
        "back_after": back_s - killed_s,
        "overall_per_s": (_stored(senders) - at_start) / (ended_s - began_s),
    }


def _site(folder: Path, count: int) -> list[Path]:
    """A hub's folder with `count` counters; their settings files."""
    broker_port, port = free_port(), free_port()
    settings = folder / "hub.toml"
    content = {
        "site": {"id": SITE, "name": "Bench"},
        "hub": {"data": "hub", "host": HOST, "port": port},
        "broker": {"host": HOST, "port": broker_port},
    }
    write_hub_settings(settings, content)
    reach = Reach(broker_host=HOST, broker_port=broker_port, url=f"http://{HOST}:{port}")
    files = [folder / f"node-{number}.toml" for number in range(count)]
    with open_desk(load_settings(settings)) as desk:
        desk.enrolment.add_area(None, id_="office", name="Office")
        for number, file in enumerate(files):
            new = NewNode(id=f"counter-{number}", kind="counter", area="office")
            desk.enrolment.enroll(None, new, reach=reach, file=file)
    return files


def _serve(folder: Path) -> "subprocess.Popen[bytes]":
    log = (folder / "hub.log").open("ab")
    with log:
        return subprocess.Popen(
            [sys.executable, "-m", "hub", "serve", "--config", str(folder / "hub.toml")],
            stdout=log,
            stderr=log,
        )


def _end(hub: "subprocess.Popen[bytes]") -> None:
    hub.terminate()
    hub.wait(20)


def _wait(senders: Sequence[Sender], hub: "subprocess.Popen[bytes]", *, until: int) -> None:
    """Wait for so many acknowledged entries in all."""
    reached, moved_s = -1, time.monotonic()
    while (now := _stored(senders)) < until:
        if now > reached:
            reached, moved_s = now, time.monotonic()
        elif hub.poll() is not None:
            raise CannotRun(f"the hub ended with exit code {hub.returncode}")
        elif time.monotonic() - moved_s > STALLED_S:
            raise CannotRun(f"nothing was acknowledged for {STALLED_S:.0f} s; {now} of {until} entries are")
        for sender in senders:
            sender.push()
        time.sleep(LOOK_S)


def _stored(senders: Sequence[Sender]) -> int:
    return sum(sender.stored for sender in senders)


def _judge(file: Path, senders: Sequence[Sender]) -> tuple[int, int]:
    """What the hub's file lacks, and what stands in it more than once, by the presses' own marks."""
    lost = doubled = 0
    with connect(file) as db:
        for sender in senders:
            asked = [sender.name, str(sender.ledger)]
            wanted = {f"d-{seq}" for seq in range(1, sender.last + 1)}
            entries = db.execute(
                "SELECT json_extract(body, '$.dossier') FROM entries WHERE node = ? AND ledger = ?", asked
            ).fetchall()
            presses = db.execute(
                "SELECT dossier FROM presses WHERE node = ? AND ledger = ?", asked
            ).fetchall()
            for rows in (entries, presses):
                lost += len(wanted - {mark for (mark,) in rows})
                doubled += len(rows) - len({mark for (mark,) in rows})
    return lost, doubled


def _peer(folder: Path, payloads: Sequence[bytes], count: int) -> float:
    """Entries per second from the same broker to a subscriber that does nothing."""
    topics, secret = Topics(SITE), "of the benchmark only"
    names = [f"counter-{number}" for number in range(count)]
    hashed = broker_hash(secret)
    broker = EmbeddedBroker(
        folder=folder,
        host=HOST,
        port=free_port(),
        topics=topics,
        accounts=lambda: [node_account(topics, name, areas=(), password_hash=hashed) for name in names],
        on_fault=lambda _name, _detail, _node: None,
    )
    broker.start()
    try:
        if not broker.wait_until_listening(10):
            raise CannotRun("mosquitto does not listen")
        subscriber = _subscriber(broker, topics, messages=len(payloads) * count)
        publishers = [_Publisher(broker, topics, name, secret) for name in names]
        began_s = time.monotonic()
        for publisher in publishers:
            publisher.start(payloads)
        if subscriber.wait(120) != 0:
            raise CannotRun("mosquitto_sub did not get every message")
        took_s = time.monotonic() - began_s
        for publisher in publishers:
            publisher.stop()
    finally:
        broker.stop()
    return len(payloads) * count * BATCH / took_s


def _subscriber(broker: EmbeddedBroker, topics: Topics, *, messages: int) -> "subprocess.Popen[bytes]":
    address = broker.address
    process = subprocess.Popen(
        [
            *("mosquitto_sub", "-h", HOST, "-p", str(address.port), "-q", "1"),
            *("-i", address.user, "-u", address.user, "-P", str(address.password)),
            *("-t", topics.every_node("ledger"), "-C", str(messages)),
        ],
        stdout=subprocess.DEVNULL,
    )
    time.sleep(0.5)  # it does not say when it has subscribed
    return process


class _Publisher:
    """One client that hands the broker all it has, as fast as the broker confirms."""

    def __init__(self, broker: EmbeddedBroker, topics: Topics, name: str, secret: str) -> None:
        self._topics, self._name = topics, name
        self._payloads: Sequence[bytes] = ()
        self._link = Link(
            Broker(host=HOST, port=broker.address.port, user=name, password=secret),
            subscriptions=(),
            new_session=lambda: Farewell(topics.node(name, "state"), b""),
            on_event=self._heard,
            keep_session=False,
        )

    def start(self, payloads: Sequence[bytes]) -> None:
        self._payloads = payloads
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    def _heard(self, event: LinkEvent) -> None:
        if isinstance(event, Connected):
            for payload in self._payloads:
                self._link.publish(self._topics.node(self._name, "ledger"), payload)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=10, help="how many hand in at once; default: 10")
    parser.add_argument("--batches", type=int, default=20, help="of 1,000 entries, of each; default: 20")
    return parser


if __name__ == "__main__":
    sys.exit(main("ingest", _arguments(), run))
