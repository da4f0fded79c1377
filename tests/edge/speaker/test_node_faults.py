"""What befalls a whole loudspeaker: a clock that is set, a boot without time, a ruined file, a vast plan."""

from datetime import timedelta

import pytest

from edge.wire.base import ClockState
from edge.wire.entries import Booted, Fault, Outcome, PlanAccepted, Reason
from edge.wire.messages import Health
from tests import factories as make
from tests.factories_speaker import HELD, item, outcomes
from tests.fakes_node import Village

SECOND, HOUR, DAY = 1, 3_600, 86_400
DUE_S = 60
MANY = 10_000


@pytest.fixture
def village(village: Village) -> Village:
    """A loudspeaker that holds one item, due in a minute, and its recording."""
    village.plan(occurrences=(item(),))
    village.tell(HELD)
    return village


def sounded(village: Village) -> int:
    return len([act for act in village.stage.acts if act.started_at is not None])


@pytest.mark.parametrize("step_s", [-DAY, -HOUR, -SECOND, SECOND])
def test_a_clock_set_before_an_item_lets_it_wait_for_its_instant(village: Village, step_s: int) -> None:
    village.run(30)
    village.clock.step(step_s)
    village.run(DUE_S - 30 - step_s - 0.5)
    assert sounded(village) == 0
    village.run(30)
    assert outcomes(village) == {"o-1": (Outcome.PLAYED, None)}
    assert village.stage.acts[-1].started_at == make.NOW + timedelta(seconds=DUE_S)


@pytest.mark.parametrize("step_s", [HOUR, DAY])
def test_an_item_that_a_clock_set_forward_has_passed_is_told_and_does_not_sound(
    village: Village, step_s: int
) -> None:
    village.run(30)
    village.clock.step(step_s)
    village.run(120)
    assert sounded(village) == 0
    assert outcomes(village) == {"o-1": (Outcome.SKIPPED, Reason.LATE)}


@pytest.mark.parametrize("step_s", [-DAY, -HOUR, -SECOND, SECOND, HOUR, DAY])
def test_a_clock_set_while_it_sounds_neither_cuts_nor_repeats(village: Village, step_s: int) -> None:
    village.run(DUE_S + 5)
    village.clock.step(step_s)
    village.run(abs(step_s) + 120)  # past the instant, where it comes again
    assert sounded(village) == 1
    assert outcomes(village) == {"o-1": (Outcome.PLAYED, None)}


def test_a_boot_without_the_time_sounds_nothing_and_closes_nothing(village: Village) -> None:
    village.pull_the_plug()
    village.clock.state, village.clock.bound_ms = ClockState.UNTRUSTED, None
    village.boot().tell(HELD)
    village.run(DUE_S + 60)
    assert sounded(village) == 0
    assert outcomes(village) == {}


def test_a_boot_without_the_time_is_told_in_its_readings(village: Village) -> None:
    village.pull_the_plug()
    village.clock.state, village.clock.bound_ms = ClockState.UNTRUSTED, None
    village.boot().connect()
    reading = Health.decode(village.link.payloads("health")[-1])
    assert reading.clock.state is ClockState.UNTRUSTED


def test_what_was_missed_without_the_time_is_told_once_it_is_known(village: Village) -> None:
    village.pull_the_plug()
    village.clock.state, village.clock.bound_ms = ClockState.UNTRUSTED, None
    village.boot().tell(HELD)
    village.run(DUE_S + 60)
    village.clock.state, village.clock.bound_ms = ClockState.SYNCED, 1.0
    village.run(60)
    assert outcomes(village) == {"o-1": (Outcome.SKIPPED, Reason.CLOCK)}


def test_a_ruined_ledger_is_set_aside_and_what_it_held_comes_again_from_the_hub(village: Village) -> None:
    village.pull_the_plug()
    file = village.folder / "ledger.db"
    ruined = bytearray(file.read_bytes())
    ruined[:4096] = bytes(4096)
    file.write_bytes(ruined)
    village.boot().tell(HELD)
    village.plan(occurrences=(item(),))
    village.run(DUE_S + 20)
    assert [type(entry) for entry in village.entries(Booted, Fault)] == [Booted, Fault]
    assert outcomes(village) == {"o-1": (Outcome.PLAYED, None)}
    assert len(list(village.folder.glob("ledger.db.*"))) >= 1


def test_of_a_plan_of_ten_thousand_items_each_sounds_on_its_instant(village: Village) -> None:
    items = tuple(item(f"o-{number}", DUE_S + 300 * number) for number in range(MANY))
    village.plan(version=make.VERSION + 1, occurrences=items)
    accepted = village.entries(PlanAccepted)[-1]
    assert isinstance(accepted, PlanAccepted)
    assert accepted.occurrences == MANY
    village.run(DUE_S + 320)
    assert outcomes(village) == dict.fromkeys(["o-0", "o-1"], (Outcome.PLAYED, None))
    assert [*outcomes(village)] == ["o-0", "o-1"]


def test_after_a_month_without_power_ten_thousand_items_are_each_told_once(village: Village) -> None:
    items = tuple(item(f"o-{number}", DUE_S + 240 * number) for number in range(MANY))
    village.plan(version=make.VERSION + 1, occurrences=items)
    village.pull_the_plug()
    village.clock.advance(DUE_S + 240 * MANY)
    village.boot().run(30)
    rows = village.ledger.finished_ids(since=make.NOW)
    assert len(rows) == len(set(rows)) == MANY
