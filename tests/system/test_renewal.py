"""A certificate renewed over the door that the old one opens, against a real HTTPS server."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from edge.door import Door
from edge.events import Trouble
from edge.identity import read_certificate
from edge.renewal import EXPIRING, Renewal
from tests import factories as make
from tests.certificates import TestAuthority
from tests.factories_signed import papers
from tests.fakes import FakeClock
from tests.system.tls_rig import https_server


class Signing(BaseHTTPRequestHandler):
    """Signs for whom it sees; notes the numbers of the certificates that it saw."""

    authority: TestAuthority
    seen: list[int]

    def do_POST(self) -> None:
        shown = self.connection.getpeercert()
        (((_, name),),) = shown["subject"]
        self.seen.append(int(shown["serialNumber"], 16))
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["request"]
        answer = papers(self.authority, request, name=name).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


def test_the_renewed_certificate_is_shown_the_next_time(tmp_path: Path) -> None:
    authority, told = TestAuthority(), list[Trouble]()
    tls = authority.node(tmp_path / "node", make.NODE, begins=-20_000, ends=20)
    old = read_certificate(tls.certificate.read_text())
    handler = type("Handler", (Signing,), {"authority": authority, "seen": []})
    with https_server(handler, authority.server(tmp_path / "server")) as port:
        door = Door(f"https://127.0.0.1:{port}", user=make.NODE, tls=tls)
        clock = FakeClock(authority.now)
        renewal = Renewal(tls, node=make.NODE, hub=door, clock=clock, post=told.append, chance=lambda: 0)
        renewal.step()
        renewal.step()
        new = read_certificate(tls.certificate.read_text())
        clock.advance(600 * 86_400)
        authority.now += timedelta(days=30)
        renewal.step()
        door.close()
    assert new.ends > old.ends
    assert handler.seen == [int(old.serial, 16), int(new.serial, 16)]  # type: ignore[attr-defined]
    assert told == [Trouble(EXPIRING, "")] * 2
