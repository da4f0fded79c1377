"""Signatures: JWS compact, Ed25519 only (RFC 7515, RFC 8037, RFC 9864), one `typ` for each kind of message.

Nothing but the header is read before a signature holds. A key's id is its RFC 7638 thumbprint.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Self

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from edge.wire.base import MAX_MESSAGE_BYTES
from edge.wire.errors import Untrusted

__all__ = ["Ending", "Keyring", "SignedKind", "SigningKey"]

_ALGORITHM = "Ed25519"
_HEADER = {"alg", "typ", "kid"}
_LONGEST_HEADER = 512
_SIGNATURE_BYTES = 64


class SignedKind(StrEnum):
    """What a signed message is; a plan can never pass for an order."""

    PLAN = "loa-plan"
    STANDING = "loa-standing"
    ORDER = "loa-order"
    TIME = "loa-time"
    SUCCESSION = "loa-succession"


class _Registry(jws.JWSRegistry):
    max_header_length = _LONGEST_HEADER
    max_payload_length = MAX_MESSAGE_BYTES


_REGISTRY = _Registry(algorithms=[_ALGORITHM])


class Ending:
    """How many payloads end: written in base64url once, as it reads behind a beginning of any length."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._segments = tuple(_segment(raw[skipped:]) for skipped in range(3))

    def __len__(self) -> int:
        return len(self._raw)

    def behind(self, beginning: bytes) -> bytes:
        """The segment of the payload that is `beginning` and then this."""
        skipped = -len(beginning) % 3
        return _segment(beginning + self._raw[:skipped]) + self._segments[skipped]


@dataclass(frozen=True)
class SigningKey:
    """A site's private key. Its JSON form is a secret: a file of mode 0600 on the hub, nowhere else.

    Or a recovery key, which is on paper only.
    """

    _key: OKPKey

    @classmethod
    def generate(cls) -> Self:
        """A new random key."""
        return cls(OKPKey.generate_key("Ed25519"))

    @classmethod
    def derived(cls, secret: bytes) -> Self:
        """The key that always follows from this secret of at least 128 bits: HKDF-SHA256 (RFC 5869)."""
        options = {"salt": b"loa signing key", "info": b""}
        return cls(OKPKey.derive_key(secret, "Ed25519", kdf_name="HKDF", kdf_options=options))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            key = OKPKey.import_key(json.loads(text))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise ValueError(f"not an Ed25519 key: {error}") from error
        if key.curve_name != "Ed25519" or not key.is_private:
            raise ValueError("not a private Ed25519 key")
        return cls(key)

    def to_json(self) -> str:
        """The private key as a JWK."""
        return json.dumps(self._key.as_dict(private=True), sort_keys=True)

    @cached_property
    def key_id(self) -> str:
        """The thumbprint that signed messages carry as `kid`."""
        return self._key.thumbprint()

    def public(self) -> str:
        """The public half, as nodes pin it: 43 characters of base64url."""
        return str(self._key.as_dict(private=False)["x"])

    def sign(self, kind: SignedKind, payload: bytes, *, ending: Ending | None = None) -> bytes:
        """`payload`, and `ending` behind it, signed as `kind`, in JWS compact form; the same for the same.

        Raises ValueError for more than may be sent.
        """
        self.check_size(kind, len(payload) + len(ending or b""))
        segment = ending.behind(payload) if ending is not None else _segment(payload)
        signing_input = self._headers[kind] + b"." + segment
        signature = _REGISTRY.get_alg(_ALGORITHM).sign(signing_input, self._key)
        return signing_input + b"." + _segment(signature)

    def check_size(self, kind: SignedKind, payload_bytes: int) -> None:
        """Raises ValueError when a payload of that many bytes would be more than may be sent."""
        segments = (payload_bytes, _SIGNATURE_BYTES)
        size = len(self._headers[kind]) + 2 + sum(-(-each * 4 // 3) for each in segments)
        if size > MAX_MESSAGE_BYTES:
            raise ValueError(f"{size} bytes signed; at most {MAX_MESSAGE_BYTES} may be sent")

    @cached_property
    def _headers(self) -> dict[SignedKind, bytes]:
        texts = {"alg": _ALGORITHM, "typ": "", "kid": self.key_id}
        return {
            kind: _segment(json.dumps(texts | {"typ": kind.value}, separators=(",", ":")).encode())
            for kind in SignedKind
        }


class Keyring:
    """The public keys that a node pins. Raises ValueError for a text that is not such a key."""

    def __init__(self, *public_keys: str) -> None:
        keys = [_public_key(text) for text in public_keys]
        self._keys = {key.thumbprint(): key for key in keys}

    def open(self, kind: SignedKind, token: bytes) -> bytes:
        """The payload of `token` if a pinned key signed it as `kind`. Raises `Untrusted`."""
        header = _read_header(token)
        if header["alg"] != _ALGORITHM:
            raise Untrusted("malformed", f"wanted {_ALGORITHM}, found {header['alg'][:40]}")
        if header["typ"] != kind.value:
            raise Untrusted("wrong_kind", f"wanted {kind.value}, found {header['typ'][:40]}")
        key = self._keys.get(header["kid"])
        if key is None:
            raise Untrusted("unknown_key", header["kid"][:60])
        try:
            return jws.deserialize_compact(token, key, registry=_REGISTRY).payload
        except (JoseError, ValueError) as error:
            raise Untrusted("bad_signature", str(error)[:200]) from error


def _segment(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


def _read_header(token: bytes) -> dict[str, str]:
    """The protected header: exactly the texts that `SigningKey.sign` writes, whatever else a JWS may hold."""
    segment, dot, rest = token.partition(b".")
    if not dot or rest.count(b".") != 1 or len(segment) > _LONGEST_HEADER:
        raise Untrusted("malformed", "not a signed message")
    try:
        header = json.loads(urlsafe_b64decode(segment + b"=" * (-len(segment) % 4)))
    except (ValueError, RecursionError) as error:
        raise Untrusted("malformed", "the header cannot be read") from error
    if not isinstance(header, dict) or set(header) != _HEADER or not _are_texts(header.values()):
        raise Untrusted("malformed", f"a header of the texts {', '.join(sorted(_HEADER))} is wanted")
    return header


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _public_key(text: str) -> OKPKey:
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": text})
    except (JoseError, ValueError) as error:
        raise ValueError(f"not an Ed25519 public key: {text[:60]!r}") from error
