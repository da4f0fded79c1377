"""A node's key and certificate."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edge.errors import IdentityError
from edge.identity import check_fit, make_key, read_certificate, request_for
from tests import factories as make
from tests.certificates import TestAuthority, new_key, pem_of_key


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "node.key")
    return tmp_path / "node.key"


def test_a_key_is_made_for_its_owner_only(tmp_path: Path) -> None:
    assert make_key(tmp_path / "node.key").is_new
    assert (tmp_path / "node.key").stat().st_mode & 0o777 == 0o600


def test_a_key_is_made_once(key: Path) -> None:
    before = key.read_bytes()
    assert not make_key(key).is_new
    assert key.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nMIG", b"\xff" * 100])
def test_a_key_that_cannot_be_read_is_kept_aside_and_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "node.key"
    path.write_bytes(content)
    made = make_key(path)
    assert made.is_new
    assert made.aside is not None
    assert made.aside.read_bytes() == content
    assert request_for(path)


def test_a_key_that_may_not_be_read_stays(tmp_path: Path) -> None:
    (tmp_path / "node.key").mkdir()
    with pytest.raises(OSError, match="directory"):
        make_key(tmp_path / "node.key")


def test_a_request_proves_its_key_and_wishes_for_nothing(key: Path) -> None:
    request = x509.load_pem_x509_csr(request_for(key).encode())
    assert request.is_signature_valid
    assert list(request.subject) == []
    assert list(request.extensions) == []
    public = request.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert isinstance(public.curve, ec.SECP256R1)


def test_a_request_holds_nothing_of_the_private_key(key: Path) -> None:
    assert "PRIVATE" not in request_for(key)


def test_another_kind_of_key_is_not_used(tmp_path: Path) -> None:
    other = rsa.generate_private_key(65537, 2048)
    pem = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "node.key").write_bytes(pem)
    with pytest.raises(IdentityError, match="P-256"):
        request_for(tmp_path / "node.key")


def test_a_certificate_says_whose_it_is_and_until_when(key: Path) -> None:
    authority = TestAuthority()
    found = read_certificate(authority.sign(request_for(key), make.NODE, begins=-1, ends=30))
    assert found.node == make.NODE
    assert found.ends - found.begins == timedelta(days=31)
    assert found.serial


@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_what_is_no_certificate_is_told(text: str) -> None:
    with pytest.raises(IdentityError, match="wanted a certificate"):
        read_certificate(text)


def fits(pem: str, *, key: Path, authority: str) -> bool:
    try:
        check_fit(pem, key=key, authority=authority)
    except IdentityError:
        return False
    return True


def test_a_certificate_fits_its_key_and_its_authority(key: Path) -> None:
    authority = TestAuthority()
    assert fits(authority.sign(request_for(key), make.NODE), key=key, authority=authority.pem)


def test_one_of_several_authorities_is_enough(key: Path) -> None:
    authority, before = TestAuthority(), TestAuthority("before")
    pem = authority.sign(request_for(key), make.NODE)
    assert fits(pem, key=key, authority=before.pem + authority.pem)
    assert not fits(pem, key=key, authority=before.pem)


def test_a_certificate_for_another_key_does_not_fit(key: Path, tmp_path: Path) -> None:
    authority = TestAuthority()
    pem = authority.sign(request_for(key), make.NODE)
    (tmp_path / "other.key").write_bytes(pem_of_key(new_key()))
    with pytest.raises(IdentityError, match="another key"):
        check_fit(pem, key=tmp_path / "other.key", authority=authority.pem)


def test_a_certificate_of_another_authority_does_not_fit(key: Path) -> None:
    pem = TestAuthority().sign(request_for(key), make.NODE)
    with pytest.raises(IdentityError, match="found another's"):
        check_fit(pem, key=key, authority=TestAuthority().pem)


def test_an_authority_that_is_none_is_told(key: Path) -> None:
    pem = TestAuthority().sign(request_for(key), make.NODE)
    with pytest.raises(IdentityError, match="authority's certificate"):
        check_fit(pem, key=key, authority="no certificate")
