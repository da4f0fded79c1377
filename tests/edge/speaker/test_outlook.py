"""What a loudspeaker says it is at."""

from datetime import timedelta

import pytest

from edge.speaker.outlook import SOON, outlook
from edge.speaker.situation import Current
from edge.speaker.standing import InForce
from tests import factories as make
from tests.factories_conductor import DUE, STOPPED, at, item

SOON_S = SOON.total_seconds()
RUNNING = make.emergency(starts_at=DUE, until=DUE + timedelta(hours=1), title="Lũ về")
ALARM = InForce(emergencies=(RUNNING,))
ENDED = frozenset(f"{RUNNING.id}.{number}" for number in range(10_000))


def test_what_sounds_is_named() -> None:
    assert (
        outlook(at(1, current=Current(item(title="Bản tin chiều"), started=True)))
        == "sounding: Bản tin chiều"
    )


def test_what_is_armed_sounds_soon() -> None:
    assert outlook(at(-4, current=Current(item(title="Bản tin chiều")))) == "sounding soon: Bản tin chiều"


def test_what_is_due_within_minutes_sounds_soon_and_says_when_in_the_sites_time() -> None:
    told = outlook(at(-SOON_S, item(title="Bản tin chiều")))
    assert told == "sounding soon: Bản tin chiều, at 2026-11-20 17:00:00 +07"


def test_before_that_it_is_silent_and_says_until_when() -> None:
    assert outlook(at(-SOON_S - 1)) == "silent until 2026-11-20 17:00:00 +07"


def test_what_has_its_outcome_is_not_awaited() -> None:
    assert outlook(at(-1, settled={"o-1"})) == "silent, nothing planned"


def test_without_a_plan_nothing_is_planned() -> None:
    assert outlook(at(0, plan=None)) == "silent, nothing planned"


def test_between_its_repetitions_an_emergency_sounds() -> None:
    assert outlook(at(1, in_force=ALARM)) == "sounding: Lũ về, until 2026-11-20 18:00:00 +07"


def test_an_emergency_that_is_over_does_not() -> None:
    assert outlook(at(1, in_force=ALARM, settled=ENDED, plan=None)) == "silent, nothing planned"


@pytest.mark.parametrize(
    ("in_force", "told"),
    [
        (STOPPED, "silent: stopped"),
        (InForce(stopped=make.stop_mark(seq=RUNNING.seq + 1), emergencies=(RUNNING,)), "silent: stopped"),
        (InForce(muted=True, emergencies=(RUNNING,)), "silent: muted"),
    ],
)
def test_what_may_not_sound_is_not_awaited(in_force: InForce, told: str) -> None:
    assert outlook(at(-1, in_force=in_force)) == told
