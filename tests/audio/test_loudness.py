"""The sums of BS.1770-4 and the decisions that follow from them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.loudness import (
    CEILING_DB,
    PEAK_LIMIT_DBTP,
    TARGET_LUFS,
    Correction,
    Loudness,
    better,
    corrected_again,
    correction_for,
    finishing_gain_db,
    integrated_lufs,
    is_acceptable,
    k_weighting,
    limited_lufs,
    sounding_span,
    to_db,
)
from audio.meter import Floats

LEVELS = st.lists(st.floats(1e-6, 1.0), min_size=1, max_size=300)


def windows(*values: float, each: int = 100) -> Floats:
    """Every value for `each` windows of 10 ms."""
    return np.repeat(np.array(values, np.float32), each)


def test_k_weighting_at_48_khz_is_the_table_of_the_standard() -> None:
    shelf, high_pass = k_weighting(48_000)
    assert shelf == pytest.approx(
        (1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241, 0.73248077421585)
    )
    assert high_pass == pytest.approx((1, -2, 1, 1, -1.99004745483398, 0.99007225036621))


def test_nothing_has_no_loudness() -> None:
    assert integrated_lufs(windows()) == -math.inf


def test_silence_passes_no_gate() -> None:
    assert integrated_lufs(windows(0.0)) == -math.inf


def test_a_steady_sound_is_as_loud_as_its_mean_square() -> None:
    assert integrated_lufs(windows(0.01)) == pytest.approx(-20.691, abs=1e-3)


def test_quiet_parts_over_10_lu_below_are_gated_out() -> None:
    assert integrated_lufs(windows(0.01, 0.0001, each=4000)) == pytest.approx(-20.691, abs=0.02)


def test_under_400_ms_the_plain_mean_counts() -> None:
    assert integrated_lufs(windows(0.01, each=7)) == pytest.approx(-20.691, abs=1e-3)


@given(st.lists(st.floats(0.2, 1.0), min_size=1, max_size=300), st.floats(-30, 30))
def test_raising_a_sound_raises_its_loudness_as_much_while_the_gates_stay_clear(
    levels: list[float], gain_db: float
) -> None:
    quiet = np.array(levels, np.float32)
    raised = (quiet * 10 ** (gain_db / 10)).astype(np.float32)
    assert integrated_lufs(raised) - integrated_lufs(quiet) == pytest.approx(gain_db, abs=0.01)


@given(LEVELS)
def test_loudness_lies_between_the_quietest_and_the_loudest_window(levels: list[float]) -> None:
    energy = np.array(levels, np.float32)
    loudness = integrated_lufs(energy)
    if loudness > -math.inf:
        assert loudness <= -0.691 + 10 * math.log10(max(levels)) + 1e-3


def test_the_sounding_span_leaves_out_silent_edges() -> None:
    first, last = sounding_span(windows(0.0, 0.01, 0.0), threshold_lufs=-60)
    assert (first, last) == (pytest.approx(100, abs=3), pytest.approx(200, abs=3))


def test_silence_has_no_sounding_span() -> None:
    assert sounding_span(windows(0.0), threshold_lufs=-60) == (0, 0)


def test_a_sound_with_room_for_its_peaks_is_only_raised() -> None:
    correction = correction_for(windows(0.001), windows(0.1), true_peak_dbtp=-20)
    assert correction.gain_db == pytest.approx(14.69, abs=0.01)
    assert (correction.ceiling_db, correction.aim_lufs) == (None, TARGET_LUFS)


def test_a_sound_without_room_is_limited_below_the_peak_limit() -> None:
    correction = correction_for(windows(0.01), peaky(), true_peak_dbtp=-1)
    assert correction.ceiling_db is not None
    assert correction.ceiling_db < PEAK_LIMIT_DBTP


def test_a_sound_of_rare_peaks_still_aims_at_house_loudness() -> None:
    assert correction_for(windows(0.01), peaky(), true_peak_dbtp=-1).aim_lufs == TARGET_LUFS


def test_a_sound_of_peaks_alone_is_left_quieter() -> None:
    energy, peak = windows(0.002), windows(1.0)
    assert correction_for(energy, peak, true_peak_dbtp=0).aim_lufs < TARGET_LUFS - 2


def peaky() -> Floats:
    peak = windows(0.2)
    peak[::25] = 0.9
    return peak


@given(LEVELS, st.floats(0.0, 20.0))
def test_a_limiter_never_adds_loudness(levels: list[float], gain_db: float) -> None:
    energy = np.array(levels, np.float32)
    peak = np.minimum(1, np.sqrt(energy) * 3)
    plain = integrated_lufs((energy * 10 ** (gain_db / 10)).astype(np.float32))
    limited = limited_lufs(energy, peak, gain_db=gain_db, ceiling_db=-200)
    assert limited <= plain or plain == -math.inf


@given(LEVELS, st.floats(-40, 6))
def test_every_sound_gets_a_finite_correction_that_never_aims_too_loud(
    levels: list[float], peak_dbtp: float
) -> None:
    energy = np.array(levels, np.float32)
    if integrated_lufs(energy) == -math.inf:
        return
    peak = np.full(len(energy), 10 ** (peak_dbtp / 20), np.float32)
    correction = correction_for(energy, peak, true_peak_dbtp=peak_dbtp)
    assert math.isfinite(correction.gain_db)
    assert correction.aim_lufs <= TARGET_LUFS


def loudness(integrated: float, peak: float = -3.0) -> Loudness:
    return Loudness(integrated_lufs=integrated, true_peak_dbtp=peak)


@pytest.mark.parametrize(
    ("after", "aim", "good"),
    [
        (loudness(-16.0), -16.0, True),
        (loudness(-16.35), -16.0, True),
        (loudness(-16.45), -16.0, False),
        (loudness(-17.9), -17.7, True),
        (loudness(-18.05), -17.7, False),
        (loudness(-16.5), -17.7, True),
        (loudness(-31.9), -31.0, False),
        (loudness(-31.3), -31.0, True),
    ],
)
def test_the_first_try_is_kept_when_close_to_its_aim(after: Loudness, aim: float, good: bool) -> None:
    assert is_acceptable(after, aim) is good


@pytest.mark.parametrize(
    ("encoded", "gain_db"),
    [
        (loudness(-16.9, -5.0), 0.9),
        (loudness(-15.7, -2.0), -0.3),
        (loudness(-15.8, -0.6), -0.45),
        (loudness(-17.0, -1.5), 0.45),
        (loudness(-math.inf), 0.0),
    ],
    ids=["too quiet", "too loud", "peaks too high", "as far as the peaks allow", "silence"],
)
def test_what_was_encoded_is_put_right_by_plain_gain(encoded: Loudness, gain_db: float) -> None:
    assert finishing_gain_db(encoded) == pytest.approx(gain_db)


@given(st.floats(-70, 10), st.floats(-70, 10))
def test_no_finished_sound_is_too_loud_or_has_too_high_a_peak(integrated: float, peak: float) -> None:
    gain_db = finishing_gain_db(loudness(integrated, peak))
    assert integrated + gain_db <= TARGET_LUFS + 1e-9
    assert peak + gain_db < PEAK_LIMIT_DBTP


def test_the_second_try_is_driven_harder_into_the_limiter() -> None:
    first = Correction(gain_db=5, ceiling_db=None, aim_lufs=-16)
    again = corrected_again(first, loudness(-17))
    assert (again.gain_db, again.ceiling_db) == (pytest.approx(6.3), CEILING_DB)


def test_the_first_try_stays_when_the_second_is_farther_off() -> None:
    assert not better(loudness(-16.5), loudness(-17.0))


def test_silence_is_a_number_of_decibels_too() -> None:
    assert to_db(0.0) == -120
