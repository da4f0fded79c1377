"""Where in a recording of the sound rig something sounds, to a fraction of a sample."""

from dataclasses import dataclass

import numpy as np

from tests.system.rig import RATE_HZ, Captured

__all__ = ["Ear", "Found", "find"]

WINDOW = RATE_HZ // 10  # short: a clock that is 100 ppm off smears it by half a sample only
LIKE = 0.5


@dataclass(frozen=True)
class Found:
    """How many samples later than expected, and how alike what sounds there is (1: the same)."""

    lag: float
    likeness: float


def find(wanted: np.ndarray, within: np.ndarray) -> Found:
    """Where `wanted` lies in `within`, which is longer by twice the reach; 0 is the middle."""
    size = 1 << int(len(within) + len(wanted) - 1).bit_length()
    spectrum = np.fft.rfft(within, size) * np.conj(np.fft.rfft(wanted, size))
    products = np.fft.irfft(spectrum, size)[: len(within) - len(wanted) + 1]
    at = int(np.argmax(products))
    piece = within[at : at + len(wanted)]
    energy = float(np.sqrt(np.sum(np.square(wanted)) * np.sum(np.square(piece))))
    likeness = float(products[at]) / energy if energy > 0 else 0.0
    return Found(at + _vertex(products, at) - (len(within) - len(wanted)) / 2, likeness)


def _vertex(values: np.ndarray, at: int) -> float:
    """How far beside the highest value the parabola through it and its neighbours has its vertex."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, top, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * top + after
    return 0.5 * (before - after) / bend if bend else 0.0


@dataclass(frozen=True)
class Ear:
    """One device of a recorded square."""

    captured: Captured
    device: str

    def hear(self, unix_s: float, *, reach: int = 0) -> tuple[np.ndarray, float]:
        """A window from about that instant on, with `reach` samples on either side; and its exact instant,
        that of the sample after the reach. Empty where nothing was recorded."""
        row = self.captured.row_at(unix_s)
        rows = slice(row - reach, row + WINDOW + reach)
        if rows.start < 0 or rows.stop > len(self.captured.samples):
            return np.zeros(0, np.float32), 0.0
        return self.captured.channel(self.device, rows), self.captured.instant_of(row)

    def sounds_at(self, wanted: np.ndarray, unix_s: float, *, reach_s: float) -> float | None:
        """The instant at which `wanted` begins, expected at `unix_s`; None if it does not sound there."""
        reach = round(reach_s * RATE_HZ)
        heard, instant_s = self.hear(unix_s, reach=reach)
        if not len(heard) or not len(wanted):
            return None
        found = find(wanted, heard)
        return instant_s + found.lag / RATE_HZ if found.likeness >= LIKE else None
