"""A whole loudspeaker node among fakes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories_speaker import HELD, item
from tests.fakes_node import Village


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """A node whose program has begun, with nothing in its plan."""
    village = Village(tmp_path).boot()
    yield village
    village.ledger.close()


@pytest.fixture
def ready(village: Village) -> Village:
    """A node with a plan of one occurrence in a minute, and its recording."""
    village.plan(occurrences=(item(),))
    village.tell(HELD)
    return village
