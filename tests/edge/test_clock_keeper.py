"""Who keeps the node's clock judged."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from edge.clock import POLL_S, WallStep
from edge.clock_keeper import MEMORY, ClockKeeper
from edge.faults import Faults
from edge.ledger import Ledger
from tests import factories as make
from tests.fakes import FakeClock


class Watched(FakeClock):
    """A clock that counts how often its source is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.polls = 0
        self.troubles: tuple[str, ...] = ()
        self.answers: list[tuple[datetime, float, float]] = []

    def poll(self) -> WallStep | None:
        self.polls += 1
        return None

    def answered(self, hub_at: datetime, *, sent_s: float, received_s: float) -> bool:
        self.answers.append((hub_at, sent_s, received_s))
        return not self.troubles

    def faults(self) -> tuple[str, ...]:
        return self.troubles

    def memory(self) -> bytes | None:
        return b"what is known"


class Kept:
    """A keeper with its clock."""

    def __init__(self, path: Path) -> None:
        self.clock = Watched()
        self.ledger = Ledger.open(path, boot="b")
        self.faults = Faults(record=lambda _entry: None, ledger=self.ledger)

    def keeper(self, *, remember: bool = False) -> ClockKeeper:
        return ClockKeeper(clock=self.clock, ledger=self.ledger, faults=self.faults, remember=remember)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path / "ledger.db")
    yield kept
    kept.ledger.close()


def test_the_source_is_asked_every_half_minute_however_often_it_is_tended(kept: Kept) -> None:
    keeper = kept.keeper()
    for _ in range(10):
        keeper.tend()
    kept.clock.advance(POLL_S)
    keeper.tend()
    assert kept.clock.polls == 2


def test_what_is_wrong_with_the_clock_is_a_fault_while_it_lasts(kept: Kept) -> None:
    keeper = kept.keeper()
    kept.clock.troubles = ("clock_source: chrony: not there",)
    keeper.tend()
    assert kept.faults.present() == ("clock_source: chrony: not there",)
    kept.clock.troubles = ()
    kept.clock.advance(POLL_S)
    keeper.tend()
    assert kept.faults.present() == ()


def test_the_hubs_answer_is_judged_by_when_the_question_left(kept: Kept) -> None:
    kept.keeper().answered(make.NOW, sent_s=900.0)
    assert kept.clock.answers == [(make.NOW, 900.0, kept.clock.monotonic())]


def test_an_answer_that_the_clock_contradicts_is_a_fault_at_once(kept: Kept) -> None:
    keeper = kept.keeper()
    keeper.tend()
    kept.clock.troubles = ("clock_disputed: +60.0 s",)
    assert not keeper.answered(make.NOW, sent_s=900.0)
    assert kept.faults.present() == ("clock_disputed: +60.0 s",)


def test_the_time_is_remembered_only_where_a_battery_keeps_the_clock(kept: Kept) -> None:
    kept.keeper(remember=False).tend()
    assert kept.ledger.kept(MEMORY) is None
    kept.keeper(remember=True).tend()
    assert kept.ledger.kept(MEMORY) == b"what is known"
