"""A hub on a full disk says nothing it has not kept, and goes on once there is room. Root mounts the disk."""

from collections.abc import Iterator
from pathlib import Path
from sqlite3 import OperationalError

import pytest

from edge.wire.entries import Fault
from hub.errors import Unavailable
from hub.library import Library
from hub.people.roles import Role
from tests.factories_hub import Village, actor
from tests.factories_library import put
from tests.fakes_audio import FakePrepare
from tests.small_disk import by_root, fill, filler, small_disk

pytestmark = [pytest.mark.long, by_root]

SOME = [Fault(name=f"n-{number}", detail="x" * 400) for number in range(200)]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path, size="8m") as disk:
        yield disk


@pytest.fixture
def village(disk: Path) -> Iterator[Village]:
    """A hub that works, on a disk that then fills up."""
    village = Village(disk / "hub.db")
    village.wrote("loa-1", SOME[:1])
    fill(disk)
    yield village
    village.close()


def test_what_cannot_be_stored_is_not_acknowledged(village: Village) -> None:
    with pytest.raises(OperationalError, match="full"):
        village.wrote("loa-1", SOME, first=2)
    assert village.line.stored("loa-1") == [1]


def test_what_was_not_acknowledged_is_stored_once_there_is_room(village: Village, disk: Path) -> None:
    with pytest.raises(OperationalError):
        village.wrote("loa-1", SOME, first=2)
    filler(disk).unlink()
    village.wrote("loa-1", SOME, first=2)
    assert village.line.stored("loa-1") == [1, 201]
    assert len(village.fleet.ledger("loa-1", limit=1_000)) == 201


def test_what_is_kept_can_still_be_read(village: Village) -> None:
    with pytest.raises(OperationalError):
        village.wrote("loa-1", SOME, first=2)
    assert [row.seq for row in village.fleet.ledger("loa-1", limit=10)] == [1]


def test_an_upload_is_refused_in_words_and_leaves_nothing(village: Village, disk: Path) -> None:
    library = Library(
        store=village.store,
        folder=disk,
        events=village.events,
        now=village.now,
        prepare=FakePrepare(),
        limit_bytes=10_000_000,
        reserve_bytes=0,
    )
    with pytest.raises(Unavailable) as refused:
        put(library, actor(Role.CLERK), b"sound" * 100_000)
    assert refused.value.problem.code == "disk_full"
    assert not list(disk.rglob("*.part"))
