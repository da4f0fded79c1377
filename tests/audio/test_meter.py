"""What the meter keeps of decoded sound."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.loudness import to_db
from audio.meter import Floats, Measured, Meter

RATE_HZ = 8_000


def tone(frequency_hz: float, *, level: float = 1.0, phase: float = 0.0, length_s: float = 1.0) -> Floats:
    t = np.arange(round(RATE_HZ * length_s)) / RATE_HZ
    return (level * np.sin(2 * np.pi * frequency_hz * t + phase)).astype(np.float32)


def measured(*channels: Floats, pieces: int = 1 << 20) -> Measured:
    """The measurement of these channels (their mean stands for the weighted one), fed in pieces of bytes."""
    mean = np.mean(channels, axis=0, dtype=np.float32)
    data = np.stack([*channels, mean], axis=1).astype(np.float32).tobytes()
    meter = Meter(rate_hz=RATE_HZ, channels=len(channels))
    for start in range(0, len(data), pieces):
        meter.feed(data[start : start + pieces])
    return meter.finish()


def test_nothing_fed_is_nothing_measured() -> None:
    nothing = Meter(rate_hz=RATE_HZ, channels=1).finish()
    assert (nothing.frames, len(nothing.energy), nothing.true_peak) == (0, 0, 0)


def test_length_counts_frames_not_windows() -> None:
    assert measured(tone(440, length_s=0.123)).frames == 984


@given(st.integers(1, 5000))
def test_the_pieces_in_which_sound_arrives_do_not_matter(pieces: int) -> None:
    sound = tone(441, level=0.5, length_s=0.1)
    one, many = measured(sound), measured(sound, pieces=pieces)
    assert np.array_equal(one.energy, many.energy)
    assert (one.frames, one.true_peak) == (many.frames, many.true_peak)


def test_a_peak_between_the_samples_is_found() -> None:
    # At a quarter of the sample rate and 45 degrees every sample is 3 dB below the crest.
    fade = np.hanning(RATE_HZ).astype(np.float32)
    sound = tone(RATE_HZ / 4, phase=np.pi / 4) * fade
    assert np.abs(sound).max() < 0.71
    assert to_db(measured(sound).true_peak) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("at", [80, RATE_HZ // 2], ids=["windows", "blocks"])
def test_a_peak_between_two_windows_or_blocks_is_found(at: int) -> None:
    sound = np.zeros(RATE_HZ, np.float32)
    sound[at - 1 : at + 1] = 0.8
    half_a_second_bytes = RATE_HZ // 2 * 2 * 4
    assert measured(sound, pieces=half_a_second_bytes).true_peak > 0.95


@given(st.floats(0.01, 1.0))
def test_a_true_peak_is_never_below_the_highest_sample(level: float) -> None:
    sound = tone(997, level=level, length_s=0.05)
    assert measured(sound).true_peak >= np.abs(sound).max()


def test_numbers_that_are_none_poison_nothing() -> None:
    sound = tone(440, level=0.5)
    sound[100], sound[200] = np.nan, np.inf
    result = measured(sound)
    assert np.isfinite(result.energy).all()
    assert np.isfinite(result.true_peak)


def test_flattened_tops_are_counted() -> None:
    assert measured(np.clip(tone(100, level=4), -1, 1)).clipped > 90


def test_a_tone_that_just_reaches_full_scale_is_not_clipped() -> None:
    assert measured(tone(440)).clipped == 0


def test_opposite_channels_leave_nothing_in_the_mean() -> None:
    sound = tone(440, level=0.5)
    result = measured(sound, -sound)
    assert result.mid_square == 0
    assert result.channel_squares == pytest.approx((RATE_HZ * 0.125, RATE_HZ * 0.125), rel=1e-3)


def test_a_raised_measurement_is_that_of_the_raised_sound() -> None:
    plain, raised = measured(tone(440, level=0.25)).raised(6.0206), measured(tone(440, level=0.5))
    assert np.allclose(plain.energy, raised.energy, rtol=1e-4)
    assert np.allclose([plain.low, plain.high], [raised.low, raised.high], rtol=1e-4)
    assert (plain.true_peak, plain.mid_square) == pytest.approx((raised.true_peak, raised.mid_square))
    assert plain.channel_squares == pytest.approx(raised.channel_squares)


@pytest.mark.parametrize("at", range(4_000, 4_064, 3))
def test_a_peak_is_found_wherever_it_lies_among_the_steps(at: int) -> None:
    sound = np.zeros(RATE_HZ, np.float32)
    sound[at : at + 2] = 0.8
    assert measured(sound).true_peak == pytest.approx(1.02, abs=0.02)
