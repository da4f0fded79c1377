"""A hub that works, on a disk that is then full to the last row. Root mounts the disk."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import OperationalError

import pytest

from hub.people.roles import Role
from hub.store.database import Database
from hub.store.reserve import Reserve, is_full
from tests.factories_hub import Village
from tests.factories_people import person_at_work
from tests.small_disk import fill

__all__ = ["add_row", "fill_file", "on_full"]


@contextmanager
def on_full(disk: Path, reserve: Reserve, *, log_bytes: int) -> Iterator[Village]:
    """A hub that works, on a disk that others fill up but for `log_bytes`, and then the hub itself."""
    village = Village(disk / "hub.db", reserve=reserve)
    try:
        person_at_work(village.store, Role.APPROVER, login="minh")
        for node in ("loa-1", "loa-2", "loa-3"):
            village.born(node)
        village.bulletin("Sơ tán tránh lũ", priority="emergency")
        village.bulletin("Thừa", state="draft")
        village.publishing.republish()
        village.store.keep_reserve()
        fill(disk, but=log_bytes)
        fill_file(village)
        yield village
    finally:
        village.close()


def fill_file(village: Village) -> None:
    """The hub itself writes on, until there is no room for one row more."""
    for bytes_ in (40_000, 1_000, 0):
        until_refused(village, lambda db, bytes_=bytes_: add_row(db, bytes_))


def until_refused(village: Village, work: Callable[[Database], object]) -> None:
    with pytest.raises(OperationalError) as refused:
        again_and_again(lambda: village.store.write(work))
    assert is_full(refused.value)


def again_and_again(work: Callable[[], object]) -> None:
    for _ in range(100_000):
        work()


def add_row(db: Database, bytes_: int) -> None:
    db.execute(
        "INSERT INTO unreadable (at, topic, reason, detail, raw) VALUES ('', '', '', '', zeroblob(?))",
        [bytes_],
    )
