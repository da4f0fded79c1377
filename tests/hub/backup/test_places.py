"""Backups are kept in two places, so many of each, and the hub is told what became of the last run."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.backup import make, places
from hub.backup.disk import Full
from hub.backup.places import DAMAGED, FAILED, NO_ROOM, SECOND, last_run, nightly, only_one
from hub.config import HubSettings
from hub.errors import Unavailable
from tests.factories_backup import NOW, SHA256, new_site


def quiet(_done: int, _whole: int) -> None:
    pass


def night(settings: HubSettings, days: int = 0, *, on_one_disk: bool = False) -> Path:
    at = NOW + timedelta(days=days)
    return nightly(settings, now=lambda: at, tell=quiet, on_one_disk=lambda _a, _b: on_one_disk).file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(tmp_path: Path, second: Path) -> HubSettings:
    """A site that keeps three backups, and a copy of each elsewhere."""
    return new_site(tmp_path / "site", more=f'[backup]\nkeep = 3\nsecond = "{second}"\n')


def test_it_is_named_for_its_site_and_the_hour_there(site: HubSettings) -> None:
    assert night(site) == site.data / "backups" / "loa-xa-mau-2026-11-21-020000.tar"


def test_the_oldest_give_way_in_both_places(kept: HubSettings, second: Path) -> None:
    for days in range(5):
        night(kept, days)
    wanted = [f"loa-xa-mau-2026-11-{day}-020000.tar" for day in (23, 24, 25)]
    assert names(kept.data / "backups") == names(second) == wanted


def test_what_is_not_a_backup_of_this_site_stays(kept: HubSettings, second: Path) -> None:
    strangers = ["loa-xa-khac-2020-01-01-020000.tar", "loa-xa-mau-2-2020-01-01-020000.tar", "photos.tar"]
    for name in strangers:
        (second / name).write_text("not ours")
    for days in range(5):
        night(kept, days)
    assert set(strangers) < set(names(second))


def test_the_one_just_made_stays_though_the_clock_says_1970(kept: HubSettings) -> None:
    for days in range(3):
        night(kept, days)
    made = night(kept, -20_000)
    assert made.exists()
    assert len(names(kept.data / "backups")) == 3


def test_those_that_a_clock_years_ahead_named_give_way_first(kept: HubSettings, second: Path) -> None:
    for days in (20_000, 20_001, 20_002, 0, 1, 2):
        night(kept, days)
    wanted = [f"loa-xa-mau-2026-11-{day}-020000.tar" for day in (21, 22, 23)]
    assert names(kept.data / "backups") == names(second) == wanted


def test_a_clock_of_1970_drops_none_before_its_own(kept: HubSettings) -> None:
    for days in (0, 1, -20_001, -20_000):
        night(kept, days)
    wanted = [f"loa-xa-mau-2026-11-{day}-020000.tar" for day in (21, 22)]
    assert names(kept.data / "backups")[1:] == wanted


def test_one_from_the_future_is_the_way_back_only_where_there_is_no_other(kept: HubSettings) -> None:
    of_2081 = night(kept, 20_000)
    assert places.newest(kept, now=NOW) == of_2081
    night(kept, -1)
    of_today = night(kept)
    assert (found := places.newest(kept, now=NOW)) is not None
    assert found.name == of_today.name


def test_the_copy_is_the_same(kept: HubSettings, second: Path) -> None:
    made = night(kept)
    assert (second / made.name).read_bytes() == made.read_bytes()


def test_what_a_power_cut_left_is_swept(kept: HubSettings, second: Path) -> None:
    (kept.data / "backups").mkdir()
    (kept.data / "backups" / ".loa-xa-mau-2026-11-20-020000.tar.db").write_bytes(b"half")
    (second / ".loa-xa-mau-2026-11-20-020000.tar.part").write_bytes(b"half")
    made = night(kept)
    assert names(kept.data / "backups") == names(second) == [made.name]


def test_a_good_run_leaves_word_without_trouble(kept: HubSettings) -> None:
    made = night(kept)
    word = last_run(kept.data)
    assert word is not None
    assert (word.tried_at, word.done_at, word.file, word.trouble) == (NOW, NOW, str(made), {})


def test_a_second_place_that_is_not_there_is_said_and_the_first_is_made(
    kept: HubSettings, second: Path
) -> None:
    second.rmdir()
    with pytest.raises(Unavailable, match="the second place is not there"):
        night(kept)
    word = last_run(kept.data)
    assert word is not None
    assert (word.done_at, word.trouble) == (NOW, {SECOND: str(second)})
    assert len(names(kept.data / "backups")) == 1


def test_a_stick_that_is_not_mounted_is_no_second_place(kept: HubSettings, second: Path) -> None:
    with pytest.raises(Unavailable, match="is the second place mounted"):
        night(kept, on_one_disk=True)
    assert names(second) == []


def test_two_folders_of_one_disk_are_known_as_such(tmp_path: Path, second: Path) -> None:
    assert places.are_on_one_disk(tmp_path, second)
    assert not places.are_on_one_disk(tmp_path, Path("/proc"))


def test_a_run_that_fails_leaves_the_last_good_one_in_its_word(kept: HubSettings) -> None:
    night(kept)
    (kept.data / "hub.db").unlink()
    with pytest.raises(Unavailable):
        night(kept, 1)
    word = last_run(kept.data)
    assert word is not None
    assert (word.tried_at - NOW, word.done_at, [*word.trouble]) == (timedelta(days=1), NOW, [FAILED])


def test_a_full_disk_has_a_word_of_its_own(kept: HubSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, _wanted: int) -> None:
        raise Full(folder, "the disk is full")

    monkeypatch.setattr(make, "check_room", full)
    with pytest.raises(Full):
        night(kept)
    word = last_run(kept.data)
    assert word is not None
    assert word.trouble == {NO_ROOM: str(kept.data / "backups")}


def test_a_damaged_recording_is_word_to_the_hub(kept: HubSettings) -> None:
    (kept.data / "recordings" / f"{SHA256}.opus").write_bytes(b"bits rot")
    night(kept)
    word = last_run(kept.data)
    assert word is not None
    assert word.trouble == {DAMAGED: SHA256}


def test_word_that_cannot_be_read_is_none(site: HubSettings) -> None:
    (site.data / "backup.json").write_text("{half")
    assert last_run(site.data) is None


def test_two_at_once_do_not_mix(site: HubSettings) -> None:
    with only_one(site.data), pytest.raises(Unavailable, match="being made already"), only_one(site.data):
        pass
