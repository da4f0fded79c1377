"""Recordings as samples: the only file that knows soundfile.

A recording is what the hub prepared: 48 kHz, one channel, Ogg Opus. It is decoded block by
block, never whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import soundfile

from edge.speaker.errors import Unplayable
from edge.speaker.samples import SAMPLE_RATE_HZ, Samples

__all__ = ["Recording", "can_decode_opus", "open_recording"]


class Recording(Protocol):
    """An open recording; ``frames`` is its length in samples."""

    @property
    def frames(self) -> int: ...

    def seek(self, frame: int) -> None:
        """Read from ``frame`` (0 … ``frames``) next; Unplayable if the file is damaged there."""

    def read(self, frames: int) -> Samples:
        """Up to ``frames`` samples in −1 … 1, none at the end; Unplayable if the file is damaged."""


class _OpusFile:
    def __init__(self, path: Path, file: soundfile.SoundFile) -> None:
        self._path = path
        self._file = file

    @property
    def frames(self) -> int:
        return int(self._file.frames)

    def seek(self, frame: int) -> None:
        try:
            self._file.seek(frame)
        except soundfile.LibsndfileError as error:
            raise Unplayable(f"{self._path.name}: cannot seek to sample {frame}: {error}") from error

    def read(self, frames: int) -> Samples:
        try:
            samples: Samples = self._file.read(frames, dtype="float32")
        except soundfile.LibsndfileError as error:
            raise Unplayable(f"{self._path.name}: damaged: {error}") from error
        return samples


@contextmanager
def open_recording(path: Path) -> Iterator[Recording]:
    """Open a prepared recording; Unplayable if it is missing, damaged or not in the house format."""
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, OSError) as error:
        raise Unplayable(f"{path.name}: cannot be opened: {error}") from error
    with file:
        found = (file.format, file.subtype, file.samplerate, file.channels)
        wanted = ("OGG", "OPUS", SAMPLE_RATE_HZ, 1)
        if found != wanted:
            raise Unplayable(f"{path.name}: wanted {wanted}, found {found}")
        yield _OpusFile(path, file)


def can_decode_opus() -> bool:
    """Whether the libsndfile in use reads Opus (1.0.29 and later, unless built without it)."""
    return "OPUS" in soundfile.available_subtypes("OGG")
