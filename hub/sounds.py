"""Sounds of plays that nodes kept and sent: a bounded ring of WAV files.

The instant of the first sample is part of the file's name, so that sound and instant are renamed into place
together.
"""

import re
import threading
from datetime import UTC, datetime
from pathlib import Path

from hub.errors import Invalid, NotFound, Problem
from hub.titles import readable
from hub.uploads import MB, Upload

__all__ = ["Sounds", "node_of_play"]

_PLAY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}@([a-z0-9][a-z0-9-]{0,62})")
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_WAV_HEADER_BYTES = 12


def node_of_play(play: str) -> str:
    """The node in a play's id (`occurrence@node`). Raises `Invalid` (`play_id_wrong`)."""
    found = _PLAY.fullmatch(play)
    if found is None:
        raise Invalid(Problem("play_id_wrong", "play_id", {"found": readable(play, most=100)}))
    return found[1]


class Sounds:
    """Keeps the newest sounds in `folder`, together at most `total_bytes`, each at most `limit_bytes`."""

    def __init__(
        self,
        *,
        folder: Path,
        limit_bytes: int = 64 * MB,
        total_bytes: int = 2_000 * MB,
        reserve_bytes: int = 500 * MB,
    ) -> None:
        self._folder = folder
        self._total_bytes = total_bytes
        self._reserve_bytes = reserve_bytes
        self._settling = threading.Lock()
        self.limit_bytes = limit_bytes

    def new_upload(self) -> Upload:
        """Where a sound is to be written while it arrives."""
        return Upload(
            folder=self._folder / "incoming", limit_bytes=self.limit_bytes, reserve_bytes=self._reserve_bytes
        )

    def put(self, play: str, *, first_sample: datetime, upload: Upload) -> None:
        """Keep a sound that has arrived whole; an earlier one of the same play gives way, as do the oldest.

        Raises `Invalid` (`play_id_wrong`, `not_wav`).
        """
        node_of_play(play)
        if not upload.begins_with(b"RIFF") or upload.bytes < _WAV_HEADER_BYTES:
            raise Invalid(Problem("not_wav", "body"))
        with self._settling:
            earlier = self._found(play)
            kept = self._folder / f"{play}={first_sample.astimezone(UTC).strftime(_STAMP)}.wav"
            upload.keep(kept)
            for each in earlier:
                if each != kept:
                    each.unlink(missing_ok=True)
            self._make_room(kept)

    def kept(self) -> frozenset[str]:
        """The plays of which there is a sound."""
        return frozenset(path.name.partition("=")[0] for path in self._folder.glob("*=*.wav"))

    def path_of(self, play: str) -> Path | None:
        """The WAV of a play, or None."""
        return next(reversed(self._found(play)), None)

    def first_sample_of(self, play: str) -> datetime:
        """The instant of the first sample of the WAV. Raises `NotFound` (`sound_unknown`)."""
        path = self.path_of(play)
        if path is None:
            raise NotFound(Problem("sound_unknown"))
        return datetime.strptime(path.stem.partition("=")[2], _STAMP).replace(tzinfo=UTC)

    def _found(self, play: str) -> list[Path]:
        if not _PLAY.fullmatch(play):
            return []
        return sorted(self._folder.glob(f"{play}=*.wav"), key=_written_ns)

    def _make_room(self, newest: Path) -> None:
        kept = sorted(self._folder.glob("*.wav"), key=_written_ns)
        total = sum(path.stat().st_size for path in kept)
        for path in kept:
            if total <= self._total_bytes or path == newest:
                return
            total -= path.stat().st_size
            path.unlink()


def _written_ns(path: Path) -> int:
    """When it was written; 0 for one that has just given way to a newer."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
