"""What office computers believe of an authority that they were told to trust; OpenSSL judges."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.authority_request import read_request
from hub.authority_x509 import Issuer, key_text, new_issuer, new_key
from tests.factories_tls import ENROLMENT, Identity, node_key, request_of

NAMES = ("192.168.50.10", "loa.phuong-mau.gov.vn", "hub-mau", "203.0.113.7")
NODE = "to-2-loa-1"


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return new_issuer("xa-mau", NAMES)


def believes(issuer: Issuer, name: str, folder: Path, *, signer: Issuer | None = None) -> bool:
    """Whether who trusts `issuer` believes a server of `name` with a certificate of `signer`."""
    key = key_text(new_key())
    signed = (signer or issuer).server([name], key, now=_now()).pem
    client = ssl.create_default_context(cadata=issuer.certificate_pem)
    return _shake_hands(client, _server(folder, signed, key), name)


def _server(folder: Path, certificate: str, key: str) -> ssl.SSLContext:
    (folder / "crt").write_text(certificate)
    (folder / "key").write_text(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "crt", folder / "key")
    return context


def _now() -> datetime:
    return datetime.now(UTC)  # OpenSSL asks no other clock


def _shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> bool:
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        client.wrap_bio(back, there, server_hostname=name),
        server.wrap_bio(there, back, server_side=True),
    )
    done: set[ssl.SSLObject] = set()
    for end in ends * 4:
        try:
            end.do_handshake()
            done.add(end)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLCertVerificationError:
            return False
    assert len(done) == len(ends), "the handshake did not come to its end"
    return True


@pytest.mark.parametrize("name", [*NAMES, "10.1.2.3", "fd00::7", "loa.lan", "hub.local"])
def test_it_vouches_for_the_hubs_names_and_for_private_ones(
    issuer: Issuer, name: str, tmp_path: Path
) -> None:
    assert believes(issuer, name, tmp_path)


@pytest.mark.parametrize("name", ["ngan-hang.example", "gov.vn", "plan", "8.8.8.8", "2001:db8::1"])
def test_whoever_stole_it_cannot_imitate_others(issuer: Issuer, name: str, tmp_path: Path) -> None:
    assert not believes(issuer, name, tmp_path)


def test_a_node_is_still_believed(issuer: Issuer, tmp_path: Path) -> None:
    own = key_text(new_key())
    server = _server(tmp_path, issuer.server(["loa.lan"], own, now=_now()).pem, own)
    server.verify_mode = ssl.CERT_REQUIRED
    server.load_verify_locations(cadata=issuer.certificate_pem)
    key = node_key()
    issued = issuer.node(NODE, read_request(request_of(key)).key, enrolment=ENROLMENT, now=_now())
    node = Identity.write(tmp_path, NODE, key=key, pem=issued.pem)
    client = ssl.create_default_context(cadata=issuer.certificate_pem)
    client.load_cert_chain(node.certificate, node.key)
    assert _shake_hands(client, server, "loa.lan")


def test_a_hub_that_moves_to_another_name_has_the_same_key_with_other_bounds(
    issuer: Issuer, tmp_path: Path
) -> None:
    moved = issuer.reached_by(["loa.tinh-mau.gov.vn"])
    assert believes(moved, "loa.tinh-mau.gov.vn", tmp_path)
    assert believes(moved, "192.168.50.10", tmp_path, signer=issuer)


def test_an_authority_that_covers_its_names_stays_as_it_is(issuer: Issuer) -> None:
    assert issuer.reached_by(["192.168.50.11", "loa.phuong-mau.gov.vn"]) is issuer


def test_a_name_that_only_ends_like_a_local_one_is_vouched_for_by_itself(tmp_path: Path) -> None:
    assert believes(new_issuer("xa-mau", ["loaplan"]), "loaplan", tmp_path)


def test_an_authority_without_bounds_is_bounded_with_the_same_key(tmp_path: Path) -> None:
    before = _boundless()
    bounded = before.reached_by(NAMES)
    assert believes(bounded, NAMES[0], tmp_path, signer=before)
    assert not believes(bounded, "ngan-hang.example", tmp_path, signer=before)


def _boundless() -> Issuer:
    """An authority as sites had it before their names bounded it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "xa-mau")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(1970, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Issuer(key, signed)
