"""The gain in the head of an Ogg Opus file, by which decoders play it louder or quieter (RFC 7845, 5.1).

A sound that was encoded a little too loud or too quiet is put right there, to the hundredth of a decibel,
without another encoding. ffmpeg, libsndfile and browsers apply it.
"""

import math
import struct
from pathlib import Path

from audio.errors import ToolFailed

__all__ = ["set_gain"]

PAGE_HEAD_BYTES = 27
CHECKSUM_AT = 22
GAIN_AT = 16
STEPS_PER_DB = 256
MOST_STEPS = (1 << 15) - 1
LONGEST_PAGE_BYTES = PAGE_HEAD_BYTES + 255 + 255 * 255


def set_gain(path: Path, gain_db: float) -> float:
    """Write the gain into a file of ours that no one reads yet; what was written, at most `gain_db`, in dB.

    Raises ToolFailed when the file does not begin with an Opus head.
    """
    steps = max(-MOST_STEPS, min(MOST_STEPS, math.floor(gain_db * STEPS_PER_DB)))
    with path.open("r+b") as file:
        page = first_page(file.read(LONGEST_PAGE_BYTES))
        file.seek(0)
        file.write(with_gain(page, steps))
    return steps / STEPS_PER_DB


def first_page(start: bytes) -> bytes:
    """The Ogg page with which a file begins, which holds the Opus head and nothing else."""
    segments = start[PAGE_HEAD_BYTES - 1] if len(start) >= PAGE_HEAD_BYTES else 0
    body = PAGE_HEAD_BYTES + segments
    page = start[: body + sum(start[PAGE_HEAD_BYTES:body])]
    if page[:4] != b"OggS" or page[body : body + 8] != b"OpusHead" or len(page) < body + GAIN_AT + 2:
        raise ToolFailed("ffmpeg", "wanted an Ogg file that begins with an Opus head, found something else")
    return page


def with_gain(page: bytes, steps: int) -> bytes:
    changed = bytearray(page)
    struct.pack_into("<h", changed, PAGE_HEAD_BYTES + page[PAGE_HEAD_BYTES - 1] + GAIN_AT, steps)
    struct.pack_into("<I", changed, CHECKSUM_AT, 0)
    struct.pack_into("<I", changed, CHECKSUM_AT, checksum(changed))
    return bytes(changed)


def checksum(page: bytes | bytearray) -> int:
    """Ogg's CRC-32 (RFC 3533, 6): the usual polynomial, high bit first, nothing inverted."""
    found = 0
    for byte in page:
        found ^= byte << 24
        for _ in range(8):
            found = ((found << 1) ^ (0x04C11DB7 if found & 0x80000000 else 0)) & 0xFFFFFFFF
    return found
