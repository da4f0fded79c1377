"""How loud a recording is (ITU-R BS.1770-4) and what to do about it. Pure: numbers in, decisions out.

House loudness is -16 LUFS within 0.5 LU, true peak at most -1 dBTP. Where both cannot be had the peak
wins and the recording stays quieter, by up to 2 LU.
"""

import math
from dataclasses import dataclass

import numpy as np

from audio.meter import WINDOWS_PER_S, Floats, Measured

__all__ = [
    "CEILING_DB",
    "FLOOR_LUFS",
    "PEAK_LIMIT_DBTP",
    "TARGET_LUFS",
    "TOLERANCE_LU",
    "Correction",
    "Loudness",
    "better",
    "corrected_again",
    "correction_for",
    "finishing_gain_db",
    "integrated_lufs",
    "is_acceptable",
    "k_weighting",
    "loudness_of",
    "sounding_span",
    "to_db",
]

TARGET_LUFS = -16.0
TOLERANCE_LU = 0.5
CLOSE_LU = 0.4  # a first try no farther off is kept
PEAK_LIMIT_DBTP = -1.0
PEAK_AIM_DBTP = -1.05  # decoders and meters differ by some hundredths
QUIETER_BY_LU = 2.0
# Aimed at where the recording has to stay quieter, so that a small miss is still within the 2 LU.
QUIETER_AIM_LU = 1.7
FLOOR_LUFS = -70.0  # the absolute gate of BS.1770

HOP = WINDOWS_PER_S // 10  # gating blocks of 400 ms begin every 100 ms
BLOCK = 4 * HOP

# The encoder mostly overshoots what the limiter leaves by no more; what is over is taken off the whole.
CODEC_ROOM_DB = 1.0
CEILING_DB = PEAK_LIMIT_DBTP - CODEC_ROOM_DB
# How far above its plain correction a sound may be driven into the limiter, so that one slammed door does
# not keep the speech around it quiet.
MORE_GAIN_DB = 30.0
# The second try is driven harder by no more than this, and by somewhat more than was missing, of which the
# limiter takes its part.
RETRY_LU = 3.0
HARDER = 1.3
# Limiting may eat this much loudness; beyond it speech turns to a roar and the recording is left quieter
# instead.
SQUASHED_LU = 3.0
# What the limiter still takes off in the windows after a peak (its release is 50 ms) and in the one
# before it.
RELEASE = (1.0, 0.75, 0.5, 0.3, 0.15)
ATTACK = 0.4


@dataclass(frozen=True, kw_only=True)
class Loudness:
    integrated_lufs: float
    true_peak_dbtp: float


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Raise by `gain_db`, hold peaks under `ceiling_db` (None: no limiter), to come out at `aim_lufs`."""

    gain_db: float
    ceiling_db: float | None
    aim_lufs: float


def to_db(magnitude: float) -> float:
    """Decibels of a linear magnitude; silence is -120."""
    return max(-120.0, 20 * math.log10(max(magnitude, 1e-6)))


def k_weighting(rate_hz: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The two biquads of BS.1770-4, as (b0, b1, b2, a0, a1, a2), for any sample rate.

    The standard prints them for 48 kHz; the analogue prototype behind them is libebur128's.
    """
    gain, ratio, quality = 3.999843853973347, 0.4996667741545416, 0.7071752369554196
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    high, band = 10 ** (gain / 20), 10 ** (gain / 20 * ratio)
    shelf_a0 = 1 + k / quality + k * k
    shelf = (
        (high + band * k / quality + k * k) / shelf_a0,
        2 * (k * k - high) / shelf_a0,
        (high - band * k / quality + k * k) / shelf_a0,
        1.0,
        2 * (k * k - 1) / shelf_a0,
        (1 - k / quality + k * k) / shelf_a0,
    )
    quality = 0.5003270373238773
    k = math.tan(math.pi * 38.13547087602444 / rate_hz)
    pass_a0 = 1 + k / quality + k * k
    high_pass = (1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / pass_a0, (1 - k / quality + k * k) / pass_a0)
    return shelf, high_pass


def integrated_lufs(energy: Floats) -> float:
    """Gated loudness of K-weighted mean squares per 10 ms; -inf when nothing passes the absolute gate.

    Under 400 ms there is no gating block: the mean of all there is stands for it.
    """
    if len(energy) == 0:
        return -math.inf
    if len(energy) < BLOCK:
        blocks = np.array([energy.mean(dtype=np.float64)])
    else:
        hops = energy[: len(energy) // HOP * HOP].reshape(-1, HOP).mean(axis=1, dtype=np.float64)
        blocks = np.convolve(hops, np.full(4, 0.25), mode="valid")
    blocks = blocks[blocks > energy_at(FLOOR_LUFS)]
    if len(blocks) == 0:
        return -math.inf
    loud = blocks[blocks > 0.1 * blocks.mean()]
    return lufs_of(float(loud.mean()))


def lufs_of(energy: float) -> float:
    return -0.691 + 10 * math.log10(energy) if energy > 0 else -math.inf


def energy_at(lufs: float) -> float:
    return float(10 ** ((lufs + 0.691) / 10))


def loudness_of(measured: Measured) -> Loudness:
    return Loudness(
        integrated_lufs=integrated_lufs(measured.energy), true_peak_dbtp=to_db(measured.true_peak)
    )


def sounding_span(energy: Floats, *, threshold_lufs: float) -> tuple[int, int]:
    """First and one past the last window louder than `threshold_lufs` over 50 ms; (0, 0) if none."""
    if len(energy) == 0:
        return 0, 0
    smooth = np.convolve(energy, np.full(5, 0.2), mode="same")
    loud = np.flatnonzero(smooth > energy_at(threshold_lufs))
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)


def limited_lufs(energy: Floats, peak: Floats, *, gain_db: float, ceiling_db: float) -> float:
    """About what a limiter leaves of the loudness after `gain_db`; some tenths of a LU off for speech."""
    with np.errstate(divide="ignore"):
        over_db = np.maximum(20 * np.log10(peak) + gain_db - ceiling_db, 0)
    reduced_db = over_db.copy()
    reduced_db[:-1] = np.maximum(reduced_db[:-1], ATTACK * over_db[1:])
    for late, share in enumerate(RELEASE[1:], start=1):
        reduced_db[late:] = np.maximum(reduced_db[late:], share * over_db[:-late])
    return integrated_lufs((energy * 10 ** ((gain_db - reduced_db) / 10)).astype(np.float32))


def correction_for(energy: Floats, peak: Floats, *, true_peak_dbtp: float) -> Correction:
    """What brings this sound to house loudness."""
    before_lufs = integrated_lufs(energy)
    plain_db = TARGET_LUFS - before_lufs
    if true_peak_dbtp + plain_db <= CEILING_DB:
        return Correction(gain_db=plain_db, ceiling_db=None, aim_lufs=TARGET_LUFS)
    tries = []
    for gain_db in np.arange(plain_db, plain_db + MORE_GAIN_DB, 0.25):
        after_lufs = limited_lufs(energy, peak, gain_db=gain_db, ceiling_db=CEILING_DB)
        tries.append((after_lufs, float(gain_db)))
        squashed = before_lufs + gain_db - after_lufs > SQUASHED_LU
        if after_lufs >= (TARGET_LUFS - QUIETER_AIM_LU if squashed else TARGET_LUFS):
            break
    else:
        loudest_lufs = max(tries)[0]
        after_lufs, gain_db = next(each for each in tries if each[0] >= loudest_lufs - TOLERANCE_LU)
    return Correction(gain_db=float(gain_db), ceiling_db=CEILING_DB, aim_lufs=min(TARGET_LUFS, after_lufs))


def finishing_gain_db(encoded: Loudness) -> float:
    """By how much a decoder shall raise what was encoded: to house loudness, as far as the peak allows."""
    if not math.isfinite(encoded.integrated_lufs):
        return 0.0
    return min(TARGET_LUFS - encoded.integrated_lufs, PEAK_AIM_DBTP - encoded.true_peak_dbtp)


def is_acceptable(after: Loudness, aim_lufs: float) -> bool:
    """Whether the finished file is as loud as `aim_lufs` allows; its peak is within the limit in any case."""
    least_lufs = aim_lufs - CLOSE_LU
    if aim_lufs >= TARGET_LUFS - QUIETER_BY_LU:
        least_lufs = max(least_lufs, TARGET_LUFS - QUIETER_BY_LU)
    return after.integrated_lufs >= least_lufs


def better(first: Loudness, second: Loudness) -> bool:
    """Whether the second try comes nearer to house loudness than the first."""
    return abs(second.integrated_lufs - TARGET_LUFS) < abs(first.integrated_lufs - TARGET_LUFS)


def corrected_again(first: Correction, after: Loudness) -> Correction:
    """The second and last try: driven harder into the limiter by what the finished first one was short of."""
    missing_lu = min(first.aim_lufs - after.integrated_lufs, RETRY_LU)
    return Correction(
        gain_db=first.gain_db + HARDER * missing_lu, ceiling_db=CEILING_DB, aim_lufs=first.aim_lufs
    )
