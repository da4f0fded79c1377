"""The hub's disk is full, and pages say who is here, and since when, all the same. Root mounts the disk."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from sqlite3 import OperationalError

import pytest

from edge.wire.link import Arrived
from edge.wire.topics import Topics
from hub.readiness import SILENCE
from hub.store import accounts
from hub.store.nodes import Report
from hub.store.reserve import Reserve
from tests import factories as make
from tests.factories import SESSION, SITE
from tests.factories_hub import Village
from tests.full_disk import fill_file, on_full
from tests.small_disk import by_root, filler, small_disk

pytestmark = [pytest.mark.long, by_root]

MB = 1024 * 1024
RESERVE = 6 * MB
MANY = ("x" * 200,) * 30
AN_HOUR_S = 3600
OTHER_SESSION = "f" * 32


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path, size="20m") as disk:
        yield disk


@pytest.fixture
def village(disk: Path) -> Iterator[Village]:
    reserve = Reserve(disk / "hub.db", bytes_=RESERVE, step_bytes=MB)
    with on_full(disk, reserve, log_bytes=3 * MB) as village:
        yield village


def speaks(village: Village, node: str) -> None:
    """It says how it is, which finds no room."""
    fill_file(village)
    with pytest.raises(OperationalError, match="full"):
        village.health(node, faults=MANY)


def comes(village: Village, node: str, *, session: str) -> None:
    """It begins anew and says how it is, which finds no room."""
    born = make.birth(session=session, at=village.now())
    well = make.health(session=session, at=village.now(), faults=MANY)
    said = {"state": born.encode(), "health": well.encode()}
    fill_file(village)
    with pytest.raises(OperationalError, match="full"):
        village.inbox.receive(
            [Arrived(Topics(SITE).node(node, leaf), payload, False) for leaf, payload in said.items()]
        )


def shown(village: Village, node: str) -> Report:
    report = village.fleet.node(node).report
    assert report is not None
    return report


def begin_again(village: Village) -> None:
    village.close()
    village.open()
    village.store.write(lambda db: accounts.nobody_here(db, at=village.now()), must=True)


def test_a_loudspeaker_that_speaks_every_minute_is_here(village: Village) -> None:
    for _ in range(10):
        village.now.pass_s(61)
        speaks(village, "loa-1")
    assert shown(village, "loa-1").here
    assert not shown(village, "loa-2").here


def test_what_is_known_of_it_is_a_minute_old_at_most(village: Village) -> None:
    for _ in range(30):
        village.now.pass_s(7)
        speaks(village, "loa-1")
    assert village.now() - shown(village, "loa-1").heard_at < timedelta(seconds=60)


def test_a_hub_that_begins_again_knows_when_it_was_last_heard(village: Village) -> None:
    village.now.pass_s(AN_HOUR_S)
    speaks(village, "loa-1")
    heard_at = village.now()
    village.now.pass_s(AN_HOUR_S)
    begin_again(village)
    assert (shown(village, "loa-1").heard_at, shown(village, "loa-1").here) == (heard_at, False)


def test_who_is_back_is_here(village: Village) -> None:
    village.now.pass_s(AN_HOUR_S)
    begin_again(village)
    comes(village, "loa-1", session=OTHER_SESSION)
    report = shown(village, "loa-1")
    assert (report.here, report.since, report.session) == (True, village.now(), OTHER_SESSION)


def test_who_is_gone_is_away_since_then_also_once_there_is_room(village: Village, disk: Path) -> None:
    fill_file(village)
    gone_at = village.now()
    with suppress(OperationalError):
        village.says("loa-1", "state", make.gone(session=SESSION).encode())
    village.now.pass_s(60)
    filler(disk).unlink()
    village.health("loa-2")
    report = shown(village, "loa-1")
    assert (report.here, report.since) == (False, gone_at)


def test_many_messages_cost_nothing_of_the_reserve(village: Village, disk: Path) -> None:
    for number in range(60):
        village.now.pass_s(30)
        speaks(village, f"loa-{number % 3 + 1}")
    village.store.keep_reserve()
    assert (disk / "hub.db-reserve").stat().st_size > RESERVE - MB


def test_who_fell_silent_on_the_full_disk_is_away_since_it_was_last_heard(village: Village) -> None:
    village.now.pass_s(AN_HOUR_S)
    speaks(village, "loa-1")
    heard_at = village.now()
    village.now.pass_s(SILENCE.total_seconds() + 1)
    report = shown(village, "loa-1")
    assert (report.here, report.since) == (False, heard_at)
