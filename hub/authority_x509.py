"""Certificates of the hub's own authority: made, read and judged. No file is opened and no clock read here.

Every certificate and list begins in 1970, but the one that browsers see: whether a node belongs to the site
must not hang on a clock that a power cut set back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.authority_names import alternative, covers, scope_of

__all__ = [
    "LIFE",
    "Issued",
    "Issuer",
    "PublicKey",
    "end_of",
    "fingerprint_of",
    "is_due",
    "is_key",
    "key_text",
    "new_issuer",
    "new_key",
    "read_issuer",
    "serves",
]

LIFE = timedelta(days=730)
"""How long certificates of nodes and of the hub's doors hold; browsers take no more than 825 days."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(2075, 1, 1, tzinfo=UTC)
_NOT_BEFORE_NOW = datetime(2026, 11, 1, tzinfo=UTC)
"""When this was written: a clock that shows an earlier time is wrong."""
_BACKDATED = timedelta(days=1)
_LONGEST_COMMON_NAME = 64
_DOORS = "hub"  # no address: OpenSSL would take it for a name, which the authority's bounds do not hold

PublicKey = EllipticCurvePublicKey | Ed25519PublicKey


@dataclass(frozen=True)
class Issued:
    """A signed certificate. `serial` is hexadecimal in capitals without leading zeros."""

    serial: str
    fingerprint: str
    expires_at: datetime
    pem: str


class Issuer:
    """The authority's key and certificate, and what it signs with them."""

    def __init__(self, key: EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate

    @property
    def certificate_pem(self) -> str:
        """Its own certificate, for all who have to know it."""
        return _pem(self._certificate)

    @property
    def text(self) -> str:
        """Its private key and its certificate (PEM, not encrypted), as `read_issuer` reads them."""
        return key_text(self._key) + self.certificate_pem

    def reached_by(self, names: Sequence[str]) -> "Issuer":
        """The authority that may vouch for a hub of these names: this one, or the same key with other bounds.

        What was signed before holds under both.
        """
        is_enough = covers(self._certificate, names)
        return self if is_enough else _issuer(self._key, self._certificate.subject, names)

    def has_signed(self, pem: str) -> bool:
        """Whether a certificate, which must be one, is of this authority's key."""
        try:
            x509.load_pem_x509_certificate(pem.encode()).verify_directly_issued_by(self._certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def node(self, node: str, key: PublicKey, *, enrolment: str, now: datetime) -> Issued:
        """A certificate by which the holder of `key` is `node` as long as this enrolment of it lasts."""
        return self._sign(
            _name(node, enrolment), key, begins=_BEGINNING, now=now, usage=ExtendedKeyUsageOID.CLIENT_AUTH
        )

    def server(self, names: Sequence[str], key_pem: str, *, now: datetime) -> Issued:
        """A certificate for the hub's doors, with this private key, under these names and addresses."""
        alternatives = x509.SubjectAlternativeName([alternative(name) for name in names])
        return self._sign(
            _name(_DOORS),
            _private_key(key_pem).public_key(),
            begins=_believed(now) - _BACKDATED,
            now=now,
            usage=ExtendedKeyUsageOID.SERVER_AUTH,
            names=alternatives,
        )

    def revocations(self, serials: Iterable[str]) -> str:
        """The list of revoked certificates (PEM)."""
        known = sorted(set(serials))
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(_BEGINNING)
            .next_update(_END)
            .add_extension(x509.CRLNumber(len(known)), critical=False)
        )
        for serial in known:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(int(serial, 16))
                .revocation_date(_BEGINNING)
                .build()
            )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()

    def _sign(
        self,
        subject: x509.Name,
        key: PublicKey,
        *,
        begins: datetime,
        now: datetime,
        usage: x509.ObjectIdentifier,
        names: x509.SubjectAlternativeName | None = None,
    ) -> Issued:
        serial, ends = x509.random_serial_number(), min(_believed(now) + LIFE, _END)
        builder = (
            _builder(subject, self._certificate.subject, key, serial, begins, ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )
        if names is not None:
            builder = builder.add_extension(names, critical=False)
        signed = builder.sign(self._key, hashes.SHA256())
        return Issued(f"{serial:X}", fingerprint_of(key), signed.not_valid_after_utc, _pem(signed))


def new_key() -> EllipticCurvePrivateKey:
    """A new private key on P-256."""
    return generate_private_key(SECP256R1())


def new_issuer(site: str, names: Sequence[str]) -> Issuer:
    """A new authority for a site whose hub is reached by these names and addresses."""
    return _issuer(new_key(), _name(f"Loa {site}"[:_LONGEST_COMMON_NAME]), names)


def _issuer(key: EllipticCurvePrivateKey, name: x509.Name, names: Sequence[str]) -> Issuer:
    signed = (
        _builder(name, name, key.public_key(), x509.random_serial_number(), _BEGINNING, _END)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs=True), critical=True)
        .add_extension(scope_of(names), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Issuer(key, signed)


def read_issuer(text: str) -> Issuer:
    """The authority whose private key and certificate (PEM) stand in one text. Raises ValueError."""
    key, certificate = _private_key(text), x509.load_pem_x509_certificate(text.encode())
    if key.public_key() != certificate.public_key():
        raise ValueError("the key and the certificate do not belong together")
    return Issuer(key, certificate)


def fingerprint_of(key: PublicKey) -> str:
    """SHA-256 of a public key (SubjectPublicKeyInfo), in hexadecimal."""
    return sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def end_of(pem: str) -> datetime:
    """When a certificate ends. Raises ValueError for what is none."""
    return x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc


def is_due(expires_at: datetime, *, now: datetime) -> bool:
    """Whether a certificate should be renewed: less than a third of its life remains."""
    return expires_at - _believed(now) < LIFE / 3


def serves(pem: str, *, key_pem: str, issuer: Issuer, names: Sequence[str], now: datetime) -> bool:
    """Whether a certificate of the hub's doors will do for now: its key, signer, names and dates."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        key = _private_key(key_pem)
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    return (
        issuer.has_signed(pem)
        and certificate.public_key() == key.public_key()
        and certificate.subject == _name(_DOORS)
        and list(found) == [alternative(name) for name in names]
        and (certificate.not_valid_before_utc <= now or now < _NOT_BEFORE_NOW)
        and not is_due(certificate.not_valid_after_utc, now=now)
    )


def key_text(key: EllipticCurvePrivateKey) -> str:
    """A private key as PEM (PKCS #8, not encrypted)."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def is_key(text: str) -> bool:
    """Whether a text is a private key as `key_text` writes it."""
    try:
        _private_key(text)
    except ValueError:
        return False
    return True


def _private_key(text: str) -> EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(text.encode(), None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error
    if isinstance(key, EllipticCurvePrivateKey):
        return key
    raise ValueError("a key on P-256 is wanted")


def _believed(now: datetime) -> datetime:
    return min(max(now, _NOT_BEFORE_NOW), _END)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: PublicKey,
    serial: int,
    begins: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=serial,
        not_valid_before=begins,
        not_valid_after=ends,
    )


def _key_usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str, unit: str = "") -> x509.Name:
    units = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit)] if unit else []
    return x509.Name([*units, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
