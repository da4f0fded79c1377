"""Keys, requests and certificates as nodes and strangers make them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from hub.authority_request import read_request
from hub.authority_x509 import Issuer

__all__ = ["ENROLMENT", "Identity", "PrivateKey", "node_key", "request_of"]

ENROLMENT = "2026-11-20T00:00:00.000000Z"
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def node_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def request_of(key: PrivateKey, *, name: str = "") -> str:
    """A signing request (PEM) of this key."""
    wanted = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else []
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(wanted))
    return builder.sign(key, digest).public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True)
class Identity:
    """Key and certificate in files, as a program takes them."""

    certificate: Path
    key: Path

    @classmethod
    def write(cls, folder: Path, name: str, *, key: PrivateKey, pem: str) -> "Identity":
        made = cls(folder / f"{name}.crt", folder / f"{name}.key")
        made.certificate.write_text(pem)
        made.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return made

    @classmethod
    def expired(cls, folder: Path, name: str, *, issuer: Issuer, now: datetime) -> "Identity":
        """A node's, signed by `issuer`, whose time is over."""
        key = node_key()
        authority = x509.load_pem_x509_certificate(issuer.certificate_pem.encode())
        builder = x509.CertificateBuilder(
            issuer_name=authority.subject,
            subject_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
            public_key=key.public_key(),
            serial_number=x509.random_serial_number(),
            not_valid_before=now - timedelta(days=3),
            not_valid_after=now - timedelta(days=1),
        )
        signer = load_pem_private_key(issuer.text.encode(), None)
        assert isinstance(signer, ec.EllipticCurvePrivateKey)
        pem = builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.PEM).decode()
        return cls.write(folder, f"{name}-expired", key=key, pem=pem)

    @classmethod
    def issue(
        cls, folder: Path, name: str, *, issuer: Issuer, now: datetime, enrolment: str = ENROLMENT
    ) -> "Identity":
        """A node's, signed by `issuer` at `now`."""
        key = node_key()
        signed = issuer.node(name, read_request(request_of(key)).key, enrolment=enrolment, now=now)
        return cls.write(folder, f"{name}-{signed.serial}", key=key, pem=signed.pem)

    @property
    def serial(self) -> str:
        """The certificate's, as the hub keeps it."""
        return f"{x509.load_pem_x509_certificate(self.certificate.read_bytes()).serial_number:X}"
