"""Reading a node's signing request: what it proves, and nothing that it wishes for. Pure."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from hub.authority_x509 import PublicKey, fingerprint_of

__all__ = ["Request", "WrongRequest", "read_request"]


class WrongRequest(Exception):
    """What came is no request that can be signed; the text says why."""


@dataclass(frozen=True)
class Request:
    """What counts of a signing request: its key, which its sender holds. Names and wishes in it do not."""

    key: PublicKey

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key, in hexadecimal."""
        return fingerprint_of(self.key)


def read_request(text: str) -> Request:
    """A signing request (PEM) whose sender holds its key: P-256 or Ed25519. Raises `WrongRequest`."""
    try:
        request = x509.load_pem_x509_csr(text.encode())
        key = request.public_key()
        holds = isinstance(key, PublicKey) and request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, InvalidSignature) as error:
        raise WrongRequest(f"it cannot be read: {str(error)[:100]}") from error
    if not isinstance(key, PublicKey) or (
        isinstance(key, EllipticCurvePublicKey) and not isinstance(key.curve, SECP256R1)
    ):
        raise WrongRequest("its key is neither P-256 nor Ed25519")
    if not holds:
        raise WrongRequest("its signature does not hold")
    return Request(key)
