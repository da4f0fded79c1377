"""The folder in which a file output keeps what it played: a ring of WAV files of bounded size.

A file's name holds the play and the instant of its first sample (``<play id>.<Unix microseconds>.wav``), so
the two cannot part. Before the folder outgrows its limit the oldest files go.
"""

import re
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.speaker.samples import Samples
from edge.speaker.wav import BYTES_PER_FRAME, HEADER_BYTES, WavWriter

__all__ = ["PLAY_ID", "KeptSound", "SoundRing", "kept_sounds", "sound_of"]

PLAY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
KEPT_NAME = re.compile(rf"({PLAY_ID.pattern})\.(\d{{1,17}})\.wav")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeptSound:
    """What a play sounded like: a WAV file that begins with the sample that sounded at ``first_sample``."""

    play_id: str
    path: Path
    first_sample: datetime


def kept_sounds(folder: Path) -> list[KeptSound]:
    """Every sound in the folder, the oldest first; files of other names are not ours."""
    found = []
    for path in folder.glob("*.wav"):
        if match := KEPT_NAME.fullmatch(path.name):
            found.append(KeptSound(match[1], path, EPOCH + timedelta(microseconds=int(match[2]))))
    return sorted(found, key=lambda sound: (sound.first_sample, sound.play_id))


def sound_of(folder: Path, play_id: str) -> KeptSound | None:
    """What is kept of a play (the last time it was begun), while the ring still holds it."""
    return next((sound for sound in reversed(kept_sounds(folder)) if sound.play_id == play_id), None)


class SoundRing:
    """Keeps sounds in ``folder``, made if missing, in at most ``limit_bytes``. Any thread may call.

    A sound longer than the whole ring is kept from its beginning as far as it fits. Raises OSError.
    """

    def __init__(self, folder: Path, *, limit_bytes: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._total_bytes = self._measure()

    def begin(self, play_id: str, first_sample: datetime) -> WavWriter:
        """A new, empty sound."""
        instant_us = (first_sample - EPOCH) // timedelta(microseconds=1)
        path = self._folder / f"{play_id}.{instant_us}.wav"
        self._make_room(HEADER_BYTES, sparing=path)
        return WavWriter(path)

    def keep(self, wav: WavWriter, samples: Samples) -> None:
        """Add samples to a sound, or leave them out when the ring is full of this sound alone."""
        if self._make_room(len(samples) * BYTES_PER_FRAME, sparing=wav.path):
            wav.append(samples)

    def _make_room(self, wanted_bytes: int, *, sparing: Path) -> bool:
        with self._lock:
            if self._total_bytes + wanted_bytes > self._limit_bytes:
                self._total_bytes = self._measure()
                self._drop_oldest(wanted_bytes, sparing)
            if self._total_bytes + wanted_bytes > self._limit_bytes:
                return False
            self._total_bytes += wanted_bytes
            return True

    def _drop_oldest(self, wanted_bytes: int, sparing: Path) -> None:
        for sound in kept_sounds(self._folder):
            if self._total_bytes + wanted_bytes <= self._limit_bytes:
                return
            if sound.path != sparing:
                self._total_bytes -= _size_of(sound.path)
                sound.path.unlink(missing_ok=True)

    def _measure(self) -> int:
        return sum(_size_of(sound.path) for sound in kept_sounds(self._folder))


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
