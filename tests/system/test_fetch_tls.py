"""Recordings over HTTPS with the node's certificate, against a real TLS server."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from edge.errors import HubNotReached
from edge.speaker.fetch import HubMedia
from edge.wire.tls import Tls
from tests import factories as make
from tests.certificates import TestAuthority
from tests.system.tls_rig import https_server

NODE, SOUND = "to-2-loa-1", b"sound" * 1_000


class Serving(BaseHTTPRequestHandler):
    """Serves one recording, and notes whose certificate it saw."""

    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_GET(self) -> None:
        (((_, name),),) = self.connection.getpeercert()["subject"]
        self.seen.append(name)
        self.send_response(200)
        self.send_header("Content-Length", str(len(SOUND)))
        self.end_headers()
        self.wfile.write(SOUND)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


class Site:
    """One authority, its hub, and a node's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = TestAuthority()
        self.seen: list[str] = []

    @contextmanager
    def hub(self, server: Tls | None = None) -> Iterator[int]:
        handler = type("Handler", (Serving,), {"seen": self.seen})
        with https_server(handler, server or self.authority.server(self.folder / "server")) as port:
            yield port

    def node(self, *, begins: float = -1, ends: float = 730, name: str = NODE) -> Tls:
        return self.authority.node(self.folder / "node", name, begins=begins, ends=ends)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def fetch(media: HubMedia) -> bytes:
    into = io.BytesIO()
    media.download(make.SHA256, size=len(SOUND), into=into, go_on=lambda: True)
    return into.getvalue()


def refusal(port: int, tls: Tls, *, host: str = "127.0.0.1") -> str:
    with (
        HubMedia(f"https://{host}:{port}", user=NODE, tls=tls) as media,
        pytest.raises(HubNotReached) as caught,
    ):
        fetch(media)
    return str(caught.value)


def test_a_recording_is_fetched_with_the_nodes_certificate(site: Site) -> None:
    with site.hub() as port, HubMedia(f"https://127.0.0.1:{port}", user=NODE, tls=site.node()) as media:
        assert fetch(media) == SOUND
    assert site.seen == [NODE]


def test_a_hub_whose_certificate_ended_for_this_clock_is_believed(site: Site) -> None:
    server = site.authority.server(site.folder / "server", begins=300, ends=700)
    with site.hub(server) as port, HubMedia(f"https://127.0.0.1:{port}", user=NODE, tls=site.node()) as media:
        assert fetch(media) == SOUND


def test_a_hub_of_another_authority_is_not_believed(site: Site) -> None:
    stranger = TestAuthority("tan-phu").server(site.folder / "server")
    with site.hub(stranger) as port:
        assert "not from this site's authority" in refusal(port, site.node())


def test_a_hub_of_another_name_is_not_believed(site: Site) -> None:
    with site.hub() as port:
        assert "another name" in refusal(port, site.node(), host="localhost")


def test_an_expired_certificate_is_refused_and_said(site: Site) -> None:
    with site.hub() as port:
        assert "this node's certificate has expired" in refusal(port, site.node(begins=-20, ends=-1))


def test_a_missing_key_is_named_and_missed_no_longer_than_it_is_gone(site: Site) -> None:
    tls = site.node()
    key = tls.key.read_bytes()
    with site.hub() as port, HubMedia(f"https://127.0.0.1:{port}", user=NODE, tls=tls) as media:
        tls.key.unlink()
        with pytest.raises(HubNotReached, match=r"node\.key: wanted a readable file"):
            fetch(media)
        tls.key.write_bytes(key)
        assert fetch(media) == SOUND


def test_a_renewed_certificate_is_shown_at_the_next_request(site: Site) -> None:
    with site.hub() as port, HubMedia(f"https://127.0.0.1:{port}", user=NODE, tls=site.node()) as media:
        fetch(media)
        site.node(name="to-2-loa-2")
        fetch(media)
    assert site.seen == [NODE, "to-2-loa-2"]
