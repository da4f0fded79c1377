"""What the hub's authority signs, and what it makes of requests."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hub.authority_names import node_of, subject_of
from hub.authority_request import WrongRequest, read_request
from hub.authority_x509 import (
    LIFE,
    Issued,
    Issuer,
    is_due,
    is_key,
    key_text,
    new_issuer,
    new_key,
    read_issuer,
    serves,
)
from tests.factories_tls import ENROLMENT, PrivateKey, node_key, request_of

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
IN_1970 = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
NAMES = ("192.168.50.10", "loa.lan", "fd00::1")


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return new_issuer("xa-mau", ["loa.lan"])


def node_certificate(issuer: Issuer, *, now: datetime = NOW, request: str = "") -> x509.Certificate:
    key = read_request(request or request_of(node_key())).key
    return x509.load_pem_x509_certificate(
        issuer.node("to-2-loa-1", key, enrolment=ENROLMENT, now=now).pem.encode()
    )


def served(issuer: Issuer, *, now: datetime = NOW) -> tuple[Issued, str]:
    key = key_text(new_key())
    return issuer.server(NAMES, key, now=now), key


def does_serve(issuer: Issuer, given: tuple[Issued, str], /, **changes: Any) -> bool:
    usual: dict[str, Any] = {"key_pem": given[1], "issuer": issuer, "names": NAMES, "now": NOW}
    return serves(given[0].pem, **usual | changes)


def common_name(certificate: x509.Certificate) -> str:
    [name] = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(name.value)


def test_a_node_is_who_the_hub_says_whatever_its_request_wishes(issuer: Issuer) -> None:
    certificate = node_certificate(issuer, request=request_of(node_key(), name="hub"))
    assert common_name(certificate) == "to-2-loa-1"


def test_it_names_the_enrolment_as_broker_and_web_server_print_it(issuer: Issuer) -> None:
    printed = node_certificate(issuer).subject.rfc4514_string()
    assert printed == subject_of("to-2-loa-1", ENROLMENT) == f"CN=to-2-loa-1,OU={ENROLMENT}"
    assert node_of(printed) == "to-2-loa-1"


def test_a_nodes_certificate_opens_no_door_of_its_own(issuer: Issuer) -> None:
    certificate = node_certificate(issuer)
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (list(usage), basic.ca) == ([ExtendedKeyUsageOID.CLIENT_AUTH], False)


def test_a_nodes_certificate_ends_after_two_years(issuer: Issuer) -> None:
    assert node_certificate(issuer).not_valid_after_utc == NOW + LIFE


def test_no_clock_set_back_makes_a_nodes_certificate_too_young(issuer: Issuer) -> None:
    assert node_certificate(issuer).not_valid_before_utc.year == 1970
    assert x509.load_pem_x509_certificate(issuer.certificate_pem.encode()).not_valid_before_utc.year == 1970


def test_a_hub_that_woke_in_1970_signs_no_certificate_that_is_over_already(issuer: Issuer) -> None:
    assert node_certificate(issuer, now=IN_1970).not_valid_after_utc > NOW + LIFE / 2


def test_a_hub_far_in_the_future_can_still_sign(issuer: Issuer) -> None:
    far = datetime(2999, 1, 1, tzinfo=UTC)
    assert node_certificate(issuer, now=far).not_valid_after_utc.year == 2075
    assert served(issuer, now=far)[0].expires_at.year == 2075


def test_serials_cannot_be_foreseen(issuer: Issuer) -> None:
    serials = {node_certificate(issuer).serial_number for _ in range(20)}
    assert len(serials) == 20
    assert max(serials).bit_length() > 100


def test_a_serial_is_told_as_web_servers_print_it(issuer: Issuer) -> None:
    issued = issuer.node("a", read_request(request_of(node_key())).key, enrolment=ENROLMENT, now=NOW)
    number = x509.load_pem_x509_certificate(issued.pem.encode()).serial_number
    assert issued.serial == f"{number:X}"


def test_the_authority_comes_back_from_its_file(issuer: Issuer) -> None:
    assert read_issuer(issuer.text).certificate_pem == issuer.certificate_pem


def test_a_key_and_a_certificate_of_two_authorities_are_refused(issuer: Issuer) -> None:
    other = new_issuer("xa-mau", ["loa.lan"])
    with pytest.raises(ValueError, match="do not belong together"):
        read_issuer(other.text.replace(other.certificate_pem, issuer.certificate_pem))


@pytest.mark.parametrize("text", ["", "nonsense"])
def test_an_authority_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the library's words
        read_issuer(text)


def test_the_hubs_certificate_does_for_its_names(issuer: Issuer) -> None:
    assert does_serve(issuer, served(issuer))


@pytest.mark.parametrize(
    "names", [("192.168.50.10",), ("loa.lan", "192.168.50.10", "fd00::1"), ("10.0.0.1",)]
)
def test_other_names_want_another_certificate(issuer: Issuer, names: tuple[str, ...]) -> None:
    assert not does_serve(issuer, served(issuer), names=names)


def test_another_authority_or_key_wants_another_certificate(issuer: Issuer) -> None:
    given = served(issuer)
    assert not does_serve(issuer, given, issuer=new_issuer("xa-mau", ["loa.lan"]))
    assert not does_serve(issuer, given, key_pem=key_text(new_key()))


def test_it_is_renewed_when_a_third_remains(issuer: Issuer) -> None:
    given = served(issuer)
    assert does_serve(issuer, given, now=NOW + LIFE * 0.66)
    assert not does_serve(issuer, given, now=NOW + LIFE * 0.67)


def test_one_signed_by_a_clock_ahead_is_replaced_once_the_clock_is_right(issuer: Issuer) -> None:
    assert not does_serve(issuer, served(issuer, now=NOW + timedelta(days=3)))


def test_a_clock_set_back_to_1970_replaces_nothing(issuer: Issuer) -> None:
    assert does_serve(issuer, served(issuer), now=IN_1970)


def test_browsers_take_its_length(issuer: Issuer) -> None:
    certificate = x509.load_pem_x509_certificate(served(issuer)[0].pem.encode())
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=825)


def test_the_list_names_the_revoked(issuer: Issuer) -> None:
    serials = [f"{number:X}" for number in (5, 2**158)]
    listed = x509.load_pem_x509_crl(issuer.revocations(serials).encode())
    assert {revoked.serial_number for revoked in listed} == {5, 2**158}
    assert listed.next_update_utc is not None
    assert listed.next_update_utc.year == 2075


def test_a_certificate_is_due_in_the_last_third_of_its_life() -> None:
    assert not is_due(NOW + LIFE * 0.34, now=NOW)
    assert is_due(NOW + LIFE * 0.33, now=NOW)


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()]
)
def test_a_request_of_a_good_key_is_read(key: PrivateKey) -> None:
    assert len(read_request(request_of(key)).fingerprint) == 64


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)]
)
def test_other_keys_are_refused(key: PrivateKey) -> None:
    with pytest.raises(WrongRequest, match="neither P-256 nor Ed25519"):
        read_request(request_of(key))


def test_who_does_not_hold_the_key_is_refused() -> None:
    mine, stolen = request_of(node_key()), x509.load_pem_x509_csr(request_of(node_key()).encode())
    raw = bytearray(x509.load_pem_x509_csr(mine.encode()).public_bytes(Encoding.DER))
    theirs = stolen.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    own = (
        x509.load_pem_x509_csr(mine.encode())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    forged = x509.load_der_x509_csr(bytes(raw).replace(own, theirs)).public_bytes(Encoding.PEM).decode()
    with pytest.raises(WrongRequest, match="signature does not hold"):
        read_request(forged)


@pytest.mark.parametrize(
    "text", ["", "x" * 100, "\x00", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END"]
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(WrongRequest, match="cannot be read"):
        read_request(text)


def test_only_a_private_key_is_a_key(issuer: Issuer) -> None:
    assert is_key(key_text(new_key()))
    assert not is_key(issuer.certificate_pem)
