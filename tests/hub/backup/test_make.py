"""A backup is one whole file, or there is none."""

import errno
import json
import os
import sqlite3
import stat
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from hub.backup import make
from hub.backup.archive import Outgoing
from hub.backup.disk import Full
from hub.backup.make import back_up
from hub.config import HubSettings
from hub.errors import Unavailable
from hub.people.roles import Role
from hub.store.database import Store
from hub.store.sessions import add_session
from hub.store.snapshot import snapshot
from tests.factories_backup import FILES, NOW, SHA256
from tests.factories_people import person_at_work
from tests.small_disk import by_root, small_disk


def names(file: Path) -> list[str]:
    with tarfile.open(file) as tar:
        return tar.getnames()


def member(file: Path, name: str) -> bytes:
    with tarfile.open(file) as tar:
        inside = tar.extractfile(name)
        assert inside is not None
        return inside.read()


def test_everything_of_a_site_is_in_it(site: HubSettings, tmp_path: Path) -> None:
    back_up(site, tmp_path / "b.tar", now=NOW)
    wanted = {"loa-backup.json", "manifest.json", "hub.db", "hub.toml", "site-key.json", *FILES}
    assert set(names(tmp_path / "b.tar")) == wanted


def test_only_its_owner_may_read_it(site: HubSettings, tmp_path: Path) -> None:
    before = os.umask(0o022)
    back_up(site, tmp_path / "b.tar", now=NOW)
    os.umask(before)
    assert stat.S_IMODE((tmp_path / "b.tar").stat().st_mode) == 0o600


def test_nothing_is_left_beside_it(site: HubSettings, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    back_up(site, tmp_path / "out" / "b.tar", now=NOW)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.tar"]


def test_what_is_half_written_stays_away(site: HubSettings, tmp_path: Path) -> None:
    (site.data / "recordings" / f".{SHA256}.opus.part").write_bytes(b"half")
    (site.data / "incoming").mkdir()
    (site.data / "incoming" / "x.part").write_bytes(b"half")
    back_up(site, tmp_path / "b.tar", now=NOW)
    assert not [name for name in names(tmp_path / "b.tar") if "part" in name]


def test_it_says_what_it_is_of(site: HubSettings, tmp_path: Path) -> None:
    back_up(site, tmp_path / "b.tar", now=NOW)
    said = json.loads(member(tmp_path / "b.tar", "loa-backup.json"))
    assert (said["format"], said["site"], said["name"]) == (1, "xa-mau", "Xã mẫu")
    assert said["made_at"] == "2026-11-20T19:00:00Z"


def test_log_ins_that_are_open_do_not_live_on_in_it(site: HubSettings, tmp_path: Path) -> None:
    with closing(Store(site.data / "hub.db")) as store:
        user = person_at_work(store, Role.CLERK).person.id
        store.write(
            lambda db: add_session(db, token_hash="h" * 64, user=user, csrf="c", at=NOW, expires_at=NOW)
        )
    back_up(site, tmp_path / "b.tar", now=NOW)
    assert b"h" * 64 in (site.data / "hub.db").read_bytes()
    assert b"h" * 64 not in member(tmp_path / "b.tar", "hub.db")


def test_one_time_codes_do_not_live_on_in_it(site: HubSettings, tmp_path: Path) -> None:
    with closing(Store(site.data / "hub.db")) as store:
        store.write(
            lambda db: db.execute(
                "INSERT INTO codes (id, secret, node, wanted, created_at, expires_at)"
                " VALUES ('1', 'made-up-secret', 'to-2-loa-1', '{}', '', '')"
            )
        )
    back_up(site, tmp_path / "b.tar", now=NOW)
    assert b"made-up-secret" not in member(tmp_path / "b.tar", "hub.db")


def test_it_holds_one_instant_of_a_database_that_is_written_meanwhile(
    site: HubSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = snapshot
    with closing(Store(site.data / "hub.db")) as store:

        def write_and_take(file: Path, copy: Path, **more: Any) -> None:
            store.write(lambda db: db.execute("INSERT INTO site (key, value) VALUES ('before', '1')"))
            take(file, copy, **more)
            store.write(lambda db: db.execute("INSERT INTO site (key, value) VALUES ('after', '1')"))

        monkeypatch.setattr(make, "snapshot", write_and_take)
        back_up(site, tmp_path / "b.tar", now=NOW)
    (tmp_path / "copy.db").write_bytes(member(tmp_path / "b.tar", "hub.db"))
    with closing(sqlite3.connect(tmp_path / "copy.db")) as db:
        assert [row[0] for row in db.execute("SELECT key FROM site WHERE value = '1'")] == ["before"]


def test_a_recording_that_is_no_longer_what_it_was_is_named(site: HubSettings, tmp_path: Path) -> None:
    (site.data / "recordings" / f"{SHA256}.opus").write_bytes(b"bits rot")
    assert back_up(site, tmp_path / "b.tar", now=NOW).damaged == (SHA256,)


def test_a_file_that_goes_while_it_is_made_stops_nothing(
    site: HubSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = snapshot

    def take_then_lose(file: Path, copy: Path, **more: Any) -> None:
        take(file, copy, **more)
        (site.data / "originals" / "0123456789abcdef").unlink()

    monkeypatch.setattr(make, "snapshot", take_then_lose)
    back_up(site, tmp_path / "b.tar", now=NOW)
    assert "originals/0123456789abcdef" not in names(tmp_path / "b.tar")


def test_a_key_that_is_being_changed_is_read_with_the_certificate_that_fits(
    site: HubSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = site.data / "tls" / "hub.key", site.data / "tls" / "hub.crt"
    key.write_bytes(b"old")
    read = Path.read_bytes
    reads: list[Path] = []

    def read_and_change(path: Path) -> bytes:
        content = read(path)
        if path.name == "hub.crt" and not reads:
            reads.append(path)
            key.write_bytes(b"new")
            certificate.write_bytes(b"fits new")
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_change)
    back_up(site, tmp_path / "b.tar", now=NOW)
    found = (member(tmp_path / "b.tar", "tls/hub.key"), member(tmp_path / "b.tar", "tls/hub.crt"))
    assert found == (b"new", b"fits new")


def test_a_folder_without_a_site_is_said_so(site: HubSettings, tmp_path: Path) -> None:
    (site.data / "hub.db").unlink()
    with pytest.raises(Unavailable, match="no site here"):
        back_up(site, tmp_path / "b.tar", now=NOW)


def test_a_database_that_is_damaged_is_said_so(site: HubSettings, tmp_path: Path) -> None:
    (site.data / "hub.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(Unavailable, match="cannot be copied"):
        back_up(site, tmp_path / "b.tar", now=NOW)


def test_what_fails_half_way_leaves_the_older_one(
    site: HubSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.tar").write_bytes(b"of yesterday")

    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Outgoing, "finish", fail)
    with pytest.raises(Full, match="the disk is full"):
        back_up(site, tmp_path / "out" / "b.tar", now=NOW)
    assert [path.read_bytes() for path in (tmp_path / "out").iterdir()] == [b"of yesterday"]


def test_room_is_looked_for_first(site: HubSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 50_000_000}))
    with pytest.raises(Full, match=r"wanted 10[0-9] MB free, found 50 MB"):
        back_up(site, tmp_path / "b.tar", now=NOW)


def test_progress_ends_at_the_end(site: HubSettings, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    back_up(site, tmp_path / "b.tar", now=NOW, tell=lambda done, whole: told.append((done, whole)))
    assert told == sorted(told)
    assert told[-1][0] <= told[-1][1]


@pytest.mark.long
@by_root
@pytest.mark.parametrize("ballast", [0, 200_000])
def test_a_disk_that_is_truly_full_is_said_so_and_left_clean(
    site: HubSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ballast: int
) -> None:
    monkeypatch.setattr(make, "check_room", lambda _folder, _wanted: None)
    (site.data / "originals" / "0123456789abcdef").write_bytes(bytes(400_000))
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder, size="300k") as disk:
        (disk / "ballast").write_bytes(bytes(ballast))
        with pytest.raises(Full, match="the disk is full"):
            back_up(site, disk / "b.tar", now=NOW)
        assert [path.name for path in disk.iterdir()] == ["ballast"]
