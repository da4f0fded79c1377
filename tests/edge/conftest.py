"""What tests of a node's parts begin with: its files, a ledger on disk, a board of mock pins."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

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


@pytest.fixture
def factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockFactory]:
    """The mock board that the code under test makes for itself, within a test's reach."""
    factory = MockFactory()
    monkeypatch.setattr("gpiozero.pins.mock.MockFactory", lambda: factory)
    yield factory
    factory.reset()
