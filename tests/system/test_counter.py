"""From a press to the hub through real kills: what was thanked for is there once, in order, with its time."""

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.system.counter_rig import COUNTER, CounterRig, Hand, running_counter
from tests.system.village import until

KILLS = ["counter"] * 8 + ["hub"] * 6 + ["broker"] * 6
SETTLE_S = 40.0


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CounterRig]:
    with running_counter(tmp_path_factory.mktemp("counter")) as running:
        yield running


def marks(rig: CounterRig, begin: str) -> list[str]:
    return [kept.mark for kept in rig.presses() if kept.mark.startswith(begin)]


@pytest.mark.timeout(240)
def test_twenty_kills_in_a_storm_lose_no_press_and_double_none(rig: CounterRig) -> None:
    dice, hand = random.Random(), Hand(rig)  # noqa: S311 - moments, no secrets
    try:
        for name in dice.sample(KILLS, len(KILLS)):
            so_far = len(hand.thanked)
            until("somebody is thanked", lambda so_far=so_far: len(hand.thanked) > so_far, within_s=SETTLE_S)
            threading.Event().wait(dice.random() * 0.5)
            rig.kill(name)
    finally:
        hand.stop()
    until(
        "every press is on the hub",
        lambda: set(marks(rig, "storm-")) >= set(hand.thanked),
        within_s=2 * SETTLE_S,  # a broker killed six times in a row is started again after half a minute
    )
    assert len(hand.thanked) >= len(KILLS)
    assert marks(rig, "storm-") == hand.thanked
    assert "ratings_differ" not in rig.open_faults()


def test_a_broker_that_lost_everything_is_whole_within_ten_seconds(rig: CounterRig) -> None:
    rig.kill("hub")  # the next one has not seen its broker end: it does not wait before it starts it again
    until("the counter keeps it", lambda: rig.touch("before-the-broker"), within_s=5)
    until("the press is on the hub", lambda: marks(rig, "before-the-broker"), within_s=SETTLE_S)
    rig.kill("broker")
    until("the counter keeps it", lambda: rig.touch("after-the-broker"), within_s=5)
    until("the press is on the hub", lambda: marks(rig, "after-the-broker"), within_s=10)


def test_presses_made_offline_arrive_once_in_order_with_their_own_times(rig: CounterRig) -> None:
    rig.relays.cut(COUNTER)
    spans = {}
    for number in range(5):
        mark, before = f"offline-{number}", datetime.now(UTC)
        until("the counter keeps it", lambda mark=mark: rig.touch(mark), within_s=20)
        spans[mark] = (before, datetime.now(UTC))
    assert marks(rig, "offline-") == []
    rig.relays.join(COUNTER)
    until("they are on the hub", lambda: len(marks(rig, "offline-")) >= len(spans), within_s=SETTLE_S)
    found = [kept for kept in rig.presses() if kept.mark in spans]
    assert [kept.mark for kept in found] == list(spans)
    for kept in found:
        before, after = spans[kept.mark]
        assert before <= datetime.fromisoformat(kept.at) <= after
