"""Files that survive the plug."""

import os
from pathlib import Path

import pytest

from edge.files import finish_writing, move_aside, write_once, write_together, write_whole

MODES = {"a": 0o600, "b": 0o644}


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.parametrize("umask", [0o000, 0o077])
@pytest.mark.parametrize("wanted", [0o600, 0o644])
def test_a_file_has_its_mode_whatever_the_umask(tmp_path: Path, umask: int, wanted: int) -> None:
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "file", b"x", mode=wanted)
    finally:
        os.umask(before)
    assert mode(tmp_path / "file") == wanted


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_root_writes_belongs_to_the_folders_owner(tmp_path: Path) -> None:
    os.chown(tmp_path, 12_345, 12_346)
    write_whole(tmp_path / "file", b"x", mode=0o600)
    found = (tmp_path / "file").stat()
    assert (found.st_uid, found.st_gid) == (12_345, 12_346)


def test_a_file_that_is_there_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert write_once(path, b"first", mode=0o600)
    assert not write_once(path, b"second", mode=0o600)
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_put_aside_keeps_its_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    aside = move_aside(path)
    assert (aside.read_bytes(), path.exists()) == (b"x", False)


def test_files_written_together_leave_nothing_else(tmp_path: Path) -> None:
    write_together(tmp_path, {"a": "1", "b": "2"}, modes=MODES)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "1", "b": "2"}
    assert {path.name: mode(path) for path in tmp_path.iterdir()} == MODES


def test_where_nothing_was_begun_nothing_is_finished(tmp_path: Path) -> None:
    assert not finish_writing(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_beginning_that_the_disk_damaged_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / ".pending").write_bytes(b'{"a": [384, "\xff')
    assert not finish_writing(tmp_path)
    (aside,) = tmp_path.iterdir()
    assert aside.name.startswith(".pending.damaged-")
