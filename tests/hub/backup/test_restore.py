"""A backup is put back whole, also after a power cut."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from hub.backup import restore as restoring
from hub.backup.make import back_up
from hub.backup.restore import check_whole, restore
from hub.config import HubSettings, load_settings
from hub.desk import open_desk
from hub.errors import Unavailable
from hub.store import areas, audit, faults
from tests.factories_backup import FILES, LATER, NOW, SHA256, contents, new_site


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
