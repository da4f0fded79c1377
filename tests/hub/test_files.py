from pathlib import Path

from hub.files import write_private


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
