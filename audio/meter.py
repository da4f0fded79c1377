"""Reads decoded sound once, block by block, and keeps what decisions need: some numbers per 10 ms.

Pure apart from its own growing lists; memory is about 12 bytes per 10 ms, some 9 MB for two hours.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["WINDOWS_PER_S", "Floats", "Measured", "Meter"]

Floats = NDArray[np.float32]

WINDOWS_PER_S = 100
# Where the samples are more than 6 dB below the true peak found so far they are not oversampled: music
# and speech overshoot their samples by 3 dB at most.
OVERSHOOT = 2.0
TAPS = 32
# So many places are judged at once, and so many rows in one product: small enough that the linear algebra
# library does not call for its threads, which burn more processor time than they save.
STEP = 32
ROWS = 40
FLAT_LEVEL = 0.97
FLAT_STEP = 4e-5
OVER_LEVEL = 1.12


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One value per window of `window_s` seconds: lowest and highest sample, mean square after K-weighting.

    `true_peak` is linear, of four times oversampled sound. `clipped` counts windows with flattened tops.
    `flawed` says that the decoder complained of parts of the file.
    `mid_square` is the sum of squares of the channels' mean, `channel_squares` that of each channel.
    """

    window_s: float
    frames: int
    rate_hz: int
    low: Floats
    high: Floats
    energy: Floats
    true_peak: float
    clipped: int
    flawed: bool
    mid_square: float
    channel_squares: tuple[float, ...]

    @property
    def duration_s(self) -> float:
        return self.frames / self.rate_hz

    @property
    def peak(self) -> Floats:
        """The greatest magnitude in each window."""
        return np.maximum(self.high, -self.low)

    def raised(self, gain_db: float) -> Self:
        """What would have been measured of the same sound raised by `gain_db`."""
        factor = 10 ** (gain_db / 20)
        return replace(
            self,
            low=np.float32(factor) * self.low,
            high=np.float32(factor) * self.high,
            energy=np.float32(factor**2) * self.energy,
            true_peak=factor * self.true_peak,
            mid_square=factor**2 * self.mid_square,
            channel_squares=tuple(factor**2 * each for each in self.channel_squares),
        )


class Meter:
    """Fed interleaved float32 frames: `channels` of sound, then one K-weighted channel of their mean."""

    def __init__(self, *, rate_hz: int, channels: int) -> None:
        self._rate_hz = rate_hz
        self._channels = channels
        self._window = round(rate_hz / WINDOWS_PER_S)
        self._waiting = bytearray()
        self._frames = 0
        self._tail = np.zeros(STEP, np.float32)
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._energy: list[Floats] = []
        self._true_peak = 0.0
        self._clipped = 0
        self._mid_square = 0.0
        self._channel_squares = [0.0] * channels

    @property
    def heard_s(self) -> float:
        return self._frames / self._rate_hz

    def feed(self, data: bytes) -> None:
        """Take some bytes; a part of a block is kept for the next call."""
        self._waiting += data
        if len(self._waiting) >= self._rate_hz // 2 * self._frame_bytes:
            self._take(len(self._waiting) // self._window_bytes)

    def finish(self, *, flawed: bool = False) -> Measured:
        """The measurement; the last window is filled up with silence."""
        del self._waiting[len(self._waiting) // self._frame_bytes * self._frame_bytes :]
        missing = -len(self._waiting) % self._window_bytes
        self._waiting += bytes(missing)
        if self._waiting:
            self._take(len(self._waiting) // self._window_bytes)
            self._frames -= missing // self._frame_bytes
        self._watch_true_peak(np.zeros(2 * STEP, np.float32))
        return Measured(
            window_s=self._window / self._rate_hz,
            frames=self._frames,
            rate_hz=self._rate_hz,
            low=joined(self._low),
            high=joined(self._high),
            energy=joined(self._energy),
            true_peak=self._true_peak,
            clipped=self._clipped,
            flawed=flawed,
            mid_square=self._mid_square,
            channel_squares=tuple(self._channel_squares),
        )

    @property
    def _frame_bytes(self) -> int:
        return 4 * (self._channels + 1)

    @property
    def _window_bytes(self) -> int:
        return self._window * self._frame_bytes

    def _take(self, windows_ready: int) -> None:
        planes = finite(self._planes(windows_ready * self._window))
        self._frames += planes.shape[1]
        windows = [plane.reshape(-1, self._window) for plane in planes]
        sound, weighted = windows[:-1], windows[-1]
        mid = sound[0] if self._channels == 1 else (sound[0] + sound[1]) * np.float32(0.5)
        self._low.append(mid.min(axis=1))
        self._high.append(mid.max(axis=1))
        self._energy.append(square_sums(weighted) / np.float32(self._window))
        self._mid_square += float(square_sums(mid).sum())
        for channel, each in enumerate(sound):
            self._channel_squares[channel] += float(square_sums(each).sum())
        self._clipped += sum(flattened_windows(each) for each in sound)
        self._watch_true_peak(mid.ravel())

    def _planes(self, frames: int) -> Floats:
        """So many frames out of what waits, one row per channel."""
        values = np.frombuffer(self._waiting, np.float32, count=frames * (self._channels + 1))
        planes = np.array(values.reshape(frames, -1).T, order="C")
        del values  # a bytearray that is looked into cannot shrink
        del self._waiting[: planes.nbytes]
        return planes

    def _watch_true_peak(self, mid: Floats) -> None:
        """Oversample where it is loud; what the filter reaches over waits for the next samples."""
        flat = np.concatenate([self._tail, mid])
        steps = len(flat) // STEP
        self._tail = flat[(steps - 1) * STEP :]
        spans = np.lib.stride_tricks.sliding_window_view(flat[: steps * STEP], 2 * STEP)[::STEP]
        tops = np.maximum.reduceat(np.abs(flat), np.arange(steps) * STEP)
        peaks = np.maximum(tops[:-1], tops[1:])
        self._true_peak = max(self._true_peak, float(peaks.max()))
        for chosen in (peaks >= peaks.max(), peaks > self._true_peak / OVERSHOOT):
            loud = spans[chosen & (peaks * OVERSHOOT > self._true_peak) & (peaks > 0)]
            for start in range(0, len(loud), ROWS):
                self._true_peak = max(self._true_peak, between_samples(loud[start : start + ROWS]))


def joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def finite(planes: Floats) -> Floats:
    """A decoder of floats may yield NaN or infinity from a damaged file; neither may poison the sums."""
    if np.isfinite(planes).all():
        return planes
    return np.nan_to_num(planes, nan=0.0, posinf=1.0, neginf=-1.0)


def square_sums(windows: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", windows, windows), np.float32)


def flattened_windows(windows: Floats) -> int:
    """How many windows hold three equal samples in a row near full scale, or reach far beyond it."""
    top = np.abs(windows).max(axis=1)
    loud = np.abs(windows[top >= FLAT_LEVEL])
    if not len(loud):
        return 0
    level = (np.abs(np.diff(loud, axis=1)) < FLAT_STEP) & (loud[:, 1:] >= FLAT_LEVEL)
    flat = (level[:, 1:] & level[:, :-1]).any(axis=1)
    return int(np.count_nonzero(flat | (top[top >= FLAT_LEVEL] > OVER_LEVEL)))


def between_samples(spans: Floats) -> float:
    """The greatest magnitude at a quarter, half and three quarters between the samples of each span."""
    return float(np.abs(spans @ INTERPOLATORS).max())


def interpolators() -> Floats:
    """Three windowed-sinc filters (Kaiser), of unit gain at DC, each at STEP places of a two-step span."""
    offsets = np.arange(TAPS) - (TAPS // 2 - 1)
    columns = np.zeros((2 * STEP, 3 * STEP), np.float32)
    for number, shift in enumerate((0.25, 0.5, 0.75)):
        from_centre = offsets - shift
        taper = np.i0(6.0 * np.sqrt(np.clip(1 - (from_centre / (TAPS / 2)) ** 2, 0, 1)))
        taps = np.sinc(from_centre) * taper
        for place in range(STEP):
            columns[place : place + TAPS, number * STEP + place] = taps / taps.sum()
    return columns


INTERPOLATORS = interpolators()
