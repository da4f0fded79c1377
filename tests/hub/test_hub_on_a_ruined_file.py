"""A hub whose file is ruined starts neither with a traceback nor empty, and says the way back."""

import os
import shlex
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from hub import keys
from hub.__main__ import main
from hub.store.whole import Damaged, check_whole

pytestmark = [
    pytest.mark.usefixtures("umask"),
    pytest.mark.timeout(60),  # a hub that starts all the same would serve for ever
]

PAGE = 4096


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with one more person, and a backup of it."""
    folder, before = tmp_path_factory.mktemp("made") / "site", os.umask(0o022)
    assert main(["init", str(folder), "--site", "xa-mau", "--name", "Xã mẫu"]) == 0
    config = ["--config", str(folder / "hub.toml")]
    assert main(["user", "add", "lan", "--name", "Lan", "--role", "clerk", *config]) == 0
    assert main(["backup", *config]) == 0
    os.umask(before)
    return folder


@pytest.fixture
def site(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A copy of that site."""
    capsys.readouterr()
    return Path(shutil.copytree(made, tmp_path / "xã mẫu"))


@pytest.fixture
def file(site: Path) -> Path:
    return site / "hub.db"


def config(site: Path) -> list[str]:
    return ["--config", str(site / "hub.toml")]


def header(content: bytes) -> bytes:
    return b"?" * 100 + content[100:]


def middle(content: bytes) -> bytes:
    """A page of the audit log, which a hub that starts only writes to."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(content[:18] + b"\1\1" + content[20:])  # read as a file without a log beside it
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'audit'").fetchone()
    at = (page - 1) * PAGE
    return content[:at] + bytes(PAGE) + content[at + PAGE :]


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def nothing(_content: bytes) -> bytes:
    return b""


RUINS = [header, middle, half, nothing]


@pytest.mark.parametrize("ruin", RUINS)
def test_no_hub_starts_on_a_ruined_file_and_the_newest_backup_is_named(
    file: Path, capsys: pytest.CaptureFixture[str], ruin: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(ruin(file.read_bytes()))
    assert main(["serve", *config(file.parent)]) == 1
    said = capsys.readouterr().err
    [backup] = (file.parent / "backups").iterdir()
    assert said.startswith(f"./loa hub: {file} is damaged: ")
    assert f"./loa hub restore '{backup}' '{file.parent}' --replace" in said


@pytest.mark.parametrize("ruin", RUINS)
def test_a_ruined_file_is_left_as_it_is(file: Path, ruin: Callable[[bytes], bytes]) -> None:
    file.write_bytes(ruined := ruin(file.read_bytes()))
    main(["serve", *config(file.parent)])
    assert file.read_bytes() == ruined


@pytest.mark.parametrize("ruin", RUINS)
def test_what_is_named_leads_back_and_keeps_the_ruin(
    file: Path, capsys: pytest.CaptureFixture[str], ruin: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(ruined := ruin(file.read_bytes()))
    main(["serve", *config(file.parent)])
    [way] = [line for line in capsys.readouterr().err.splitlines() if line.startswith("way back: ")]
    command = way.removeprefix("way back: ./loa hub ").split("   (")[0]
    assert main(shlex.split(command)) == 0
    [aside] = file.parent.glob("replaced-*")
    assert (aside / "hub.db").read_bytes() == ruined
    capsys.readouterr()
    assert main(["user", "list", *config(file.parent)]) == 0
    assert "lan" in capsys.readouterr().out


@pytest.mark.parametrize("ruin", [header, half, nothing])
def test_a_command_says_the_same(
    file: Path, capsys: pytest.CaptureFixture[str], ruin: Callable[[bytes], bytes]
) -> None:
    file.write_bytes(ruin(file.read_bytes()))
    assert main(["user", "list", *config(file.parent)]) == 1
    assert "--replace" in capsys.readouterr().err


def test_a_file_that_is_gone_is_no_new_site(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.unlink()
    assert main(["serve", *config(file.parent)]) == 1
    assert "it is gone" in capsys.readouterr().err
    assert not file.exists()


def test_without_a_backup_that_is_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(file.parent / "backups")
    file.write_bytes(b"")
    assert main(["serve", *config(file.parent)]) == 1
    said = capsys.readouterr().err
    assert "found no backup" in said
    assert f"./loa hub restore FILE '{file.parent}' --replace" in said


def test_a_site_key_alone_begins_a_new_site(file: Path) -> None:
    file.unlink()
    key = (file.parent / "site-key.json").read_bytes()
    (file.parent / "hub.toml").unlink()
    assert main(["init", str(file.parent), "--site", "xa-mau", "--name", "Xã mẫu"]) == 0
    assert (file.parent / "site-key.json").read_bytes() == key


def test_a_power_cut_while_a_site_is_made_leaves_no_key_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(_path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keys, "load_or_make", cut)
    with pytest.raises(KeyboardInterrupt):
        main(["init", str(tmp_path / "new"), "--site", "xa-mau", "--name", "Xã mẫu"])
    assert (tmp_path / "new" / "hub.db").exists()


@pytest.fixture
def logged(file: Path, tmp_path: Path) -> Path:
    """The file as a power cut leaves it: four writes are in its log only, two frames each."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        for number in range(4):
            db.execute("INSERT INTO site VALUES (?, '')", [f"n-{number}"])
            db.commit()
        cut = tmp_path / "cut.db"
        shutil.copyfile(file, cut)
        shutil.copyfile(f"{file}-wal", f"{cut}-wal")
    return cut


def frames(log: Path) -> int:
    return (log.stat().st_size - 32) // (PAGE + 24)


def spoil(log: Path, *, frame: int) -> None:
    """Zero the middle of a frame, counted from the end."""
    content = bytearray(log.read_bytes())
    at = 32 + (frames(log) + frame) * (PAGE + 24) + 2_000
    content[at : at + 500] = b"?" * 500
    log.write_bytes(content)


def writes_in(file: Path) -> int:
    """How many of the four writes a hub finds that begins on the file."""
    with closing(sqlite3.connect(file)) as db:
        (count,) = db.execute("SELECT count(*) FROM site WHERE key LIKE 'n-%'").fetchone()
    return int(count)


def test_a_log_that_is_whole_is_well(logged: Path) -> None:
    check_whole(logged)
    assert writes_in(logged) == 4


def test_a_log_in_which_an_older_write_is_spoilt_is_damage(logged: Path) -> None:
    spoil(Path(f"{logged}-wal"), frame=-3)
    with pytest.raises(Damaged, match="2 writes are lost"):
        check_whole(logged)


def test_a_log_without_its_beginning_is_damage(logged: Path) -> None:
    log = Path(f"{logged}-wal")
    log.write_bytes(b"?" * 100 + log.read_bytes()[100:])
    with pytest.raises(Damaged, match="lost its beginning"):
        check_whole(logged)


def test_a_log_that_a_power_cut_left_unwritten_is_well(logged: Path) -> None:
    Path(f"{logged}-wal").write_bytes(bytes(8_192))
    check_whole(logged)
    assert writes_in(logged) == 0


def test_a_log_whose_last_write_a_power_cut_tore_is_well(logged: Path) -> None:
    spoil(Path(f"{logged}-wal"), frame=-1)
    check_whole(logged)
    assert writes_in(logged) == 3


def test_looking_at_a_file_leaves_its_log_as_it_is(logged: Path) -> None:
    log = Path(f"{logged}-wal")
    before = logged.read_bytes(), log.read_bytes()
    check_whole(logged)
    assert (logged.read_bytes(), log.read_bytes()) == before
