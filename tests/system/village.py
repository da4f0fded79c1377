"""A whole village for the tests: hub, mosquitto and three loudspeakers, started as a person starts the demo.

Tests wait for facts (`until`), never for a time. Each test leaves the village as it found it.
"""

import io
import json
import math
import os
import random
import signal
import socket
import subprocess
import sys
import time
import tomllib
import wave
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from typing import Any, TypeVar

import httpx

ROOT = Path(__file__).resolve().parents[2]
NODES = ("to-2-loa-1", "to-2-loa-2", "thon-doai-loa-1")
AREAS = ["to-2", "thon-doai"]
READY_S = 40.0
LOOK_EVERY_S = 0.05
MAY_BE_LATE = {"rule": "late", "late_s": 300}  # for what is to sound on a machine that is busy, too
BUSY = 4  # so many times slower may a machine be that does something else too

T = TypeVar("T")


def until(what: str, look: Callable[[], T | None], *, within_s: float) -> T:
    """What `look` finds, asked again until it is true; fails naming `what` long after `within_s`."""
    within_s *= BUSY
    end_s = time.monotonic() + within_s
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < end_s, f"not within {within_s:.0f} s: {what}"
        time.sleep(LOOK_EVERY_S)


def free_port() -> int:
    """A port that no other test on this machine is given while this process lives: below those that the
    system gives to outgoing connections, and above those of the demo."""
    for port in random.sample(range(32_000, 32_768), 768):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return _kept(port)
    raise AssertionError("no port is free")


def _kept(port: int) -> int:
    """Take the port's name among those that end with who has them. Raises OSError if another has it."""
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0loa-test-port-{port}")
    except OSError:
        name.close()
        raise
    name.detach()
    return port


def are_open(*ports: int) -> bool:
    """Whether somebody listens on each of these, who is not troubled by the question."""
    return set(_tcp_ports("0A")) >= set(ports)


def connected_at(port: int) -> int:
    """How many connections the server on this port has not closed yet."""
    return _tcp_ports("01", "08").count(port)


def _tcp_ports(*states: str) -> list[int]:
    """The port of every socket of this end that is in one of these states of the kernel's table."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return [int(line[1].partition(":")[2], 16) for line in lines if line[3] in states]


def run(*command: str, timeout_s: float = 60, typed: str | None = None) -> "subprocess.CompletedProcess[str]":
    """A program of the checkout run to its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=timeout_s, env=environment, check=False, input=typed
    )


def demo_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hub.demo", *arguments]


def processes_of(folder: Path) -> list[int]:
    """Every process that names something in `folder` on its command line, zombies apart."""
    return [pid for pid, _command in _commands_of(folder)]


def _commands_of(folder: Path) -> Iterator[tuple[int, bytes]]:
    """The same with their command lines; a process may end while it is looked at."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if os.fsencode(folder) in (command := each.read_bytes()):
                yield int(each.parent.name), command


def pid_of(folder: Path, part: str) -> int | None:
    """The process whose command line has something in `folder`, and `part`; the demo itself apart."""
    for pid, command in _commands_of(folder):
        if part.encode() in command and b"hub.demo" not in command and b"setpriv" not in command:
            return pid
    return None


def kill_broker(folder: Path, *, within_s: float) -> None:
    """SIGKILL to the mosquitto of `folder`, as soon as one runs."""

    def was_killed() -> bool:
        with suppress(ProcessLookupError):  # it may end while it is looked for
            if pid := pid_of(folder, "mosquitto.conf"):
                os.kill(pid, signal.SIGKILL)
                return True
        return False

    until("the broker runs", was_killed, within_s=within_s)


def tone(seconds: float) -> bytes:
    """A WAV whose loudness rises and falls like speech."""
    rate = 16_000
    samples = bytearray()
    for number in range(int(rate * seconds)):
        at_s = number / rate
        loud = 0.15 + 0.1 * math.sin(2 * math.pi * 3 * at_s)
        value = loud * (math.sin(2 * math.pi * 330 * at_s) + math.sin(2 * math.pi * 1170 * at_s))
        samples += int(value * 12_000).to_bytes(2, "little", signed=True)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples)
    return file.getvalue()


class HubCaller:
    """Somebody who may do everything, asking a hub as programs do; `api` is the way there."""

    api: httpx.Client

    def get(self, path: str, **query: Any) -> Any:
        answer = self.api.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, content: Any = None) -> Any:
        answer = self.api.post(path, json=content)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def approved_bulletin(self, *, seconds: float, title: str = "Bản tin thử") -> str:
        file = ("thu.wav", tone(seconds), "audio/wav")
        answer = self.api.post("/recordings", files={"file": file}, data={"title": title, "language": "vi"})
        assert answer.status_code == 201, answer.text
        recording = answer.json()["id"]
        until("the recording is prepared", lambda: self._is_ready(recording), within_s=60)
        content = {"title": title, "priority": "routine", "language": "vi", "recordings": [recording]}
        bulletin = self.post("/bulletins", content)["id"]
        self.post(f"/bulletins/{bulletin}/submit")
        self.post(f"/bulletins/{bulletin}/approve")
        return str(bulletin)

    def schedule(self, bulletin: str, *, in_s: float, **more: Any) -> str:
        where = {} if "nodes" in more else {"areas": AREAS}
        starts_at = (datetime.now(UTC) + timedelta(seconds=in_s)).isoformat()
        return str(
            self.post("/schedules", {"bulletin": bulletin, "starts_at": starts_at, **where, **more})["id"]
        )

    def plays(self, schedule: str) -> dict[str, Any]:
        """The plays of a schedule by node."""
        return {play["node"]: play for play in self.get("/plays", schedule=schedule)["items"]}

    def _is_ready(self, recording: str) -> bool:
        state = self.get(f"/recordings/{recording}")
        assert state["state"] != "refused", state
        return bool(state["state"] == "ready")


class Village(HubCaller):
    """A demo that is running, and what a test asks of it."""

    def __init__(self, folder: Path, process: "subprocess.Popen[str] | None") -> None:
        self.folder = folder
        self.process = process
        known = json.loads((folder / "demo.json").read_text())
        self.url: str = known["url"]
        self.user: str = known["user"]
        self.password: str = known["password"]
        self.api = httpx.Client(
            base_url=f"{self.url}/api/v1", headers={"Authorization": f"Bearer {known['token']}"}, timeout=30
        )

    def demo(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """`loa demo cut|join …` on this village."""
        return run(*demo_command(*arguments, "--data", str(self.folder)))

    def hub(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A `loa hub` command on this village."""
        return run(sys.executable, "-m", "hub", *arguments, "--config", str(self.folder / "hub.toml"))

    def finished(self, schedule: str, nodes: tuple[str, ...] = NODES) -> dict[str, Any]:
        """The plays of a schedule once all of `nodes` have finished; None before."""
        plays = self.plays(schedule)
        is_over = set(nodes) <= set(plays) and all(plays[node]["state"] == "finished" for node in nodes)
        return plays if is_over else {}

    def node(self, name: str) -> Any:
        return self.get(f"/nodes/{name}")

    def is_whole(self, *, since: datetime | None = None) -> bool:
        """Whether every loudspeaker is here; and, for who is believed here for a while after the broker died,
        was heard `since` then."""
        try:
            found = [node for node in self.get("/nodes")["items"] if node["id"] in NODES and node["here"]]
        except httpx.TransportError:
            return False
        heard = [node for node in found if not since or datetime.fromisoformat(node["heard_at"]) >= since]
        return len(heard) == len(NODES)

    def is_well(self) -> bool:
        """Whether the hub says so of itself."""
        try:
            return bool(self.api.get(f"{self.url}/healthz").json()["status"] == "ok")
        except httpx.TransportError:
            return False

    def pid_of(self, part: str) -> int | None:
        """The process whose command line has `part`, such as a node's folder or mosquitto.conf."""
        return pid_of(self.folder, part)

    def open_faults(self) -> dict[str, str]:
        """The faults that are open, by name (with the node before it, where there is one): their detail."""
        return dict(
            self._rows("SELECT coalesce(node || ':', '') || name, detail FROM faults WHERE mended_at IS NULL")
        )

    def unreadable(self) -> set[str]:
        """The topics on which the hub heard what it could not read."""
        return {topic for (topic,) in self._rows("SELECT topic FROM unreadable")}

    def _rows(self, query: str) -> list[Any]:
        with closing(connect(f"file:{self.folder / 'hub' / 'hub.db'}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    def broker_port(self) -> int:
        settings = tomllib.loads((self.folder / "hub.toml").read_text())
        return int(settings["broker"]["port"])


@contextmanager
def running_village(folder: Path) -> Iterator[Village]:
    """Start the demo on `folder`, wait until it is ready, end it with Ctrl-C."""
    with started_demo(folder, free_port()) as process:
        village = Village(folder, process)
        try:
            yield village
        finally:
            village.api.close()


@contextmanager
def started_demo(folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A demo that is ready; ended at the end if it still runs."""
    process = subprocess.Popen(
        demo_command("--data", str(folder), "--port", str(port)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        until("the demo is ready", lambda: _is_ready(process, folder), within_s=READY_S)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _is_ready(process: "subprocess.Popen[str]", folder: Path) -> bool:
    assert process.poll() is None, process.communicate()[0]
    return (folder / "demo.json").exists()
