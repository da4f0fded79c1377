"""A whole counter among fakes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes_counter import Counter


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """A counter whose program has begun."""
    counter = Counter(tmp_path).boot()
    yield counter
    counter.ledger.close()
