"""The hub is killed while old lines go: what is left is whole, and the next night goes on."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from hub.store import pruning
from tests.factories_counter import pressed
from tests.factories_hub import Village

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
KEPT, OLD = 1_000, 800
AT_ONCE = 200
FEW = 10
PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from hub.store import pruning
from hub.store.database import Store

store, before = Store(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2])
while store.write(lambda db: pruning.drop_entries(db, before=before, now=before, most=int(sys.argv[3]))):
    print("some went", flush=True)
"""


@pytest.fixture
def village(village: Village) -> Village:
    """A counter wrote more than is kept."""
    village.enrol("quay-1", kind="counter")
    for first in range(1, OLD + KEPT, AT_ONCE):
        village.wrote("quay-1", [pressed(1 + number % 4) for number in range(AT_ONCE)], first=first)
    return village


def kill_amid(village: Village, *, after: int) -> None:
    """A program that lets all of them go is killed after so many writes, somewhere in the next."""
    village.close()
    before = (village.now() + timedelta(days=1)).isoformat()
    command = [sys.executable, "-c", PROGRAM, str(village.path), before, str(FEW)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        for _ in range(after):
            assert program.stdout.readline()
        program.kill()
    village.open()


def entries(village: Village) -> list[int]:
    rows = village.store.read().execute("SELECT seq FROM entries WHERE node = 'quay-1' ORDER BY seq")
    return [seq for (seq,) in rows.fetchall()]


def sums(village: Village) -> list[tuple[int, ...]]:
    query = "SELECT level, count(*), sum(counted) FROM presses GROUP BY level ORDER BY level"
    return village.store.read().execute(query).fetchall()


def test_what_is_left_is_whole_and_the_rest_goes_later(village: Village) -> None:
    before = sums(village)
    for after in (1, 7, 20):
        kill_amid(village, after=after)
        left = entries(village)
        assert left == list(range(left[0], OLD + KEPT + 1))
        assert left[0] > after * FEW
    with closing(sqlite3.connect(village.path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    village.wrote("quay-1", [pressed(1 + number % 4) for number in range(AT_ONCE)])
    assert (entries(village), sums(village)) == (left, before)
    tomorrow = village.now() + timedelta(days=1)
    village.store.write(lambda db: pruning.drop_entries(db, before=tomorrow, now=tomorrow, most=OLD))
    assert entries(village) == list(range(OLD + 1, OLD + KEPT + 1))
    assert sums(village) == before
