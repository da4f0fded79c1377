"""A backup is put back whole, or the folder stays as it was."""

import io
import json
import os
import random
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hub.backup import restore as restoring
from hub.backup.archive import Unusable
from hub.backup.disk import Full
from hub.backup.make import back_up
from hub.backup.restore import check_whole, restore
from hub.config import HubSettings, load_settings
from hub.desk import open_desk
from hub.errors import Unavailable
from hub.store import areas, audit, faults
from tests.factories_backup import FILES, NOW, SHA256, new_site

LATER = NOW + timedelta(days=1)


@pytest.fixture
def backup(site: HubSettings, tmp_path: Path) -> Path:
    return back_up(site, tmp_path / "b.tar", now=NOW).file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "new"
    folder.mkdir()
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewritten(backup: Path, change: Callable[[str, bytes], bytes | None], *more: tuple[str, bytes]) -> Path:
    """The backup with each member as `change(name, content)` gives it (None: left out), and `more`."""
    changed = backup.with_name("changed.tar")
    with tarfile.open(backup) as old, tarfile.open(changed, "w") as new:
        members = [(info.name, io.BufferedReader(old.extractfile(info)).read()) for info in old]  # type: ignore[arg-type]
        for name, content in [*members[:-1], *more, members[-1]]:
            if (put := change(name, content)) is not None:
                info = tarfile.TarInfo(name)
                info.size = len(put)
                new.addfile(info, io.BytesIO(put))
    return changed


def test_everything_comes_back(site: HubSettings, backup: Path, folder: Path) -> None:
    restore(backup, folder, now=LATER)
    found = contents(folder)
    assert {name: found[name] for name in FILES} == FILES
    assert found["site-key.json"] == (site.data / "site-key.json").read_bytes()
    assert set(found) == {*FILES, "hub.db", "hub.toml", "site-key.json"}


def test_it_can_be_used_at_once(backup: Path, folder: Path) -> None:
    restore(backup, folder, now=LATER)
    with open_desk(load_settings(folder / "hub.toml")) as desk:
        assert [area.name for area in areas.areas(desk.store.read())] == ["Tổ dân phố 2"]


def test_keys_stay_private_and_doors_readable_to_their_group(backup: Path, folder: Path) -> None:
    restore(backup, folder, now=LATER)
    modes = {
        name: stat.S_IMODE((folder / name).stat().st_mode)
        for name in ("authority", "authority/authority.pem", "tls/hub.crt", "hub.db")
    }
    assert modes == {
        "authority": 0o700,
        "authority/authority.pem": 0o600,
        "tls/hub.crt": 0o640,
        "hub.db": 0o600,
    }


def test_settings_name_the_folder_they_are_restored_to(tmp_path: Path, folder: Path) -> None:
    site = new_site(tmp_path / "etc", data=str(tmp_path / "var"), more="[uploads]\nmax_mb = 7\n")
    backup = back_up(site, tmp_path / "b.tar", now=NOW).file
    restore(backup, folder, now=LATER)
    settings = load_settings(folder / "hub.toml")
    assert (settings.data.resolve(), settings.uploads.max_mb) == (folder.resolve(), 7)


def test_the_restored_hub_says_what_it_is(backup: Path, folder: Path) -> None:
    restore(backup, folder, now=LATER)
    with open_desk(load_settings(folder / "hub.toml")) as desk:
        [fault] = faults.open_faults(desk.store.read())
        [line] = audit.entries(desk.store.read(), limit=1)
    assert (fault.node, fault.name, fault.detail) == (None, "restored", "21/11/2026 02:00")
    assert (line.action, line.what, line.at) == ("site.restored", "site:xa-mau 21/11/2026 02:00", LATER)


def test_a_backup_of_a_restored_site_is_as_good(backup: Path, folder: Path, tmp_path: Path) -> None:
    restore(backup, folder, now=LATER)
    again = back_up(load_settings(folder / "hub.toml"), tmp_path / "again.tar", now=LATER).file
    restore(again, tmp_path, now=LATER, replace=True)
    assert {name: (tmp_path / name).read_bytes() for name in FILES} == FILES


def test_a_folder_that_holds_a_site_is_left_alone(site: HubSettings, backup: Path) -> None:
    before = contents(site.data)
    with pytest.raises(Unavailable, match="holds a site already"):
        restore(backup, site.data, now=LATER)
    assert contents(site.data) == before


def test_a_site_that_is_replaced_is_kept_aside(backup: Path, tmp_path: Path) -> None:
    other = new_site(tmp_path / "other", more="[uploads]\nmax_mb = 9\n")
    (other.data / "hub.db-wal").write_bytes(b"the log of another database")
    key = (other.data / "site-key.json").read_bytes()
    done = restore(backup, other.data, now=LATER, replace=True)
    assert done.aside is not None
    kept = contents(done.aside)
    assert (kept["site-key.json"], kept["hub.db-wal"]) == (key, b"the log of another database")
    assert b"max_mb = 9" in kept["hub.toml"]
    assert (other.data / "site-key.json").read_bytes() != key
    assert not (other.data / "hub.db-wal").exists()


def test_backups_kept_in_the_folder_stay_when_it_is_replaced(site: HubSettings, backup: Path) -> None:
    (site.data / "backups").mkdir()
    (site.data / "backups" / "b.tar").write_bytes(backup.read_bytes())
    restore(site.data / "backups" / "b.tar", site.data, now=LATER, replace=True)
    assert (site.data / "backups" / "b.tar").exists()


def test_a_damaged_recording_is_left_out_and_named(site: HubSettings, tmp_path: Path, folder: Path) -> None:
    (site.data / "recordings" / f"{SHA256}.opus").write_bytes(b"bits rot")
    backup = back_up(site, tmp_path / "b.tar", now=NOW).file
    assert restore(backup, folder, now=LATER).damaged == (SHA256,)
    assert not (folder / "recordings" / f"{SHA256}.opus").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 something else", bytes(10_240), b"\xff" * 5000])
def test_what_is_no_backup_is_said_so(tmp_path: Path, folder: Path, content: bytes) -> None:
    (tmp_path / "b.tar").write_bytes(content)
    with pytest.raises(Unusable, match="is not a backup of Loa"):
        restore(tmp_path / "b.tar", folder, now=LATER)


def test_another_tar_is_no_backup(tmp_path: Path, folder: Path) -> None:
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        tar.add(__file__, "holiday.jpg")
    with pytest.raises(Unusable, match="is not a backup of Loa"):
        restore(tmp_path / "b.tar", folder, now=LATER)


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(FileNotFoundError):
        restore(tmp_path / "none.tar", folder, now=LATER)


def test_a_backup_that_was_cut_off_anywhere_leaves_nothing(backup: Path, folder: Path) -> None:
    whole = backup.read_bytes()
    places = random.Random(20_261_120).sample(range(len(whole) - 10_240), 40)  # noqa: S311 - where to cut
    with tarfile.open(backup) as tar:
        between = [info.offset for info in tar]
    for place in [*places, *between]:
        backup.write_bytes(whole[:place])
        with pytest.raises(Unusable):
            restore(backup, folder, now=LATER)
        assert list(folder.iterdir()) == []


def test_a_byte_that_turned_anywhere_is_noticed(backup: Path, folder: Path) -> None:
    whole = backup.read_bytes()
    with tarfile.open(backup) as tar:
        spans = [(info.offset_data, info.size) for info in tar]
    luck = random.Random(20_261_121)  # noqa: S311 - which bytes to turn
    for offset, size in spans:
        place = offset + luck.randrange(size)
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with pytest.raises(Unusable):
            restore(backup, folder, now=LATER)
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["../outside", "/etc/passwd", "authority/../../x", "hub.db/x", "recordings/x.opus", "originals/.."],
)
def test_nothing_is_written_where_it_does_not_belong(backup: Path, folder: Path, name: str) -> None:
    changed = rewritten(backup, lambda _name, content: content, (name, b"planted"))
    with pytest.raises(Unusable, match="does not belong"):
        restore(changed, folder, now=LATER)
    assert list(folder.iterdir()) == []


def test_a_link_in_a_backup_is_not_followed(backup: Path, folder: Path, tmp_path: Path) -> None:
    with tarfile.open(backup) as old, tarfile.open(tmp_path / "changed.tar", "w") as new:
        for info in old:
            if info.name == "tls/hub.crt":
                info = tarfile.TarInfo(info.name)
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
                new.addfile(info)
            else:
                new.addfile(info, old.extractfile(info))
    with pytest.raises(Unusable, match="does not belong"):
        restore(tmp_path / "changed.tar", folder, now=LATER)


def test_a_member_that_is_missing_is_noticed(backup: Path, folder: Path) -> None:
    changed = rewritten(backup, lambda name, content: None if name == "site-key.json" else content)
    with pytest.raises(Unusable, match=r"site-key\.json is not as it was written"):
        restore(changed, folder, now=LATER)


def _with_header(**changes: object) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if name != "loa-backup.json":
            return content
        return json.dumps({**json.loads(content), **changes}).encode()

    return change


@pytest.mark.parametrize(
    "changes", [{"format": 2}, {"steps": ["2027-01-01-something-new"], "software": "9.0"}]
)
def test_a_backup_by_newer_software_asks_for_an_update(
    backup: Path, folder: Path, changes: dict[str, object]
) -> None:
    with pytest.raises(Unusable, match=r"newer software.*update Loa first"):
        restore(rewritten(backup, _with_header(**changes)), folder, now=LATER)
    assert list(folder.iterdir()) == []


def test_room_is_looked_for_first(backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 50_000_000}))
    with pytest.raises(Full, match="found 50 MB"):
        restore(backup, folder, now=LATER)


class PowerCut(BaseException):
    """Nothing of the program runs after it."""


@pytest.mark.parametrize("at", range(14))
def test_a_power_cut_at_any_step_is_mended_by_restoring_again(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """The folder held another site: its key is either in place, or the new one is, or no hub starts."""
    other = new_site(tmp_path / "other")
    key = (other.data / "site-key.json").read_bytes()
    restored_key = (tmp_path / "site" / "site-key.json").read_bytes()
    with monkeypatch.context() as cut:
        _cut_power(cut, at)
        with pytest.raises(PowerCut):
            restore(backup, other.data, now=LATER, replace=True)
    if (other.data / ".restore").exists():
        with pytest.raises(Unavailable, match="run it again"):
            check_whole(other.data)
        done = restore(backup, other.data, now=LATER)
        assert done.aside is not None
        assert (done.aside / "site-key.json").read_bytes() == key
        assert (other.data / "site-key.json").read_bytes() == restored_key
    assert not (other.data / ".restore").exists()


def _cut_power(cut: pytest.MonkeyPatch, at: int) -> None:
    """No clean-up after the first renaming that is not done, number `at`."""
    rename, done = Path.rename, 0

    def rename_or_not(path: Path, target: Path) -> Path:
        nonlocal done
        if done == at:
            raise PowerCut
        done += 1
        return rename(path, target)

    cut.setattr(Path, "rename", rename_or_not)
    cut.setattr(restoring._Restoring, "_give_up", lambda _self: None)


def test_a_power_cut_while_unpacking_is_mended_by_restoring_again(
    backup: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut.setattr(restoring._Restoring, "_give_up", lambda _self: None)
        cut.setattr(restoring._Restoring, "_adapt", lambda _self: (_ for _ in ()).throw(PowerCut))
        with pytest.raises(PowerCut):
            restore(backup, folder, now=LATER)
    with pytest.raises(Unavailable, match="cut off"), open_desk(_settings(folder)):
        pass
    restore(backup, folder, now=LATER)
    assert contents(folder).keys() == {*FILES, "hub.db", "hub.toml", "site-key.json"}


def _settings(folder: Path) -> HubSettings:
    file = folder.with_name("elsewhere.toml")
    file.write_text(f'[site]\nid = "xa-mau"\nname = "Xã mẫu"\n[hub]\ndata = "{folder}"\n')
    return load_settings(file)


def test_the_database_is_whole(backup: Path, folder: Path) -> None:
    restore(backup, folder, now=LATER)
    with closing(sqlite3.connect(folder / "hub.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_root_gives_what_is_restored_to_the_owner_of_the_folder(backup: Path, folder: Path) -> None:
    os.chown(folder, 65534, 65534)
    restore(backup, folder, now=LATER)
    assert {path.stat().st_uid for path in folder.rglob("*")} == {65534}
