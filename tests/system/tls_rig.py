"""Servers that demand a certificate: a real mosquitto, and an HTTPS server, of one site's authority."""

import os
import pwd
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from edge.wire.tls import Tls
from hub.process import Child
from tests.certificates import TestAuthority
from tests.system.village import free_port

__all__ = ["TlsBroker", "https_server", "tls_broker", "tls_mosquitto"]

_CONFIG = """
user {user}
persistence false
allow_anonymous true
log_dest stderr
listener {port} 127.0.0.1
cafile {authority}
certfile {certificate}
keyfile {key}
crlfile {revoked}
require_certificate true
use_identity_as_username true
tls_version tlsv1.2
"""


@dataclass(frozen=True)
class TlsBroker:
    """A broker of `authority`; `revoked` names the node whose certificate was revoked."""

    authority: TestAuthority
    port: int
    revoked: Tls
    said: list[str] = field(default_factory=list)


@contextmanager
def tls_mosquitto(folder: Path, authority: TestAuthority, server: Tls) -> Iterator[TlsBroker]:
    """Run a broker that shows the certificate `server` and refuses one node by its list."""
    revoked = authority.node(folder / "stolen", "to-2-loa-9")
    crl = folder / "revoked.pem"
    crl.write_text(authority.revoked(revoked.certificate))
    port, config = free_port(), folder / "mosquitto.conf"
    user = pwd.getpwuid(os.getuid()).pw_name
    config.write_text(
        _CONFIG.format(
            user=user,
            port=port,
            authority=server.authority,
            certificate=server.certificate,
            key=server.key,
            revoked=crl,
        )
    )
    listening = threading.Event()
    broker = TlsBroker(authority=authority, port=port, revoked=revoked)

    def hear(line: str) -> None:
        broker.said.append(line)
        if "running" in line:
            listening.set()

    child = Child(["mosquitto", "-c", str(config)], name="mosquitto", on_line=hear)
    child.start()
    try:
        assert listening.wait(60), broker.said
        yield broker
    finally:
        child.stop()


@pytest.fixture(scope="session")
def tls_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TlsBroker]:
    folder, authority = tmp_path_factory.mktemp("tls-broker"), TestAuthority()
    with tls_mosquitto(folder, authority, authority.server(folder / "server")) as broker:
        yield broker


@contextmanager
def https_server(
    handler: type[BaseHTTPRequestHandler], server: Tls, *, demands_certificate: bool = True, port: int = 0
) -> Iterator[int]:
    """Serve on loopback with the certificate `server`; gives the port, which is any unless it is named."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server.certificate, server.key)
    context.load_verify_locations(server.authority)
    context.verify_mode = ssl.CERT_REQUIRED if demands_certificate else ssl.CERT_OPTIONAL
    httpd = ThreadingHTTPServer(("127.0.0.1", port), handler)
    httpd.daemon_threads = True
    httpd.handle_error = lambda *_request: None  # type: ignore[method-assign]  # refusals are what is tested
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield int(httpd.server_address[1])
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
