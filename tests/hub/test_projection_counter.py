"""What a counter's ledger changes: presses, faults of sums, cameras."""

from datetime import timedelta

import pytest

from edge.wire.base import ClockState
from edge.wire.entries import Body, Uncounted
from hub.store import cameras, presses
from hub.store.presses import Press
from tests import factories as make
from tests.factories_counter import COUNTER, add_counter, pressed, seen, totals, wrote_at
from tests.factories_hub import Village

ALL = timedelta(days=400)


@pytest.fixture(autouse=True)
def counter(village: Village) -> None:
    add_counter(village)


def kept(village: Village) -> list[Press]:
    now = village.now()
    db = village.store.read()
    found = presses.newest(db, start=now - ALL, end=now + ALL, node=None, counted=None, limit=100)
    return found[::-1]


def faults(village: Village) -> list[tuple[str, str]]:
    return [(fault.name, fault.detail) for fault in village.faults.open(COUNTER)]


def camera(village: Village) -> tuple[str, float]:
    [state] = cameras.states(village.store.read())
    return state.verdict, (village.now() - state.since).total_seconds()


def test_a_press_is_kept_as_the_counter_wrote_it(village: Village) -> None:
    village.wrote(COUNTER, [pressed(4, reason=Uncounted.INTERVAL, held_ms=80, dossier="H29.1")])
    [press] = kept(village)
    assert (press.level, press.levels, press.counted, press.reason) == (4, 4, False, "interval")
    assert (press.source, press.held_ms, press.dossier, press.written_at) == (
        "button",
        80,
        "H29.1",
        village.now(),
    )


def test_a_press_that_comes_twice_is_one(village: Village) -> None:
    for _ in range(2):
        village.wrote(COUNTER, [pressed(), pressed(2)])
    assert [press.level for press in kept(village)] == [1, 2]


def test_a_press_made_offline_has_its_own_time(village: Village) -> None:
    then = village.now() - timedelta(minutes=20)
    wrote_at(village, [(then, pressed())])
    assert kept(village)[0].at == then


def test_a_press_without_trusted_time_is_placed_when_it_came(village: Village) -> None:
    wrote_at(village, [(village.now() - timedelta(days=1), pressed())], clock=ClockState.UNTRUSTED)
    [press] = kept(village)
    assert (press.at, press.written_at) == (village.now(), village.now() - timedelta(days=1))


def test_no_press_is_placed_after_it_came(village: Village) -> None:
    wrote_at(village, [(village.now() + timedelta(days=1), pressed())])
    assert kept(village)[0].at == village.now()


def test_sums_that_agree_are_no_fault(village: Village) -> None:
    bodies: list[Body] = [pressed(1), pressed(4, reason=Uncounted.BURST), totals({"1": 1, "4": 1}, {"1": 1})]
    village.wrote(COUNTER, bodies)
    assert faults(village) == []


def test_sums_are_compared_as_of_their_entry(village: Village) -> None:
    village.wrote(COUNTER, [pressed(1), totals({"1": 1}), pressed(1)])
    assert faults(village) == []


def test_sums_that_differ_are_a_fault_that_names_the_level(village: Village) -> None:
    village.wrote(COUNTER, [pressed(4), totals({"4": 2})])
    assert faults(village) == [("ratings_differ", "4: 2 ≠ 1, 4 ✓: 2 ≠ 1")]


def test_sums_that_agree_again_mend_the_fault(village: Village) -> None:
    village.wrote(COUNTER, [totals({"4": 1})])
    village.wrote(COUNTER, [pressed(4), totals({"4": 1})], first=2)
    assert faults(village) == []


def test_a_settled_difference_stays_settled_while_it_is_the_same(village: Village) -> None:
    village.wrote(COUNTER, [totals({"4": 1})])
    village.faults.mend(COUNTER, "ratings_differ")
    village.wrote(COUNTER, [totals({"4": 1})], first=2)
    assert faults(village) == []
    village.wrote(COUNTER, [totals({"4": 2})], first=3)
    assert [name for name, _ in faults(village)] == ["ratings_differ"]


def test_a_verdict_lasts_since_it_changed(village: Village) -> None:
    now = village.now()
    hours = [timedelta(hours=3), timedelta(hours=2), timedelta(hours=1)]
    said = zip(hours, ("ok", "frozen", "frozen"), strict=True)
    wrote_at(village, [(now - ago, seen(verdict)) for ago, verdict in said])
    assert camera(village) == ("frozen", 7200)


def test_a_restart_leaves_a_camera_unknown_from_the_last_sign_of_life(village: Village) -> None:
    now = village.now()
    wrote_at(
        village,
        [
            (now - timedelta(hours=3), seen("ok")),
            (now - timedelta(hours=2), totals({})),
            (now - timedelta(minutes=1), make.booted()),
        ],
    )
    assert camera(village) == ("unknown", 7200)


def test_the_pages_hear_of_presses_and_cameras(village: Village) -> None:
    reader = village.events.subscribe()
    village.wrote(COUNTER, [pressed(), seen("ok")])
    assert {event.name for event in reader.take()} >= {"ratings", "cameras"}
