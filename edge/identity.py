"""Who a node is: its private key, made here and never given away, and the certificate that the hub signed."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from edge.errors import IdentityError
from edge.files import move_aside, write_once

__all__ = ["Certificate", "MadeKey", "check_fit", "make_key", "read_certificate", "request_for"]

_CURVE = ec.SECP256R1()


@dataclass(frozen=True)
class MadeKey:
    """Whether a key was made now, and where an unreadable one was put."""

    is_new: bool
    aside: Path | None = None


@dataclass(frozen=True)
class Certificate:
    """Whose certificate it is, by its number (hexadecimal), and from when to when."""

    node: str
    serial: str
    begins: datetime
    ends: datetime


def make_key(path: Path) -> MadeKey:
    """See that `path` (mode 0600) holds a private key on P-256: a good one stays, one that cannot be read is
    put aside. Raises OSError, `IdentityError`."""
    aside = None
    try:
        _read_key(path)
        return MadeKey(is_new=False)
    except FileNotFoundError:
        pass
    except IdentityError:
        aside = move_aside(path)
    pem = ec.generate_private_key(_CURVE).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    is_new = write_once(path, pem, mode=0o600)
    return MadeKey(is_new=is_new, aside=aside)


def request_for(path: Path) -> str:
    """A certificate signing request (PEM) for the key at `path`. Its name is empty: the hub says who this is.
    Raises OSError, `IdentityError`."""
    key = _read_key(path)
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode()


def read_certificate(pem: str) -> Certificate:
    """What a certificate says. Raises `IdentityError`."""
    found = _load(pem)
    names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(
        node=str(names[0].value) if names else "",
        serial=f"{found.serial_number:x}",
        begins=found.not_valid_before_utc,
        ends=found.not_valid_after_utc,
    )


def check_fit(pem: str, *, key: Path, authority: str) -> None:
    """Raises `IdentityError` unless the certificate is for the key and signed by (one of) the authority's;
    OSError if the key cannot be read."""
    certificate = _load(pem)
    if _plain(certificate.public_key()) != _plain(_read_key(key).public_key()):
        raise IdentityError(f"wanted a certificate for the key in {key}; found one for another key")
    try:
        signers = x509.load_pem_x509_certificates(authority.encode())
    except ValueError as error:
        raise IdentityError("wanted the authority's certificate (PEM); found something else") from error
    if not any(_is_signed(certificate, by=signer) for signer in signers):
        raise IdentityError("wanted a certificate signed by the authority beside it; found another's")


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:  # not PEM, cut short, or with a password
        raise IdentityError(
            f"{path}: wanted a private key (PEM, no password); found something else"
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise IdentityError(f"{path}: wanted a private key on the curve P-256; found another kind")
    return key


def _load(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError as error:
        raise IdentityError("wanted a certificate (PEM); found something else") from error


def _is_signed(certificate: x509.Certificate, *, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _plain(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise IdentityError("wanted a certificate for a key on the curve P-256; found another kind")
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
