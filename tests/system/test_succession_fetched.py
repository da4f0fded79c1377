"""Who answers as the hub may be anybody: what a node asks of it, over real HTTPS, and what it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from edge.errors import HubNotVerified, HubRefused
from edge.identity import request_for
from edge.succession import HubByHttps
from edge.wire.succession import LONGEST_SUCCESSION
from edge.wire.tls import Tls
from tests import factories as make
from tests.certificates import TestAuthority
from tests.system.tls_rig import https_server


class Answering(BaseHTTPRequestHandler):
    """Answers every question alike, and notes what was asked and shown."""

    status = 200
    headers_sent: dict[str, str]
    body = b"a.b.c"
    seen: list[tuple[str, object]]

    def do_GET(self) -> None:
        self.seen.append((self.path, self.connection.getpeercert()))
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_words: object) -> None:
        """Nothing."""


@pytest.fixture
def node(tmp_path: Path) -> Tls:
    return TestAuthority().node(tmp_path / "node", make.NODE)


@contextmanager
def thief(
    folder: Path, *, body: bytes = b"a.b.c", status: int = 200, headers: dict[str, str] | None = None
) -> Iterator[tuple[str, list[tuple[str, object]]]]:
    """Somebody with an authority of their own at the hub's address; gives it, and what they saw."""
    seen: list[tuple[str, object]] = []
    answers = {"body": body, "status": status, "headers_sent": headers or {}, "seen": seen}
    handler = type("Handler", (Answering,), answers)
    server = TestAuthority().server(folder / "server")
    with https_server(handler, server, demands_certificate=False) as port:
        yield f"https://127.0.0.1:{port}", seen


def test_a_stranger_is_no_hub(node: Tls, tmp_path: Path) -> None:
    with (
        thief(tmp_path) as (url, seen),
        pytest.raises(HubNotVerified, match="not from this site's authority"),
    ):
        HubByHttps(url, tls=node).knock()
    assert seen == []


def test_a_stranger_is_asked_for_nothing_but_the_succession(node: Tls, tmp_path: Path) -> None:
    with thief(tmp_path) as (url, seen):
        hub = HubByHttps(url, tls=node)
        with pytest.raises(HubNotVerified):
            hub.readmit(request_for(node.key))
        assert hub.succession() == b"a.b.c"
    assert [path for path, _shown in seen] == ["/api/v1/succession"]


def test_the_hub_that_the_authority_vouches_for_is_believed(tmp_path: Path) -> None:
    authority = TestAuthority()
    node = authority.node(tmp_path / "node", make.NODE)
    handler = type("Handler", (Answering,), {"headers_sent": {}, "seen": []})
    with https_server(handler, authority.server(tmp_path / "server"), demands_certificate=False) as port:
        hub = HubByHttps(f"https://127.0.0.1:{port}", tls=node)
        hub.knock()
        assert hub.readmit(request_for(node.key)) == b"a.b.c"
    assert [bool(shown) for _path, shown in handler.seen] == [False, False]  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [LONGEST_SUCCESSION + 1, 50_000_000])
def test_more_than_a_succession_can_be_is_not_read(node: Tls, tmp_path: Path, size: int) -> None:
    with thief(tmp_path, body=b"." * size) as (url, _seen), pytest.raises(HubRefused, match="at most"):
        HubByHttps(url, tls=node).succession()


def test_what_was_packed_is_not_unpacked(node: Tls, tmp_path: Path) -> None:
    with thief(tmp_path, body=b"\x1f\x8bbomb", headers={"Content-Encoding": "gzip"}) as (url, _seen):
        assert HubByHttps(url, tls=node).succession() == b"\x1f\x8bbomb"


def test_nobody_sends_it_elsewhere(node: Tls, tmp_path: Path) -> None:
    with (
        thief(tmp_path, status=302, headers={"Location": "https://127.0.0.1:1/"}) as (url, seen),
        pytest.raises(HubRefused, match="302"),
    ):
        HubByHttps(url, tls=node).succession()
    assert len(seen) == 1
