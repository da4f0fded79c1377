"""Who knocks at the hub's doors with papers of every kind: at the broker, and at the devices' door."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from tests.certificates import TestAuthority, new_key, pem_of_key
from tests.system.deploy.site_rig import BROKER, DEVICES, HUB, PEOPLE, Site

__all__ = ["Knocker", "enrolled", "expired", "of_another_site", "without_certificate"]

PATIENCE_S = 10.0
CAME_IN = b"\x20\x02\x00\x00"
UNKNOWN_RECORDING = f"/media/{'0' * 64}.opus"


@dataclass(frozen=True)
class Knocker:
    """Somebody with a certificate and its key, or with none; believes the site's authority."""

    site: Site
    files: tuple[Path, Path] | None

    def context(self) -> ssl.SSLContext:
        context = self.site.trust()
        if self.files is not None:
            certificate, key = self.files
            context.load_cert_chain(certificate, key)
        return context

    @contextmanager
    def at_broker(self) -> Iterator[ssl.SSLSocket]:
        """A connection on which MQTT's CONNECT was said. Raises OSError when it is broken off before."""
        address = self.site.address(HUB)
        with (
            socket.create_connection((address, BROKER), timeout=PATIENCE_S) as line,
            self.context().wrap_socket(line, server_hostname=address) as way,
        ):
            way.sendall(_packet(0x10, b"\x00\x04MQTT\x04\x02\x00\x3c" + _text("stranger")))
            yield way

    def comes_in(self) -> bool:
        """Whether the broker lets it in."""
        try:
            with self.at_broker() as way:
                return way.recv(4) == CAME_IN
        except (ssl.SSLError, ConnectionError):
            return False

    def say(self, topic: str, payload: bytes) -> None:
        """Publish, whether or not it may."""
        with self.at_broker() as way:
            assert way.recv(4) == CAME_IN
            way.sendall(_packet(0x30, _text(topic) + payload))
            way.sendall(_packet(0xC0, b""))
            assert way.recv(2) == b"\xd0\x00"  # the answer to a ping: what came before it has been read

    def asks_for_recording(self, *, port: int = DEVICES, headers: dict[str, str] | None = None) -> int:
        """What the hub answers: 404 to its nodes, who may ask for a recording that is not there."""
        url = f"https://{self.site.address(HUB)}:{port}{UNKNOWN_RECORDING}"
        return httpx.get(url, verify=self.context(), timeout=PATIENCE_S, headers=headers).status_code

    def forges_headers(self) -> int:
        """What the people's door answers to one who says that his certificate was judged good."""
        assert self.files is not None
        held = x509.load_pem_x509_certificate(self.files[0].read_bytes())
        said = {
            "X-Loa-Certificate-Verify": "SUCCESS",
            "X-Loa-Certificate-Serial": f"{held.serial_number:X}",
            "X-Loa-Certificate-Subject": held.subject.rfc4514_string(),
        }
        return self.asks_for_recording(port=PEOPLE, headers=said)


def without_certificate(site: Site) -> Knocker:
    return Knocker(site, None)


def of_another_site(site: Site, folder: Path) -> Knocker:
    """A node of the next commune, with the name of one of ours."""
    papers = TestAuthority("xa-ben").node(folder / "other-site", "to-1-loa-1")
    return Knocker(site, (papers.certificate, papers.key))


def enrolled(site: Site, folder: Path, name: str) -> Knocker:
    """A node that the hub knows, and that no machine is."""
    folder.mkdir(parents=True, exist_ok=True)
    key = new_key()
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    said = site.machines[HUB].told(
        *("loa-hub", "enroll", name, "--kind", "speaker", "--area", "to-1", "--request", "-"),
        *("--config", "/etc/loa/hub.toml"),
        given=request.public_bytes(Encoding.PEM).decode(),
    )
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_text(json.loads(said)["certificate"])
    files[1].write_bytes(pem_of_key(key))
    return Knocker(site, files)


def expired(site: Site, folder: Path) -> Knocker:
    """A certificate that the site's own authority signed, and that ended yesterday."""
    authority = site.trees[HUB].path("/var/lib/loa-hub/authority/authority.pem").read_bytes()
    issuer, now, key = x509.load_pem_x509_certificate(authority), datetime.now(UTC), new_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "to-1-loa-1")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=700))
        .not_valid_after(now - timedelta(days=1))
        .sign(load_pem_private_key(authority, None), hashes.SHA256())  # type: ignore[arg-type]
    )
    files = folder / "expired.crt", folder / "expired.key"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(pem_of_key(key))
    return Knocker(site, files)


def _packet(kind: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([kind, len(content)]) + content


def _text(text: str) -> bytes:
    return len(text.encode()).to_bytes(2) + text.encode()
