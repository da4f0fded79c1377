"""A backup that is none, or was cut off, changed or planted, leaves the folder as it was."""

import io
import json
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.backup.archive import Unusable
from hub.backup.disk import Full
from hub.backup.restore import restore
from tests.factories_backup import LATER


def rewritten(backup: Path, change: Callable[[str, bytes], bytes | None], *more: tuple[str, bytes]) -> Path:
    """The backup with each member as `change(name, content)` gives it (None: left out), and `more`."""
    changed = backup.with_name("changed.tar")
    with tarfile.open(backup) as old, tarfile.open(changed, "w") as new:
        members = [(info.name, file.read()) for info in old if (file := old.extractfile(info))]
        for name, content in [*members[:-1], *more, members[-1]]:
            if (put := change(name, content)) is not None:
                info = tarfile.TarInfo(name)
                info.size = len(put)
                new.addfile(info, io.BytesIO(put))
    return changed


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
