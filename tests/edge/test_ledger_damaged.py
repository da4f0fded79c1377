"""A ledger that was killed, cut, damaged, or is no ledger at all."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.errors import LedgerError
from edge.ledger import Ledger
from edge.ledger_rows import DAMAGED
from tests import factories as make
from tests.factories_ledger import append, fill, seqs

ROOT = Path(__file__).resolve().parents[2]


def test_a_start_that_cannot_be_read_keeps_no_node_from_starting(ledger: Ledger, ledger_file: Path) -> None:
    for name in ("whole", "damaged"):
        append(ledger, make.started(occurrence=name))
    ledger.close()
    with closing(sqlite3.connect(ledger_file)) as db, db:
        db.execute("UPDATE outcomes SET started = '{broken' WHERE occurrence = 'damaged'")
    db.close()
    again = Ledger.open(ledger_file, boot="boot-2")
    assert again.unfinished() == [make.started(occurrence="whole")]
    again.close()


def test_a_second_program_on_the_same_ledger_is_refused(ledger: Ledger, ledger_file: Path) -> None:
    with pytest.raises(LedgerError, match="locked"):
        Ledger.open(ledger_file, boot="other")


def test_a_closed_ledger_says_so(ledger: Ledger) -> None:
    ledger.close()
    with pytest.raises(LedgerError):
        append(ledger)


def test_a_folder_in_the_ledgers_place_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match=str(tmp_path)):
        Ledger.open(tmp_path, boot="b")


@pytest.mark.parametrize("rubbish", [b"rubbish" * 999, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_ledger_is_set_aside(ledger_file: Path, rubbish: bytes) -> None:
    ledger_file.write_bytes(rubbish)
    ledger = Ledger.open(ledger_file, boot="b")
    assert ledger.set_aside
    assert ledger.set_aside.read_bytes() == rubbish
    assert append(ledger) == 1
    ledger.close()


def test_a_damaged_ledger_is_set_aside_and_a_new_one_begins(ledger: Ledger, ledger_file: Path) -> None:
    fill(ledger, 2_000)
    ledger.close()
    content = bytearray(ledger_file.read_bytes())
    content[5 * 4096 : 9 * 4096] = b"\xa5" * (4 * 4096)
    ledger_file.write_bytes(content)
    fresh = Ledger.open(ledger_file, boot="boot-2")
    assert fresh.set_aside
    assert fresh.id != ledger.id
    fresh.close()


def test_a_whole_ledger_is_not_set_aside(ledger: Ledger) -> None:
    assert ledger.set_aside is None


def test_a_ledger_of_a_newer_program_is_refused_and_left_alone(ledger: Ledger, ledger_file: Path) -> None:
    ledger.close()
    with closing(sqlite3.connect(ledger_file)) as db, db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(LedgerError, match="newer"):
        Ledger.open(ledger_file, boot="b")
    assert ledger_file.exists()


def test_a_damaged_entry_holds_nothing_up(ledger: Ledger, ledger_file: Path) -> None:
    fill(ledger, 3)
    ledger.close()
    with closing(sqlite3.connect(ledger_file)) as db, db:
        db.execute("UPDATE entries SET body = '{broken' WHERE seq = 2")
    db.close()
    again = Ledger.open(ledger_file, boot="boot-2")
    batch = again.batch(0, 10)
    assert batch
    assert [entry.kind for entry in batch.entries] == ["booted", DAMAGED, "booted"]
    again.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_write_ahead_log_cut_anywhere_leaves_a_beginning(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    ledger_file = tmp_path_factory.mktemp("cut") / "ledger.sqlite3"
    ledger = Ledger.open(ledger_file, boot="b")
    for _ in range(20):
        append(ledger)
    wal = ledger_file.with_name(f"{ledger_file.name}-wal").read_bytes()
    main = ledger_file.read_bytes()
    ledger.close()
    ledger_file.write_bytes(main)
    ledger_file.with_name(f"{ledger_file.name}-wal").write_bytes(wal[: data.draw(st.integers(0, len(wal)))])
    survivor = Ledger.open(ledger_file, boot="b")
    found = seqs(survivor)
    assert found == list(range(1, len(found) + 1))
    survivor.close()


def test_ten_kills_in_a_storm_lose_nothing_and_double_nothing(ledger_file: Path) -> None:
    moments = Random(20_261_120)  # noqa: S311  (when to kill, the same in each run)
    for _ in range(10):
        taken = last_taken_before_kill(ledger_file, after_lines=moments.randint(1, 60))
        ledger = Ledger.open(ledger_file, boot="after")
        found = seqs(ledger)
        assert found == list(range(ledger.stored_seq() + 1, ledger.last_seq() + 1))
        assert ledger.last_seq() >= taken
        assert ledger.set_aside is None
        assert ledger.unfinished() == []
        assert int(ledger.kept("last") or 0) <= ledger.last_seq()
        ledger.close()


def last_taken_before_kill(ledger_file: Path, *, after_lines: int) -> int:
    program = [sys.executable, "-m", "tests.ledger_storm", str(ledger_file)]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as storm:
        assert storm.stdout
        lines = [storm.stdout.readline() for _ in range(after_lines)]
        storm.kill()
        lines += storm.stdout.readlines()
    return int([line for line in lines if line.endswith("\n")][-1])
