"""`loa hub backup` and `loa hub restore`, as typed."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.__main__ import main
from hub.backup.archive import reading
from hub.desk import only_hub_on

pytestmark = pytest.mark.usefixtures("umask")


@pytest.fixture
def backup(site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["backup", "-o", str(tmp_path / "b.tar"), *site]) == 0
    capsys.readouterr()
    return tmp_path / "b.tar"


def test_a_backup_goes_to_the_folder_of_the_settings(
    site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", *site]) == 0
    [made] = (tmp_path / "site" / "backups").iterdir()
    assert f"backup    {made}" in capsys.readouterr().out


def test_a_backup_into_a_folder_gets_a_name(site: list[str], tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert main(["backup", "-o", str(tmp_path / "stick"), *site]) == 0
    assert [path.name[:11] for path in (tmp_path / "stick").iterdir()] == ["loa-xa-mau-"]


def test_a_file_that_is_there_is_not_overwritten(
    site: list[str], backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = backup.read_bytes()
    assert main(["backup", "-o", str(backup), *site]) == 1
    assert "is there already" in capsys.readouterr().err
    assert backup.read_bytes() == before


def test_no_folder_is_made_for_a_backup(
    site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["backup", "-o", str(tmp_path / "media" / "usb" / "b.tar"), *site]) == 1
    assert "there is no such folder" in capsys.readouterr().err


def test_a_site_comes_back_with_its_log_in(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", str(backup), str(tmp_path / "new")]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("site ")]
    with reading(backup) as incoming:
        there = incoming.header.made_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert line == f"site      xa-mau (Xã mẫu), as it was at {there:%Y-%m-%d %H:%M} there"
    assert main(["user", "list", "--config", str(tmp_path / "new" / "hub.toml")]) == 0
    assert "admin" in capsys.readouterr().out


def test_what_must_be_looked_at_is_said(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["restore", str(backup), str(tmp_path / "new")])
    said = capsys.readouterr().out
    for word in ("Schedules cancelled since will play", "stolen node", "send again"):
        assert word in said


def test_a_folder_with_a_site_is_refused(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", str(backup), str(tmp_path / "site")]) == 1
    assert "--replace" in capsys.readouterr().err


def test_a_site_is_set_aside_when_that_is_asked_for(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", str(backup), str(tmp_path / "site"), "--replace"]) == 0
    assert "set aside" in capsys.readouterr().out


def test_nothing_is_restored_under_a_running_hub(
    backup: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tmp_path / "site" / "site-key.json").stat().st_ino
    with only_hub_on(tmp_path / "site"):
        assert main(["restore", str(backup), str(tmp_path / "site"), "--replace"]) == 1
    assert "a hub is already running" in capsys.readouterr().err
    assert (tmp_path / "site" / "site-key.json").stat().st_ino == before


def test_wrong_settings_of_backups_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('[site]\nid = "xa"\nname = "Xã"\n[backup]\nsecond = "media/usb"\nkeep = 0\nwhere = "x"\n')
    assert main(["backup", "--config", str(file)]) == 2
    said = capsys.readouterr().err
    assert [key in said for key in ("second", "keep", "where")] == [True, True, True]
