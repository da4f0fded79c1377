"""A whole site over TLS: a hub, its mosquitto, a web server in front, and machines that become its nodes."""

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

from edge.wire.tls import Tls
from tests.system.tls_rig import https_server
from tests.system.village import ROOT, free_port, run, until

if TYPE_CHECKING:
    from ssl import SSLSocket

__all__ = ["WITHIN_S", "Site"]

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
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self._loa("hub", "init", self.hub_folder, "--site", "xa-mau", "--name", "Xã mẫu")
        file = self.hub_folder / "hub.toml"
        file.write_text(
            f'{file.read_text()}\n[hub]\nsocket = "{folder}/http.sock"\n[broker]\nport = {free_port()}\n'
            f'[tls]\nnames = ["127.0.0.1"]\nbroker_host = "127.0.0.1"\nbroker_port = {free_port()}\n'
            f"port = {self.port}\n"
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
            with https_server(handler, door, demands_certificate=False, port=self.port):
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

    @contextmanager
    def kept_running(self, settings: Path) -> Iterator[Path]:
        """A loudspeaker that is started again whenever it ends, as systemd does; gives its log."""
        program = f"{sys.executable} -m edge speaker --config {settings}"
        log, environment = settings.parent / "log", {**os.environ, "PYTHONPATH": str(ROOT)}
        command = ["sh", "-c", f"while :; do {program}; sleep 0.1; done"]
        with (
            log.open("wb") as said,
            subprocess.Popen(command, stderr=said, env=environment, start_new_session=True) as process,
        ):
            try:
                yield log
            finally:
                os.killpg(process.pid, signal.SIGTERM)

    def hub(self, *arguments: object, typed: str | None = None) -> str:
        return self._loa("hub", *arguments, "--config", self.hub_folder / "hub.toml", typed=typed).stdout

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
        return folder / "node.toml"

    def findings(self, settings: Path) -> dict[str, str]:
        lines = self.node("check", "--config", settings).stdout.splitlines()
        return {line[6:].partition(": ")[0]: line for line in lines}

    def kinds(self, node: str) -> set[str]:
        """What the hub has of a node's ledger."""
        with closing(connect(f"file:{self.hub_folder}/hub.db?mode=ro", uri=True)) as db:
            return {kind for (kind,) in db.execute("SELECT kind FROM entries WHERE node = ?", [node])}

    def entries(self, node: str, kind: str, *, about: str = "") -> int:
        """How many entries of this kind, with this in them, the hub has of a node's ledger."""
        with closing(connect(f"file:{self.hub_folder}/hub.db?mode=ro", uri=True)) as db:
            query = "SELECT count(*) FROM entries WHERE node = ? AND kind = ? AND instr(body, ?)"
            return int(db.execute(query, [node, kind, about]).fetchone()[0])

    def _loa(self, *arguments: object, typed: str | None = None) -> "subprocess.CompletedProcess[str]":
        done = run(sys.executable, "-m", *map(str, arguments), typed=typed)
        assert done.returncode == 0, done.stderr
        return done
