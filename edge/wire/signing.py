"""Signatures: JWS compact, Ed25519 only (RFC 7515, RFC 8037, RFC 9864), one `typ` for each kind of message.

Nothing but the header is read before a signature holds. A key's id is its RFC 7638 thumbprint.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from edge.wire.base import MAX_MESSAGE_BYTES
from edge.wire.errors import Untrusted

__all__ = ["Keyring", "SignedKind", "SigningKey"]

_ALGORITHM = "Ed25519"


class SignedKind(StrEnum):
    """What a signed message is; a plan can never pass for an order."""

    PLAN = "loa-plan"
    STANDING = "loa-standing"
    ORDER = "loa-order"
    TIME = "loa-time"


class _Registry(jws.JWSRegistry):
    max_payload_length = MAX_MESSAGE_BYTES


_REGISTRY = _Registry(algorithms=[_ALGORITHM])


@dataclass(frozen=True)
class SigningKey:
    """A site's private key. Its JSON form is a secret: a file of mode 0600 on the hub, nowhere else."""

    _key: OKPKey

    @classmethod
    def generate(cls) -> Self:
        """A new random key."""
        return cls(OKPKey.generate_key("Ed25519"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            return cls(OKPKey.import_key(json.loads(text)))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ValueError(f"not an Ed25519 key: {error}") from error

    def to_json(self) -> str:
        """The private key as a JWK."""
        return json.dumps(self._key.as_dict(private=True), sort_keys=True)

    @property
    def key_id(self) -> str:
        """The thumbprint that signed messages carry as `kid`."""
        return self._key.thumbprint()

    def public(self) -> str:
        """The public half, as nodes pin it: 43 characters of base64url."""
        return str(self._key.as_dict(private=False)["x"])

    def sign(self, kind: SignedKind, payload: bytes) -> bytes:
        """`payload` signed as `kind`, in JWS compact form."""
        header = {"alg": _ALGORITHM, "typ": kind.value, "kid": self.key_id}
        return jws.serialize_compact(header, payload, self._key, registry=_REGISTRY).encode()


class Keyring:
    """The public keys that a node pins. Raises ValueError for a text that is not such a key."""

    def __init__(self, *public_keys: str) -> None:
        keys = [_public_key(text) for text in public_keys]
        self._keys = {key.thumbprint(): key for key in keys}

    def open(self, kind: SignedKind, token: bytes) -> bytes:
        """The payload of `token` if a pinned key signed it as `kind`. Raises `Untrusted`."""
        try:
            parts = jws.extract_compact(token, registry=_REGISTRY)
            header = parts.headers()
        except (JoseError, ValueError) as error:
            raise Untrusted("malformed", str(error)[:200]) from error
        if header.get("typ") != kind.value:
            raise Untrusted("wrong_kind", f"wanted {kind.value}, found {str(header.get('typ'))[:40]}")
        key = self._keys.get(str(header.get("kid")))
        if key is None:
            raise Untrusted("unknown_key", str(header.get("kid"))[:60])
        try:
            return jws.deserialize_compact(token, key, registry=_REGISTRY).payload
        except (JoseError, ValueError) as error:
            raise Untrusted("bad_signature", str(error)[:200]) from error


def _public_key(text: str) -> OKPKey:
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": text})
    except (JoseError, ValueError) as error:
        raise ValueError(f"not an Ed25519 public key: {text[:60]!r}") from error
