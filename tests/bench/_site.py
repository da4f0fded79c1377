"""A site for benchmarks: hub and broker as processes of their own, loudspeakers enrolled, a token."""

import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Any

import httpx

from edge.wire.link import Broker, Connected, Farewell, Link
from edge.wire.topics import Topics
from hub.broker import EmbeddedBroker
from hub.broker_files import Account, broker_hash, node_account
from hub.config import load_settings
from hub.desk import Desk, open_desk
from hub.enroll import NewNode, Reach, write_hub_settings
from hub.people.roles import Actor, Role
from tests.bench._bench import CannotRun
from tests.system.village import free_port

__all__ = ["AREA", "CROWD", "HOST", "TOPICS", "Site", "peer_of", "running_site", "serving", "wait_for"]

HOST = "127.0.0.1"
AREA, CROWD = "square", "crowd"
TOPICS = Topics("bench")
ROOT = Path(__file__).resolve().parents[2]

_PEER, _SECRET = "peer", "of the benchmark only"
_PASSWORD = "hoa sen trong bình"
_LOOK_S = 0.05


@dataclass(frozen=True)
class Site:
    """What runs. `files` are the nodes' settings, in the order in which they were asked for; `peer` may say
    what nodes of the area CROWD hear, and a node's `stored`; `probes` hear the former too."""

    folder: Path
    api: httpx.Client
    files: tuple[Path, ...]
    peer: Broker
    probes: tuple[Broker, ...]
    log: Path

    def post(self, path: str, content: Any = None) -> Any:
        """What a program that has every role is answered. Raises `CannotRun`."""
        answer = self.api.post(path, json=content)
        if answer.status_code >= 300:
            raise CannotRun(f"POST {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else None

    def approved_bulletin(self, sound: bytes, *, priority: str) -> str:
        """A bulletin made of one uploaded sound."""
        upload = {"file": ("sound.wav", sound, "audio/wav")}
        answer = self.api.post("/recordings", files=upload, data={"title": "Bench", "language": "vi"})
        recording = answer.json()["id"]
        wait_for("the recording is prepared", lambda: self._is_ready(recording), within_s=60)
        content = {"title": "Bench", "priority": priority, "language": "vi", "recordings": [recording]}
        bulletin = self.post("/bulletins", content)["id"]
        self.post(f"/bulletins/{bulletin}/submit")
        self.post(f"/bulletins/{bulletin}/approve")
        return str(bulletin)

    def plan_bytes(self) -> int:
        """How large the plans are that the hub signed last, in base64."""
        with connect(self.folder / "hub" / "hub.db") as db:
            return int(db.execute("SELECT max(length(ending)) FROM plan_contents").fetchone()[0]) * 4 // 3

    def _is_ready(self, recording: str) -> bool:
        return bool(self.api.get(f"/recordings/{recording}").json()["state"] == "ready")


@contextmanager
def running_site(folder: Path, new: Sequence[NewNode], *, probes: int = 0) -> Iterator[Site]:
    """A hub with these loudspeakers, in AREA and CROWD, and its broker."""
    broker_port, port = free_port(), free_port()
    folder.mkdir(parents=True)
    reach = Reach(broker_host=HOST, broker_port=broker_port, url=f"http://{HOST}:{port}")
    settings, files = folder / "hub.toml", tuple(folder / f"{node.id}.toml" for node in new)
    accounts: list[Account] = []
    broker = EmbeddedBroker(
        folder=folder / "broker",
        host=HOST,
        port=broker_port,
        topics=TOPICS,
        accounts=lambda: accounts,
        on_fault=lambda _name, _detail, _node: None,
    )
    write_hub_settings(settings, _hub_settings(port, broker.address))
    with open_desk(load_settings(settings)) as desk:
        token = _populate(desk, new, reach, files)
    accounts += [*map(_account, files), *_own_accounts(probes)]
    broker.start()
    try:
        if not broker.wait_until_listening(10):
            raise CannotRun("mosquitto does not listen (apt-get install mosquitto)")
        api = httpx.Client(
            base_url=f"{reach.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=60
        )
        with serving(settings, folder / "hub.log", reach.url), api:
            yield Site(
                folder=folder,
                api=api,
                files=files,
                peer=Broker(HOST, broker_port, _PEER, _SECRET),
                probes=tuple(Broker(HOST, broker_port, f"probe-{n}", _SECRET) for n in range(probes)),
                log=folder / "hub.log",
            )
    finally:
        broker.stop()


@contextmanager
def peer_of(site: Site) -> Iterator[Link]:
    """The link of the site's peer, connected. Raises `CannotRun`."""
    connected = threading.Event()
    link = Link(
        site.peer,
        subscriptions=(),
        new_session=lambda: Farewell(TOPICS.order_area(CROWD), b""),
        on_event=lambda event: connected.set() if isinstance(event, Connected) else None,
        keep_session=False,
    )
    link.start()
    try:
        if not connected.wait(10):
            raise CannotRun("the peer is not connected within 10 s")
        yield link
    finally:
        link.stop()


def wait_for(what: str, look: Callable[[], object], *, within_s: float) -> None:
    """Until `look` finds something. Raises `CannotRun` naming `what`."""
    until_s = time.monotonic() + within_s
    while not look():
        if time.monotonic() > until_s:
            raise CannotRun(f"not within {within_s:.0f} s: {what}")
        time.sleep(_LOOK_S)


def _hub_settings(port: int, broker: Broker) -> dict[str, Any]:
    return {
        "site": {"id": TOPICS.site, "name": "Bench"},
        "hub": {"data": "hub", "host": HOST, "port": port},
        "broker": {
            "mode": "outside",
            "host": broker.host,
            "port": broker.port,
            "user": broker.user,
            "password": broker.password,
        },
    }


def _populate(desk: Desk, new: Sequence[NewNode], reach: Reach, files: Sequence[Path]) -> str:
    """Areas, nodes, and a token of somebody who may do everything."""
    for area in (AREA, CROWD):
        desk.enrolment.add_area(None, id_=area, name=area)
    for node, file in zip(new, files, strict=True):
        desk.enrolment.enroll(None, node, reach=reach, file=file)
    roles = [role.value for role in Role]
    made = desk.people.create(None, login="bench", name="Bench", roles=roles, password=_PASSWORD)
    _, token = desk.people.tokens.create(Actor(made.person, HOST), title="bench")
    return token


def _account(file: Path) -> Account:
    settings = tomllib.loads(file.read_text(encoding="utf-8"))
    node, secret = settings["node"], settings["broker"]["password"]
    areas = tuple(node["areas"])
    return node_account(TOPICS, node["name"], areas=areas, password_hash=broker_hash(secret))


def _own_accounts(probes: int) -> list[Account]:
    hashed, crowd = broker_hash(_SECRET), TOPICS.order_area(CROWD)
    hearing = [Account(f"probe-{n}", hashed, hears=(crowd,), says=()) for n in range(probes)]
    return [Account(_PEER, hashed, hears=(), says=(crowd, TOPICS.every_node("stored"))), *hearing]


@contextmanager
def serving(settings: Path, log: Path, url: str) -> Iterator[None]:
    """The hub as a process of its own, from its first answer on. Raises `CannotRun`."""
    command = [sys.executable, "-m", "hub", "serve", "--config", str(settings)]
    with log.open("ab") as words:
        process = subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words)
    try:
        wait_for("the hub answers", lambda: _answers(url, log, process), within_s=60)
        yield
    finally:
        process.terminate()
        process.wait(30)


def _answers(url: str, log: Path, process: "subprocess.Popen[bytes]") -> bool:
    if process.poll() is not None:
        raise CannotRun(f"the hub ended with exit code {process.returncode}: {log.read_text()[-500:]}")
    try:
        httpx.get(f"{url}/healthz", timeout=2)
    except httpx.TransportError:
        return False
    return True
