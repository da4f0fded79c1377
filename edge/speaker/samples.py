"""What sound is made of here: one channel of 32-bit floats in −1 … 1 at 48 kHz."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAMPLE_RATE_HZ", "Samples", "frames_in"]

SAMPLE_RATE_HZ = 48_000

Samples = NDArray[np.float32]


def frames_in(milliseconds: float) -> int:
    """How many samples sound in that time."""
    return round(milliseconds * SAMPLE_RATE_HZ / 1000)
