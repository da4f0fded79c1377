"""A certificate authority for tests: good papers, and each kind of bad ones."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from edge.wire.tls import Tls

__all__ = ["TestAuthority", "new_key", "pem_of_key"]

_DAY = timedelta(days=1)
_NODE, _SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    pkcs8, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, pkcs8, plain)


class TestAuthority:
    """One site's authority. Dates are days from now; a certificate is for a node or for a server."""

    __test__ = False

    def __init__(self, name: str = "tan-hoa", *, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self._key = new_key()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Loa {name}")])
        builder = self._builder(self._name, self._key.public_key(), begins=-3650, ends=3650)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._certificate = builder.sign(self._key, hashes.SHA256())

    @property
    def pem(self) -> str:
        return _pem(self._certificate)

    def sign(self, request: str, name: str, *, begins: float = -1, ends: float = 730) -> str:
        """A node's certificate for the key in a request (PEM)."""
        asked = x509.load_pem_x509_csr(request.encode())
        assert asked.is_signature_valid
        return self._issue(asked.public_key(), name, use=_NODE, begins=begins, ends=ends)

    def node(self, folder: Path, name: str, *, begins: float = -1, ends: float = 730) -> Tls:
        """Files of a node that believes this authority."""
        key = new_key()
        certificate = self._issue(key.public_key(), name, use=_NODE, begins=begins, ends=ends)
        return self._written(folder, key, certificate)

    def server(
        self, folder: Path, names: Sequence[str] = ("127.0.0.1",), *, begins: float = -1, ends: float = 730
    ) -> Tls:
        """Files of a server of these names and addresses."""
        key = new_key()
        certificate = self._issue(
            key.public_key(), names[0], use=_SERVER, begins=begins, ends=ends, names=names
        )
        return self._written(folder, key, certificate)

    def revoked(self, *certificates: Path) -> str:
        """A list (PEM) that revokes these certificates."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(self.now - _DAY).next_update(self.now + 3650 * _DAY)
        for path in certificates:
            serial = x509.load_pem_x509_certificate(path.read_bytes()).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(self.now)
            builder = builder.add_revoked_certificate(entry.build())
        signed = builder.sign(self._key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()

    def _issue(
        self,
        key: object,
        name: str,
        *,
        use: x509.ObjectIdentifier,
        begins: float,
        ends: float,
        names: Sequence[str] = (),
    ) -> str:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._builder(subject, key, begins=begins, ends=ends)
        builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_general(each) for each in names]), critical=False
            )
        return _pem(builder.sign(self._key, hashes.SHA256()))

    def _builder(
        self, subject: x509.Name, key: object, *, begins: float, ends: float
    ) -> x509.CertificateBuilder:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now + begins * _DAY)
            .not_valid_after(self.now + ends * _DAY)
        )

    def _written(self, folder: Path, key: ec.EllipticCurvePrivateKey, certificate: str) -> Tls:
        folder.mkdir(parents=True, exist_ok=True)
        tls = Tls(folder / "node.key", folder / "node.crt", folder / "authority.crt")
        tls.key.write_bytes(pem_of_key(key))
        tls.key.chmod(0o600)
        tls.certificate.write_text(certificate)
        tls.authority.write_text(self.pem)
        return tls


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
