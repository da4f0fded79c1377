"""How the hub itself stands, read off its disk."""

from pathlib import Path

import pytest

from hub.authority import Doors
from hub.authority_x509 import LIFE
from hub.backup.places import nightly
from hub.backup.settings import BackupSettings
from hub.condition import condition, runs_as
from hub.config import HubSettings, TlsSettings
from tests.factories_backup import NOW, new_site
from tests.factories_certification import ISSUER


@pytest.fixture
def settings(tmp_path: Path) -> HubSettings:
    site = new_site(tmp_path / "site")
    return site.model_copy(update={"tls": TlsSettings(names=("loa.lan",)), "backup": BackupSettings()})


def test_the_last_backup_is_found_with_its_size(settings: HubSettings) -> None:
    made = nightly(settings, now=lambda: NOW, tell=lambda _done, _all: None)
    found = condition(settings).backup
    assert found is not None
    assert found.last is not None
    assert (found.last.done_at, found.bytes) == (NOW, made.file.stat().st_size)


def test_a_backup_that_somebody_took_away_has_no_size(settings: HubSettings) -> None:
    nightly(settings, now=lambda: NOW, tell=lambda _done, _all: None).file.unlink()
    found = condition(settings).backup
    assert found is not None
    assert (found.last is not None, found.bytes) == (True, None)


def test_a_hub_that_makes_no_backups_has_none(settings: HubSettings) -> None:
    assert condition(settings.model_copy(update={"backup": None})).backup is None


def test_the_doors_certificate_says_when_it_ends(settings: HubSettings) -> None:
    doors = Doors(
        folder=settings.data / "tls", issuer=ISSUER, names=("loa.lan",), revoked=lambda: (), now=lambda: NOW
    )
    doors.renew()
    assert condition(settings).doors_end == NOW.replace(microsecond=0) + LIFE


def test_doors_without_a_certificate_that_can_be_read_have_no_end(settings: HubSettings) -> None:
    assert condition(settings).doors_end is None


def test_the_disk_is_that_of_the_data_folder(settings: HubSettings) -> None:
    disk = condition(settings).disk
    assert 0 < disk.free < disk.whole


@pytest.mark.parametrize(
    ("report", "hub", "same"),
    [
        ("loa 1.2.0", "1.2.0", True),
        ("loa 1.2.0", "1.2.1", False),
        ("loa (checkout)", "checkout", True),
        ("1.2", "1.2", True),
        ("", "1.2", False),
    ],
)
def test_a_node_runs_the_hubs_version_or_another(report: str, hub: str, same: bool) -> None:
    assert runs_as(report, hub) is same
