"""The authority's files, and those of the hub's doors."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from hub.authority import Doors, load_or_make
from hub.authority_x509 import LIFE, Issuer
from hub.errors import Unavailable
from tests.factories_people import Clock


class Site:
    """A data folder with an authority, and the doors over it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.now = Clock()
        self.revoked: list[str] = []
        self.issuer: Issuer = load_or_make(data, site="xa-mau", names=["loa.lan"])
        self.doors = self.open()

    def open(self, *names: str) -> Doors:
        return Doors(
            folder=self.data / "tls",
            issuer=self.issuer,
            names=names or ("loa.lan",),
            revoked=lambda: self.revoked,
            now=self.now,
        )

    def certificate(self) -> bytes:
        return self.doors.files.certificate.read_bytes()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_an_authority_is_made_once(site: Site) -> None:
    assert load_or_make(site.data, site="xa-mau", names=["loa.lan"]).text == site.issuer.text


def test_nothing_of_it_may_be_read_by_others(site: Site) -> None:
    site.doors.renew()
    site.doors.list_revoked()
    found = [path for path in site.data.rglob("*") if path.stat().st_mode & 0o077]
    assert found == []


def test_an_authority_that_others_may_read_is_refused(site: Site) -> None:
    (site.data / "authority" / "authority.pem").chmod(0o640)
    with pytest.raises(Unavailable, match="chmod 600"):
        load_or_make(site.data, site="xa-mau", names=["loa.lan"])


def test_a_damaged_authority_is_not_replaced(site: Site) -> None:
    file = site.data / "authority" / "authority.pem"
    file.write_text("half")
    with pytest.raises(Unavailable, match="backup of the authority"):
        load_or_make(site.data, site="xa-mau", names=["loa.lan"])
    assert file.read_text() == "half"


def test_other_bounds_are_kept_from_the_first_start_on(site: Site) -> None:
    moved = load_or_make(site.data, site="xa-mau", names=["loa.tinh-mau.gov.vn"])
    again = load_or_make(site.data, site="xa-mau", names=["loa.tinh-mau.gov.vn"])
    assert again.certificate_pem == moved.certificate_pem != site.issuer.certificate_pem


def test_the_doors_have_their_files(site: Site) -> None:
    assert site.doors.renew()
    assert site.doors.files.authority.read_text() == site.issuer.certificate_pem


def test_a_certificate_that_will_do_is_left(site: Site) -> None:
    site.doors.renew()
    before = site.certificate()
    assert not site.open().renew()
    assert site.certificate() == before


def test_it_is_renewed_with_its_key_before_it_ends(site: Site) -> None:
    site.doors.renew()
    key = site.doors.files.key.read_bytes()
    site.now.pass_s((LIFE * 0.7).total_seconds())
    assert site.doors.renew()
    ends = x509.load_pem_x509_certificate(site.certificate()).not_valid_after_utc
    assert ends - site.now() > LIFE - timedelta(seconds=1)
    assert site.doors.files.key.read_bytes() == key


def test_other_names_are_signed_at_the_next_start(site: Site) -> None:
    site.doors.renew()
    assert site.open("loa.lan", "10.0.0.7").renew()


@pytest.mark.parametrize("content", ["", "half a key", "ÿ"])
def test_a_key_that_cannot_be_read_is_made_anew(site: Site, content: str) -> None:
    site.doors.renew()
    site.doors.files.key.write_text(content)
    assert site.doors.renew()
    assert not site.doors.renew()


def test_the_list_is_written_when_somebody_was_revoked(site: Site) -> None:
    site.doors.renew()
    assert site.doors.list_revoked()
    assert not site.doors.list_revoked()
    site.revoked.append("AB")
    assert site.doors.list_revoked()
    [listed] = x509.load_pem_x509_crl(site.doors.files.revoked.read_bytes())
    assert listed.serial_number == 0xAB
