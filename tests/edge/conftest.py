"""Where a node's files stand in tests, and a ledger that is closed when its test is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.ledger import Ledger


@pytest.fixture
def ledger_file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(ledger_file: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(ledger_file, boot="boot-1")
    yield ledger
    ledger.close()


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "node.toml"
