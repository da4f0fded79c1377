"""Room on the disk that is kept for what must be stored on a full one, by a file that holds nothing.

It is given up in small steps, so that whatever else fills the disk finds little of it, and taken again at
once.
"""

import os
from contextlib import suppress
from pathlib import Path
from sqlite3 import SQLITE_FULL
from sqlite3 import Error as StoreError

__all__ = ["Reserve", "StoreError", "is_full"]

_BYTES = 32 * 1024 * 1024
_STEP_BYTES = 4 * 1024 * 1024
_PIECE_BYTES = 16 * 1024
_LEAST_FREE_BYTES = 1024 * 1024
_SQLITE_IOERR_SHMSIZE = 4874  # how SQLite says it where the index of its log finds no room


def is_full(error: Exception) -> bool:
    """Whether the disk had no room for what was to be written."""
    code = int(getattr(error, "sqlite_errorcode", 0))
    return code & 0xFF == SQLITE_FULL or code == _SQLITE_IOERR_SHMSIZE


class Reserve:
    """The reserve of the file at `path`, which stands beside it; of `bytes_`, given up by `step_bytes`."""

    def __init__(self, path: Path, *, bytes_: int = _BYTES, step_bytes: int = _STEP_BYTES) -> None:
        self._path = path.with_name(f"{path.name}-reserve")
        self._bytes = bytes_
        self._step_bytes = step_bytes

    @property
    def is_whole(self) -> bool:
        """Whether as much is kept as should be."""
        return self._kept() >= self._bytes

    @property
    def is_disk_full(self) -> bool:
        """Whether nothing can be stored any more, or only on the reserve."""
        return not self.is_whole or self._free() < _LEAST_FREE_BYTES

    def take(self) -> bool:
        """Keep as much as should be, or all that is free; whether the reserve is whole. Raises nothing."""
        for piece_bytes in (self._bytes, _PIECE_BYTES):  # a piece by itself where all at once finds no room
            with suppress(OSError), self._path.open("ab") as file:
                while (kept := os.fstat(file.fileno()).st_size) < self._bytes:
                    os.posix_fallocate(file.fileno(), kept, min(piece_bytes, self._bytes - kept))
        return self.is_whole

    def give(self) -> bool:
        """Give the disk one step of it, or what is left; False when nothing was."""
        kept = self._kept()
        return kept > 0 and self._shorten(max(0, kept - self._step_bytes))

    def lend(self, bytes_: int) -> bool:
        """Give so much of it, for what gives back more; False when less than a step would be left."""
        kept = self._kept()
        return kept - bytes_ >= self._step_bytes and self._shorten(kept - bytes_)

    def make_room(self) -> None:
        """Give one step where the disk is full: for who is to begin on it. `take` ends it."""
        if self._free() < self._step_bytes:
            self.give()

    def _shorten(self, to_bytes: int) -> bool:
        try:
            os.truncate(self._path, to_bytes)
        except OSError:
            return False
        return True

    def _kept(self) -> int:
        return _size(self._path)

    def _free(self) -> int:
        try:
            disk = os.statvfs(self._path.parent)
        except OSError:
            return 0
        return disk.f_bavail * disk.f_frsize


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
