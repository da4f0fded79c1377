"""A store, a clock and people who cost nothing to hash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.people.people import People
from hub.store.database import Store
from tests.factories_people import Clock, cheap_passwords


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "hub.db")
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people(store: Store, clock: Clock) -> People:
    return People(store=store, passwords=cheap_passwords(), now=clock)
