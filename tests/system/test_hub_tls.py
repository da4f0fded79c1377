"""A hub that is open to the network, as a technician starts it: enrolled, at work, stolen, removed."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from edge.wire.papers import Admission, Code, Papers
from tests.factories_tls import Identity, node_key, request_of
from tests.system.village import ROOT, free_port, run, until

SITE, NODE = "xa-mau", "to-2-loa-1"
WITHIN_S = 15.0


class OpenHub:
    """A hub with [tls] in a folder, and what a technician and its nodes do with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.file = folder / "site" / "hub.toml"
        done = self._loa("init", str(self.file.parent), "--site", SITE, "--name", "Xã mẫu")
        assert done.returncode == 0, done.stderr
        self.password = next(
            line.split()[1] for line in done.stdout.splitlines() if line.startswith("password")
        )
        self.file.write_text(
            f'{self.file.read_text()}\n[hub]\nsocket = "{folder}/http.sock"\n[broker]\nport = {free_port()}\n'
            f'[tls]\nnames = ["127.0.0.1"]\nbroker_host = "127.0.0.1"\nbroker_port = {self.port}\n'
        )
        assert self.hub("area", "add", "to-2", "--name", "Tổ 2").returncode == 0

    def hub(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self._loa(*arguments, "--config", str(self.file))

    def start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "hub", "serve", "--config", str(self.file)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, text=True, env=environment)
        until("the hub is well", self.is_well, within_s=WITHIN_S)
        return process

    def is_well(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(self.folder / "http.sock")):
                return False
        with self.front() as front:
            return front.get("/healthz").status_code == 200

    def front(self, **headers: str) -> httpx.Client:
        """The web server in front, which says these things of a caller."""
        said = {"X-Real-IP": "192.0.2.7", "X-Forwarded-Proto": "https", "Host": "loa.lan"} | headers
        transport = httpx.HTTPTransport(uds=str(self.folder / "http.sock"))
        return httpx.Client(transport=transport, base_url="http://loa.lan", headers=said)

    def enrol(self, node: str, key: ec.EllipticCurvePrivateKey, *more: str) -> Identity:
        (self.folder / "request").write_text(request_of(key))
        request = str(self.folder / "request")
        done = self.hub("enroll", node, "--kind", "speaker", "--area", "to-2", "--request", request, *more)
        assert done.returncode == 0, done.stderr
        papers = Papers.decode(done.stdout.encode())
        cards = len([*self.folder.glob(f"{node}-*.crt")])
        return Identity.write(self.folder, f"{node}-{cards}", key=key, pem=papers.certificate)

    def knock(self, identity: Identity, *command: str) -> list[str]:
        where = ["-h", "127.0.0.1", "-p", str(self.port)]
        authority = str(self.file.parent / "tls" / "authority.crt")
        own = ["--cert", str(identity.certificate), "--key", str(identity.key)]
        return [command[0], *where, "--cafile", authority, *own, *command[1:]]

    def says(self, identity: Identity, node: str) -> bool:
        topic = f"loa/{SITE}/node/{node}/time"
        return run(*self.knock(identity, "mosquitto_pub", "-t", topic, "-m", "x", "-q", "1")).returncode == 0

    def is_believed(self, identity: Identity, node: str) -> bool:
        """Whether the broker takes its word: MQTT 5 tells, 3.1.1 acknowledges what is forbidden."""
        topic = f"loa/{SITE}/node/{node}/time"
        done = run(*self.knock(identity, "mosquitto_pub", "-V", "5", "-t", topic, "-m", "x", "-q", "1"))
        return done.returncode == 0 and "failed" not in done.stderr

    def forget(self, identity: Identity) -> None:
        """As a hub that was restored from a backup made before it signed this."""
        with closing(connect(self.file.parent / "hub.db", isolation_level=None)) as db:
            db.execute("DELETE FROM certificates WHERE serial = ?", [identity.serial])

    def faults(self) -> dict[str, str]:
        with closing(connect(f"file:{self.file.parent}/hub.db?mode=ro", uri=True)) as db:
            return dict(db.execute("SELECT name, detail FROM faults WHERE mended_at IS NULL").fetchall())

    def _loa(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run(sys.executable, "-m", "hub", *arguments)


@pytest.fixture(scope="module")
def open_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenHub]:
    hub = OpenHub(tmp_path_factory.mktemp("open"))
    process = hub.start()
    yield hub
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def test_a_node_enrolled_beside_the_running_hub_comes_in(open_hub: OpenHub) -> None:
    node = open_hub.enrol(NODE, node_key())
    until("the broker lets it in", lambda: open_hub.says(node, NODE), within_s=WITHIN_S)


def test_a_node_enrols_itself_with_a_code(open_hub: OpenHub) -> None:
    done = open_hub.hub("enroll", "by-code", "--kind", "counter", "--area", "to-2")
    code = Code.read(next(line.split()[1] for line in done.stdout.splitlines() if line.startswith("code")))
    application = code.application(request_of(node_key()))
    with open_hub.front() as front:
        answer = front.post("/api/v1/enrolments", json=json.loads(application.encode()))
    papers = code.papers(Admission.decode(answer.content), to=application)
    assert papers is not None
    assert papers.node == "by-code"


def test_a_removed_node_is_shut_out_within_seconds_though_it_was_in(open_hub: OpenHub) -> None:
    stolen = open_hub.enrol("stolen", node_key())
    until("the broker lets it in", lambda: open_hub.says(stolen, "stolen"), within_s=WITHIN_S)
    heard = open_hub.knock(stolen, "mosquitto_sub", "-d", "-t", f"loa/{SITE}/all/order")
    with subprocess.Popen(["stdbuf", "-oL", *heard], stdout=subprocess.PIPE, text=True) as listener:
        assert listener.stdout is not None
        assert any("SUBACK" in line for line in listener.stdout)
        assert open_hub.hub("remove", "stolen").returncode == 0
        try:
            assert listener.wait(2 * WITHIN_S) != 0  # it lost its connection, and was not let in again
        finally:
            listener.kill()
    assert not open_hub.says(stolen, "stolen")
    until("the hub tells of it", lambda: open_hub.faults().get("broker_stranger"), within_s=10)


def test_a_stolen_certificate_that_a_restored_hub_does_not_know_stays_out(open_hub: OpenHub) -> None:
    thief = open_hub.enrol("lost", node_key())
    until("the broker lets it in", lambda: open_hub.is_believed(thief, "lost"), within_s=WITHIN_S)
    open_hub.forget(thief)
    assert open_hub.is_believed(thief, "lost")
    assert open_hub.hub("remove", "lost").returncode == 0
    heir = open_hub.enrol("lost", node_key(), "--again")
    until("the broker lets the new machine in", lambda: open_hub.is_believed(heir, "lost"), within_s=WITHIN_S)
    assert not open_hub.is_believed(thief, "lost")


def test_whoever_is_not_removed_comes_back_by_itself(open_hub: OpenHub) -> None:
    honest, other = open_hub.enrol("honest", node_key()), open_hub.enrol("other", node_key())
    until("the broker lets it in", lambda: open_hub.says(other, "other"), within_s=WITHIN_S)
    assert open_hub.hub("remove", "other").returncode == 0
    until("the other is shut out", lambda: not open_hub.says(other, "other"), within_s=10)
    until("the honest one is in", lambda: open_hub.says(honest, "honest"), within_s=WITHIN_S)
    until("the hub is well", open_hub.is_well, within_s=WITHIN_S)


def test_a_session_over_https_is_for_https_only(open_hub: OpenHub) -> None:
    form = {"name": "admin", "password": open_hub.password}
    with open_hub.front(Origin="https://loa.lan") as front:
        answer = front.post("/login", data=form)
    assert "Secure" in answer.headers["set-cookie"]


def test_a_stopped_hub_leaves_no_socket_behind_and_starts_again(tmp_path: Path) -> None:
    hub = OpenHub(tmp_path)
    for how in (signal.SIGKILL, signal.SIGINT):
        process = hub.start()
        process.send_signal(how)
        process.communicate(timeout=60)
    assert not (tmp_path / "http.sock").exists()
