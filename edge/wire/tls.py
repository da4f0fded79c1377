"""TLS between node, broker and hub: the one place that makes contexts, and says refusals in words.

A node judges chain and name of who answers, never dates: it may have no clock when it starts, and the time
comes from the hub. Broker and hub, which have the time, judge the dates of nodes.
"""

import select
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from edge.wire.errors import TlsUnusable

__all__ = [
    "Tls",
    "client_context",
    "explained",
    "is_unverified",
    "unverified_context",
    "verifying_context",
]

_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)  # X509_V_FLAG_NO_CHECK_TIME, which Python does not name
_VERDICT_S = 2.0

# The first that stands in what OpenSSL says is told; its names differ between versions.
_IN_WORDS = (
    ("hostname mismatch", "the certificate of who answers is for another name"),
    ("ip address mismatch", "the certificate of who answers is for another address"),
    ("unsuitable certificate purpose", "who answers has a certificate that is not a server's"),
    ("certificate verify failed", "the certificate of who answers is not from this site's authority"),
    ("certificate required", "it wants a certificate and got none"),
    ("certificate expired", "this node's certificate has expired: enrol it anew"),
    ("certificate revoked", "this node's certificate was revoked: enrol it anew"),
    ("unknown ca", "this node's certificate is from another site's authority: enrol it here"),
    ("bad certificate", "this node's certificate is refused: enrol it anew"),
    ("certificate unknown", "this node's certificate is refused: enrol it anew"),
    ("wrong version number", "no TLS is spoken at this port"),
    ("record layer failure", "no TLS is spoken at this port"),
    ("connection refused", "nothing listens there: does the hub run, is the port right"),
    ("no route to host", "there is no way to that machine: is it on, is the network connected"),
    ("network is unreachable", "this machine has no way there: is its network connected"),
    ("name or service not known", "no machine is known by this name here"),
    ("temporary failure in name resolution", "nobody here can tell the address of this name"),
    ("timed out", "no answer in time: is the machine on, does a firewall stand between"),
)


@dataclass(frozen=True)
class Tls:
    """The files (PEM) that a client proves itself with, and the authority that it believes."""

    key: Path
    certificate: Path
    authority: Path


class _Socket(ssl.SSLSocket):
    """Says at once why it was refused, and closes itself then.

    Under TLS 1.3 a server judges the client's certificate after the handshake. A request sent meanwhile would
    be answered by a reset, which wipes out the refusal and its reason. So the server's first word is awaited:
    a refusal, or the session tickets that follow a good handshake. Servers of MQTT and HTTP say nothing else.
    """

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
            if self.version() == "TLSv1.3":
                self._await_verdict()
        except ssl.SSLWantReadError:
            raise
        except OSError:
            self.close()
            raise

    def _await_verdict(self) -> None:
        patience_s = self.gettimeout()
        readable, _, _ = select.select([self], [], [], _VERDICT_S)
        if not readable:
            return
        self.settimeout(0)
        with suppress(ssl.SSLWantReadError):  # tickets, and no more
            self.recv(1)
            raise ConnectionAbortedError("the other side ended the connection after the handshake")
        self.settimeout(patience_s)


def client_context(tls: Tls) -> ssl.SSLContext:
    """A context from the files as they are now. Raises `TlsUnusable` with the file's name."""
    context = verifying_context(tls.authority)
    for path in (tls.certificate, tls.key):
        with _named(path, "a readable file"), path.open("rb"):
            pass
    with _named(tls.certificate, f"a certificate that fits {tls.key.name}"):
        context.load_cert_chain(tls.certificate, tls.key, password=_never_ask)
    return context


def verifying_context(authority: Path) -> ssl.SSLContext:
    """A context for who has no certificate to show: whoever answers must be vouched for by this authority.
    Raises `TlsUnusable`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # demands a chain and the host's name
    context.sslsocket_class = _Socket
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_flags |= _NO_CHECK_TIME
    with _named(authority, "certificates of the authority"):
        context.load_verify_locations(authority)
    return context


def unverified_context() -> ssl.SSLContext:
    """A context that believes anyone: for an exchange that proves itself otherwise (`edge.wire.papers`)."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def explained(said: str) -> str:
    """What a TLS library or a socket said, with what it means put before it where that is known."""
    plain = said.lower().replace("_", " ")
    for mark, words in _IN_WORDS:
        if mark in plain:
            return f"{words} ({said})"
    return said


def is_unverified(error: BaseException | None) -> bool:
    """Whether who answered was not vouched for, whatever wraps that."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _never_ask() -> str:
    return ""  # a key with a password would make OpenSSL ask on the terminal


@contextmanager
def _named(path: Path, wanted: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # ssl.SSLError is one
        found = error.strerror or str(error)
        raise TlsUnusable(f"{path}: wanted {wanted}; found {found}") from error
