"""A node from a blank folder to its first heartbeat over mutual TLS: the programs as they are typed, beside a
real hub, its mosquitto, and a web server in front of it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from sqlite3 import connect
from typing import TYPE_CHECKING

import pytest

from edge.wire.tls import Tls
from tests.system.tls_rig import https_server
from tests.system.village import ROOT, free_port, run, until

if TYPE_CHECKING:
    from ssl import SSLSocket

WITHIN_S = 20.0


class _OverSocket(HTTPConnection):
    """HTTP to a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("hub")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


class Front(BaseHTTPRequestHandler):
    """Passes on what it is asked, and says whose certificate it saw; as nginx does."""

    hub: str
    connection: "SSLSocket"

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        shown = self.connection.getpeercert()
        headers = dict(self.headers.items()) | {
            "X-Loa-Certificate-Verify": "SUCCESS" if shown else "NONE",
            "X-Loa-Certificate-Serial": str(shown["serialNumber"]) if shown else "",
        }
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with closing(_OverSocket(self.hub)) as hub:
            hub.request(self.command, self.path, body, headers)
            answer = hub.getresponse()
            content = answer.read()
        self.send_response(answer.status)
        for name in ("Content-Type", "Content-Encoding"):
            if value := answer.getheader(name):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


class Site:
    """A hub with [tls], and machines that become its nodes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hub_folder = folder / "hub"
        self.url = ""
        self._loa("hub", "init", self.hub_folder, "--site", "xa-mau", "--name", "Xã mẫu")
        file = self.hub_folder / "hub.toml"
        file.write_text(
            f'{file.read_text()}\n[hub]\nsocket = "{folder}/http.sock"\n[broker]\nport = {free_port()}\n'
            f'[tls]\nnames = ["127.0.0.1"]\nbroker_host = "127.0.0.1"\nbroker_port = {free_port()}\n'
        )
        self.hub("area", "add", "to-2", "--name", "Tổ 2")

    @contextmanager
    def running(self) -> Iterator[None]:
        with self.program("hub", "serve", "--config", self.hub_folder / "hub.toml"):
            tls = self.hub_folder / "tls"
            door = Tls(tls / "hub.key", tls / "hub.crt", tls / "authority.crt")
            for made in (self.folder / "http.sock", door.key, door.certificate, door.authority):
                until(f"the hub made {made.name}", made.exists, within_s=WITHIN_S)
            handler = type("Handler", (Front,), {"hub": str(self.folder / "http.sock")})
            with https_server(handler, door, demands_certificate=False) as port:
                self.url = f"https://127.0.0.1:{port}"
                yield

    @contextmanager
    def program(self, *arguments: object) -> Iterator["subprocess.Popen[bytes]"]:
        command = [sys.executable, "-m", *map(str, arguments)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=60)

    def hub(self, *arguments: object) -> str:
        return self._loa("hub", *arguments, "--config", self.hub_folder / "hub.toml").stdout

    def node(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        return run(sys.executable, "-m", "edge", *map(str, arguments))

    def enrolled(self, name: str) -> Path:
        """The settings of a machine that became a node with a code."""
        told = self.hub("enroll", name, "--kind", "speaker", "--area", "to-2")
        code = re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){4}", told)[0]
        folder = self.folder / name
        folder.mkdir()
        (folder / "local.toml").write_text(
            '[sound]\noutput = "file"\n[amplifier]\npins = "mock"\n[clock]\nsource = "assume"\n'
        )
        done = self.node("enroll", self.url, code, "--folder", folder)
        assert done.returncode == 0, done.stderr
        settings = folder / "node.toml"  # the hub tells the port that nginx would have
        settings.write_text(re.sub(r'url = ".*"', f'url = "{self.url}"', settings.read_text()))
        return settings

    def findings(self, settings: Path) -> dict[str, str]:
        lines = self.node("check", "--config", settings).stdout.splitlines()
        return {line[6:].partition(": ")[0]: line for line in lines}

    def kinds(self, node: str) -> set[str]:
        """What the hub has of a node's ledger."""
        with closing(connect(f"file:{self.hub_folder}/hub.db?mode=ro", uri=True)) as db:
            return {kind for (kind,) in db.execute("SELECT kind FROM entries WHERE node = ?", [node])}

    def _loa(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        done = run(sys.executable, "-m", *map(str, arguments))
        assert done.returncode == 0, done.stderr
        return done


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    with site.running():
        yield site


def test_a_code_is_all_that_a_blank_machine_needs(site: Site) -> None:
    settings = site.enrolled("to-2-loa-1")
    told = until("all is well", lambda: _well(site.findings(settings)), within_s=WITHIN_S)
    assert told["hub"].endswith("answers and knows this node")
    assert told["broker"].endswith("logged in as to-2-loa-1")


def test_what_happens_at_the_node_reaches_the_hub(site: Site) -> None:
    settings = site.enrolled("to-2-loa-2")
    with site.program("edge", "speaker", "--config", settings):
        until("the hub heard of it", lambda: "booted" in site.kinds("to-2-loa-2"), within_s=WITHIN_S)


def test_a_stolen_node_is_told_by_both_doors_that_it_is_out(site: Site) -> None:
    settings = site.enrolled("stolen")
    until("it is in", lambda: _well(site.findings(settings)), within_s=WITHIN_S)
    site.hub("remove", "stolen")
    revoked = "this node's certificate was revoked"  # while the broker starts anew it only resets
    told = until(
        "the broker says so",
        lambda: revoked in (found := site.findings(settings))["broker"] and found,
        within_s=WITHIN_S,
    )
    assert "does not take this node" in told["hub"]


def _well(findings: dict[str, str]) -> dict[str, str]:
    return {} if any(line.startswith("WRONG") for line in findings.values()) else findings
