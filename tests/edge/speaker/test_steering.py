import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.speaker.steering import FASTEST_PPM, Steering

STEP_S = 0.025


def followed(*, drift_ppm: float, seconds: float, behind_s: float = 0.0) -> tuple[Steering, list[float]]:
    """A card whose clock is ``drift_ppm`` slow, steered for a time; how far behind it was each time."""
    steering, course = Steering(), []
    for _ in range(round(seconds / STEP_S)):
        steering = steering.steered(behind_s=behind_s, passed_s=STEP_S)
        behind_s += STEP_S * (drift_ppm / 1e6 - (steering.ratio - 1))
        course.append(behind_s)
    return steering, course


def test_in_step_nothing_is_changed() -> None:
    assert Steering().steered(behind_s=0, passed_s=STEP_S).ratio == 1.0


def test_a_late_sound_runs_faster_and_an_early_one_slower() -> None:
    assert Steering().steered(behind_s=0.001, passed_s=STEP_S).ratio > 1
    assert Steering().steered(behind_s=-0.001, passed_s=STEP_S).ratio < 1


@pytest.mark.parametrize("drift_ppm", [-200, -100, 30, 100, 200])
def test_a_card_that_drifts_stays_within_two_milliseconds_and_its_drift_is_learnt(drift_ppm: float) -> None:
    steering, course = followed(drift_ppm=drift_ppm, seconds=300)
    assert max(map(abs, course)) < 0.002
    assert abs(course[-1]) < 0.00001
    assert steering.drift_ppm == pytest.approx(drift_ppm, abs=1)


def test_a_step_is_made_good_without_swinging_over() -> None:
    _, course = followed(drift_ppm=0, seconds=200, behind_s=0.003)
    assert abs(course[-1]) < 0.00001
    assert min(course) > -0.0006


@given(st.floats(-1, 1), st.floats(-FASTEST_PPM, FASTEST_PPM))
def test_no_change_is_ever_large_enough_to_be_heard(behind_s: float, drift_ppm: float) -> None:
    steering = Steering(drift_ppm).steered(behind_s=behind_s, passed_s=STEP_S)
    assert abs(steering.ratio - 1) <= FASTEST_PPM / 1e6 + 1e-12
