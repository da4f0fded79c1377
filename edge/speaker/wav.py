"""A WAV file that can be read at any moment while it grows, and after the plug was pulled.

16-bit PCM, one channel, 48 kHz. The header is set after each block, so it never promises more than is there.
"""

import struct
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from edge.speaker.samples import SAMPLE_RATE_HZ, Samples

__all__ = ["HEADER_BYTES", "WavWriter"]

HEADER_BYTES = 44
BYTES_PER_FRAME = 2
# The sizes in a RIFF header have 32 bits.
MOST_FRAMES = (2**32 - 1 - HEADER_BYTES) // BYTES_PER_FRAME


class WavWriter:
    """A new file at ``path``. OSError where the disk refuses; sound beyond 4 GiB is left out."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self.path = path
        self.frames = 0
        self._file.write(_header(0))

    @property
    def size_bytes(self) -> int:
        return HEADER_BYTES + self.frames * BYTES_PER_FRAME

    def append(self, samples: Samples) -> None:
        """Add samples in −1 … 1; louder ones are clipped."""
        fitting = samples[: MOST_FRAMES - self.frames]
        pcm = np.clip(np.rint(fitting * 32767), -32768, 32767).astype("<i2")
        self._file.seek(self.size_bytes)
        self._file.write(pcm.tobytes())
        self.frames += len(fitting)
        self._file.seek(0)
        self._file.write(_header(self.frames))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _header(frames: int) -> bytes:
    data = frames * BYTES_PER_FRAME
    byte_rate = SAMPLE_RATE_HZ * BYTES_PER_FRAME
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLE_RATE_HZ, byte_rate, BYTES_PER_FRAME, 16)
    riff = struct.pack("<4sI4s", b"RIFF", HEADER_BYTES - 8 + data, b"WAVE")
    return riff + fmt + struct.pack("<4sI", b"data", data)
