from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.alarms import BROKER_LOST, BROKER_PROGRAM, Alarms
from hub.events import Events
from hub.faults import Faults
from hub.store.database import Store


class Rig:
    """Alarms over a real store and a steady clock that the test moves."""

    def __init__(self, store: Store) -> None:
        self.steady_s = 10_000.0
        self.faults = Faults(store=store, events=Events(), now=lambda: datetime(2026, 11, 20, tzinfo=UTC))
        self.alarms = self.after_a_restart()

    def after_a_restart(self) -> Alarms:
        return Alarms(self.faults, steady_s=lambda: self.steady_s)

    def tried(self, address: str) -> bool:
        """Whether it is told that somebody tried a code from this address."""
        self.faults.mend(None, "code_refused")
        self.alarms.passing("code_refused", address)
        return (None, "code_refused") in self.open()

    def open(self) -> list[tuple[str | None, str]]:
        return [(fault.node, fault.name) for fault in self.faults.open()]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    store = Store(tmp_path / "hub.db")
    yield Rig(store)
    store.close()


def test_a_link_that_is_back_mends_what_the_broker_lacked(rig: Rig) -> None:
    rig.alarms.raise_(BROKER_LOST, "refused")
    rig.alarms.raise_(BROKER_PROGRAM, "exit code 1")
    rig.alarms.linked()
    assert rig.open() == []


def test_a_denial_stays_in_sight_for_an_hour(rig: Rig) -> None:
    rig.alarms.raise_("broker_denied", "PUBLISH loa/xa/node/b/state", None)
    rig.steady_s += 3599
    rig.alarms.settle()
    assert rig.open() == [(None, "broker_denied")]


def test_a_denial_that_does_not_come_again_is_over_after_an_hour(rig: Rig) -> None:
    rig.alarms.raise_("broker_denied", "PUBLISH loa/xa/node/b/state", None)
    rig.steady_s += 3601
    rig.alarms.settle()
    assert rig.open() == []


def test_a_lost_broker_is_not_over_by_waiting(rig: Rig) -> None:
    rig.alarms.raise_(BROKER_LOST, "refused")
    rig.steady_s += 100_000
    rig.alarms.settle()
    assert rig.open() == [(None, BROKER_LOST)]


def test_incidents_from_before_a_restart_are_settled_too(rig: Rig) -> None:
    rig.alarms.raise_("broker_login", "x")
    rig.after_a_restart().settle()
    assert rig.open() == []


def test_a_storm_of_tries_is_told_once_a_minute(rig: Rig) -> None:
    told = [rig.tried("192.0.2.1") for _ in range(3)]
    rig.steady_s += 60
    assert [*told, rig.tried("192.0.2.1")] == [True, False, False, True]


def test_who_else_tries_is_told_beside_the_storm(rig: Rig) -> None:
    rig.tried("192.0.2.1")
    assert rig.tried("192.0.2.2")
