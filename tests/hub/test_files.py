from pathlib import Path

import pytest

from hub.errors import Unavailable
from hub.files import held, write_once, write_private


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", "kept")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_file_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("old")
    (tmp_path / "secret").chmod(0o644)
    write_private(tmp_path / "secret", "new")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "secret").read_text() == "new"


def test_what_a_power_cut_left_beside_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".secret.new").write_text("half")
    write_private(tmp_path / "secret", "whole")
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_what_another_process_made_first_stays(tmp_path: Path) -> None:
    write_once(tmp_path / "key", "first")
    write_once(tmp_path / "key", "second")
    assert (tmp_path / "key").read_text() == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_a_file_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    lock, taken = tmp_path / "lock", Unavailable("somebody else has it")
    with held(lock, taken), pytest.raises(Unavailable), held(lock, taken):
        pytest.fail("two hold it")
    with held(lock, taken):
        pass
