"""Pages say what is wrong with the backups, and stop saying it once it is right."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hub.backup.places import LastRun
from hub.backup.restore import RESTORED
from hub.backup.watch import BackupWatch, troubles
from hub.events import Events
from hub.faults import Faults
from hub.store.database import Store
from tests.factories_backup import NOW
from tests.factories_people import Clock

OLD_SITE = NOW - timedelta(days=400)


def run(*, days_ago: float, **trouble: str) -> LastRun:
    at = NOW - timedelta(days=days_ago)
    return LastRun(tried_at=at, done_at=at, trouble=trouble)


@pytest.mark.parametrize("days_ago", [0, 1, 1.9])
def test_a_backup_of_last_night_is_well(days_ago: float) -> None:
    assert troubles(run(days_ago=days_ago), site_since=OLD_SITE, now=NOW) == {}


def test_a_backup_older_than_two_days_is_said_with_its_day() -> None:
    assert troubles(run(days_ago=2.1), site_since=OLD_SITE, now=NOW) == {"backup_old": "18/11/2026"}


def test_a_site_that_never_had_one_is_said_after_two_days() -> None:
    assert troubles(None, site_since=NOW - timedelta(days=1), now=NOW) == {}
    assert troubles(None, site_since=OLD_SITE, now=NOW) == {"backup_old": ""}


def test_a_backup_from_the_future_is_none() -> None:
    assert troubles(run(days_ago=-30), site_since=OLD_SITE, now=NOW) == {"backup_old": ""}


def test_what_the_last_run_said_is_said() -> None:
    last = run(days_ago=0, backup_second="/media/usb is not there")
    assert troubles(last, site_since=OLD_SITE, now=NOW) == {"backup_second": "/media/usb is not there"}


class Office:
    """A hub's folder with its faults, and a watch over its backups."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.now = Clock()
        self.now.at = NOW
        self.folder = folder
        self.faults = Faults(store=store, events=Events(), now=self.now)
        (folder / "site-key.json").write_text("{}")

    def look(self, *, is_wanted: bool = True) -> list[str]:
        BackupWatch(data=self.folder, faults=self.faults, now=self.now, is_wanted=is_wanted).look()
        return sorted(fault.name for fault in self.faults.open())

    def ran(self, last: LastRun) -> None:
        (self.folder / "backup.json").write_text(last.model_dump_json())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(Store(tmp_path / "hub.db")) as store:
        yield Office(tmp_path, store)


def test_a_fault_opens_and_is_mended(office: Office) -> None:
    office.ran(run(days_ago=0, backup_failed="the disk is broken"))
    assert office.look() == ["backup_failed"]
    office.ran(run(days_ago=0))
    assert office.look() == []


def test_a_hub_without_the_section_says_nothing(office: Office) -> None:
    office.ran(run(days_ago=50))
    assert office.look(is_wanted=False) == []


def test_faults_of_others_stay(office: Office) -> None:
    office.faults.raise_(None, "broker", "lost")
    office.ran(run(days_ago=0))
    assert office.look() == ["broker"]


def test_that_the_hub_was_restored_is_said_for_a_week(office: Office) -> None:
    office.faults.raise_(None, RESTORED, "2026-11-20T19:00+00:00")
    office.ran(run(days_ago=-6.9))
    office.now.at = NOW + timedelta(days=6.9)
    assert office.look() == [RESTORED]
    office.now.at = NOW + timedelta(days=7.1)
    assert office.look() == []
