"""The link over mutual TLS, against a real mosquitto: who is let in, who is refused, and what is said."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.wire.link import Broker, Connected, Lost
from edge.wire.tls import Tls
from tests.certificates import TestAuthority
from tests.system.broker_rig import Ear, link
from tests.system.tls_rig import TlsBroker, tls_mosquitto

NODE = "to-2-loa-1"


@contextmanager
def connecting(broker: TlsBroker, tls: Tls, *, host: str = "127.0.0.1", name: str = NODE) -> Iterator[Ear]:
    ear = Ear()
    running = link(Broker(host, broker.port, name, tls=tls), ear)
    running.start()
    try:
        yield ear
    finally:
        running.stop()


def reason(broker: TlsBroker, tls: Tls, *, host: str = "127.0.0.1") -> str:
    with connecting(broker, tls, host=host) as ear:
        return ear.next(Lost).reason


def test_a_node_with_its_certificate_is_let_in_without_a_password(
    tls_broker: TlsBroker, tmp_path: Path
) -> None:
    with connecting(tls_broker, tls_broker.authority.node(tmp_path, NODE)) as ear:
        assert ear.next(Connected)


def test_an_expired_certificate_is_refused_and_said(tls_broker: TlsBroker, tmp_path: Path) -> None:
    expired = tls_broker.authority.node(tmp_path, NODE, begins=-20, ends=-1)
    assert "this node's certificate has expired" in reason(tls_broker, expired)


def test_a_revoked_certificate_is_refused_and_said(tls_broker: TlsBroker) -> None:
    assert "this node's certificate was revoked" in reason(tls_broker, tls_broker.revoked)


def test_another_sites_node_is_refused_and_said(tls_broker: TlsBroker, tmp_path: Path) -> None:
    stranger = TestAuthority("tan-phu").node(tmp_path, NODE)
    stranger.authority.write_text(tls_broker.authority.pem)
    assert "another site's authority" in reason(tls_broker, stranger)


def test_a_broker_of_another_authority_is_not_believed(tls_broker: TlsBroker, tmp_path: Path) -> None:
    elsewhere = TestAuthority("tan-phu").node(tmp_path, NODE)
    assert "not from this site's authority" in reason(tls_broker, elsewhere)


def test_a_broker_of_another_name_is_not_believed(tls_broker: TlsBroker, tmp_path: Path) -> None:
    told = reason(tls_broker, tls_broker.authority.node(tmp_path, NODE), host="localhost")
    assert "another name" in told
    assert f"localhost:{tls_broker.port}" in told


def test_another_node_does_not_pass_for_the_broker(tmp_path: Path) -> None:
    authority = TestAuthority()
    with tls_mosquitto(tmp_path, authority, authority.node(tmp_path / "thief", "127.0.0.1")) as broker:
        assert "not a server's" in reason(broker, authority.node(tmp_path / "node", NODE))


@pytest.mark.parametrize(("begins", "ends"), [(-20, -10), (300, 700)])
def test_a_node_without_the_time_believes_the_broker(tmp_path: Path, begins: int, ends: int) -> None:
    """To a node whose clock is wrong, the broker's certificate ended long ago or is yet to begin."""
    authority = TestAuthority()
    server = authority.server(tmp_path / "server", begins=begins, ends=ends)
    with (
        tls_mosquitto(tmp_path, authority, server) as broker,
        connecting(broker, authority.node(tmp_path / "node", NODE)) as ear,
    ):
        assert ear.next(Connected)


def test_a_renewed_certificate_is_used_at_the_next_connection(tls_broker: TlsBroker, tmp_path: Path) -> None:
    expired = tls_broker.authority.node(tmp_path, NODE, begins=-20, ends=-1)
    with connecting(tls_broker, expired) as ear:
        ear.next(Lost)
        tls_broker.authority.node(tmp_path, NODE)
        assert ear.next(Connected)


def test_a_broker_that_gives_no_session_tickets_is_reached_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.wire.tls._VERDICT_S", 0.05)
    authority, ear = TestAuthority(), Ear()
    with silent_broker(authority.server(tmp_path / "server")) as port:
        running = link(Broker("127.0.0.1", port, NODE, tls=authority.node(tmp_path / "node", NODE)), ear)
        running.start()
        assert ear.next(Connected)
        running.stop()


@contextmanager
def silent_broker(server: Tls) -> Iterator[int]:
    """Says nothing before it is asked; takes one client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    context.num_tickets = 0
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with context.wrap_socket(listener.accept()[0], server_side=True) as client:
                client.recv(1024)
                client.sendall(b"\x20\x02\x00\x00")  # CONNACK
                while client.recv(1024):
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(5)


@pytest.mark.parametrize("missing", ["node.key", "node.crt", "authority.crt"])
def test_a_missing_file_is_named(tls_broker: TlsBroker, tmp_path: Path, missing: str) -> None:
    tls = tls_broker.authority.node(tmp_path, NODE)
    (tmp_path / missing).unlink()
    assert f"{missing}: wanted" in reason(tls_broker, tls)


def test_a_certificate_for_another_key_is_named(tls_broker: TlsBroker, tmp_path: Path) -> None:
    tls = tls_broker.authority.node(tmp_path, NODE)
    other = tls_broker.authority.node(tmp_path / "other", NODE)
    tls.certificate.write_text(other.certificate.read_text())
    assert "fits node.key" in reason(tls_broker, tls)
