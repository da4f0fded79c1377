import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.wire.base import MAX_MESSAGE_BYTES
from edge.wire.errors import Untrusted
from edge.wire.signing import Keyring, SignedKind, SigningKey
from tests import factories as make

HEADER = {"alg": "Ed25519", "typ": "loa-plan", "kid": make.signing_key().key_id}
PAYLOAD = b'{"v":1}'


def segment(content: Any) -> bytes:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def token(header: Any = HEADER, payload: bytes = PAYLOAD, signature: bytes = b"") -> bytes:
    return b".".join((segment(header), segment(payload), segment(signature)))


def signed(kind: SignedKind = SignedKind.PLAN) -> bytes:
    return make.signing_key().sign(kind, PAYLOAD)


def reason_of_refusal(raw: bytes, *, keyring: Keyring | None = None) -> str:
    with pytest.raises(Untrusted) as caught:
        (keyring or make.keyring()).open(SignedKind.PLAN, raw)
    return caught.value.reason


def test_what_the_site_signed_is_opened() -> None:
    assert make.keyring().open(SignedKind.PLAN, signed()) == PAYLOAD


def test_the_key_id_is_the_thumbprint_of_rfc_8037() -> None:
    assert make.signing_key().key_id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_second_pinned_key_opens_too() -> None:
    recovery = SigningKey.generate()
    both = Keyring(make.signing_key().public(), recovery.public())
    assert both.open(SignedKind.PLAN, recovery.sign(SignedKind.PLAN, PAYLOAD)) == PAYLOAD


def test_another_key_is_unknown() -> None:
    assert reason_of_refusal(SigningKey.generate().sign(SignedKind.PLAN, PAYLOAD)) == "unknown_key"


def test_another_key_under_the_sites_key_id_does_not_hold() -> None:
    theirs = SigningKey.generate().sign(SignedKind.PLAN, PAYLOAD)
    forged = b".".join((segment(HEADER), *theirs.split(b".")[1:]))
    assert reason_of_refusal(forged) == "bad_signature"


@pytest.mark.parametrize("kind", [SignedKind.ORDER, SignedKind.STANDING, SignedKind.TIME])
def test_one_kind_never_passes_for_another(kind: SignedKind) -> None:
    assert reason_of_refusal(signed(kind)) == "wrong_kind"


def test_a_signature_of_another_kind_under_this_kinds_header_does_not_hold() -> None:
    order = signed(SignedKind.ORDER)
    assert reason_of_refusal(b".".join((segment(HEADER), *order.split(b".")[1:]))) == "bad_signature"


def test_an_altered_payload_does_not_hold() -> None:
    header, _, signature = signed().split(b".")
    assert reason_of_refusal(b".".join((header, segment(b'{"v":2}'), signature))) == "bad_signature"


@pytest.mark.parametrize("signature", [b"", b"x", b"\0" * 64])
def test_a_made_up_signature_does_not_hold(signature: bytes) -> None:
    assert reason_of_refusal(token(signature=signature)) == "bad_signature"


def test_a_token_without_algorithm_is_not_opened() -> None:
    assert reason_of_refusal(token(HEADER | {"alg": "none"})) == "malformed"


def test_the_public_key_taken_as_a_shared_secret_does_not_hold() -> None:
    header = HEADER | {"alg": "HS256"}
    secret = make.signing_key().public().encode()
    mac = hmac.new(secret, segment(header) + b"." + segment(PAYLOAD), hashlib.sha256).digest()
    assert reason_of_refusal(token(header, PAYLOAD, mac)) == "malformed"


@pytest.mark.parametrize(
    "header",
    [
        "alg",
        ["alg"],
        5,
        None,
        {},
        HEADER | {"alg": 5},
        HEADER | {"alg": ["Ed25519"]},
        HEADER | {"typ": {}},
        HEADER | {"kid": []},
        HEADER | {"crit": 5},
        HEADER | {"crit": ["b64"], "b64": False},
        HEADER | {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": SigningKey.generate().public()}},
        HEADER | {"jku": "https://keys.example/"},
        {"alg": "Ed25519", "typ": "loa-plan"},
        b"\xff\xfe",
        b"\xff\xff\xff",
        b"[" * 300,
        HEADER | {"kid": "k" * 600},
    ],
)
def test_any_other_header_is_malformed(header: Any) -> None:
    assert reason_of_refusal(token(header, PAYLOAD, b"\0" * 64)) == "malformed"


@pytest.mark.parametrize("raw", [b"", b".", b"..", b"....", b"A..", b"\xff.\xff.\xff", PAYLOAD])
def test_what_is_no_token_is_malformed(raw: bytes) -> None:
    assert reason_of_refusal(raw) == "malformed"


def test_a_header_alone_is_malformed() -> None:
    assert reason_of_refusal(signed().split(b".")[0]) == "malformed"


@given(cut=st.integers(0, len(signed()) - 1))
def test_a_truncated_token_is_refused(cut: int) -> None:
    with pytest.raises(Untrusted):
        make.keyring().open(SignedKind.PLAN, signed()[:cut])


@given(place=st.integers(0, len(signed()) - 1), byte=st.integers(0, 255))
def test_a_token_with_any_byte_changed_is_refused_or_says_the_same(place: int, byte: int) -> None:
    raw = bytearray(signed())
    raw[place] = byte
    try:
        assert make.keyring().open(SignedKind.PLAN, bytes(raw)) == PAYLOAD
    except Untrusted:
        assert bytes(raw) != signed()


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(raw: bytes) -> None:
    with pytest.raises(Untrusted):
        make.keyring().open(SignedKind.PLAN, raw)


def test_a_keyring_without_keys_opens_nothing() -> None:
    assert reason_of_refusal(signed(), keyring=Keyring()) == "unknown_key"


def test_more_than_may_be_sent_is_not_signed() -> None:
    with pytest.raises(ValueError, match="may be sent"):
        make.signing_key().sign(SignedKind.PLAN, b"x" * MAX_MESSAGE_BYTES)


def test_a_private_key_survives_its_json_form() -> None:
    key = SigningKey.generate()
    assert SigningKey.from_json(key.to_json()).public() == key.public()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "5",
        '{"kty": "oct", "k": "AAAA"}',
        '{"kty": "OKP", "crv": "Ed25519", "x": 5}',
        '{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
        make.KEY_JSON.replace("Ed25519", "X25519"),
    ],
)
def test_what_is_no_private_ed25519_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        SigningKey.from_json(text)


@pytest.mark.parametrize("text", ["", "A", "!" * 43, "é" * 43, "A" * 42, "A" * 44, " " * 43])
def test_what_is_no_public_key_cannot_be_pinned(text: str) -> None:
    with pytest.raises(ValueError, match="not an Ed25519 public key"):
        Keyring(text)
