"""A file while it arrives: written to disk piece by piece, bounded, and gone unless it is kept."""

import errno
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from hub.errors import Problem, TooLarge, Unavailable
from hub.files import sync
from hub.store.database import new_id

__all__ = ["MB", "Upload"]

MB = 1_000_000
_LOOK_EVERY = 16 * MB
_HEAD_BYTES = 64


class Upload:
    """Use as a context manager: leaving it removes what was not kept.

    `limit_bytes` bounds the file, `reserve_bytes` of the disk stay free. Raises `TooLarge` (`file_too_large`)
    and `Unavailable` (`disk_full`).
    """

    def __init__(self, *, folder: Path, limit_bytes: int, reserve_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._reserve_bytes = reserve_bytes
        self._looked_at = -_LOOK_EVERY
        self._head = b""
        self.bytes = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{new_id()}.part"
        self._file = self.path.open("xb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, chunk: bytes) -> None:
        """Add to the file."""
        if self.bytes + len(chunk) > self._limit_bytes:
            raise TooLarge(Problem("file_too_large", "file", {"limit_mb": self._limit_bytes // MB}))
        if self.bytes - self._looked_at >= _LOOK_EVERY:
            self._looked_at = self.bytes
            self._check_room()
        try:
            self._file.write(chunk)
        except OSError as error:
            raise _explained(error, self.path.parent) from error
        self.bytes += len(chunk)
        self._head += chunk[: _HEAD_BYTES - len(self._head)]

    def begins_with(self, mark: bytes) -> bool:
        """Whether the first bytes of the file are `mark` (at most 64)."""
        return self._head.startswith(mark)

    def keep(self, path: Path) -> None:
        """The file is whole: put it on the disk for good, under `path` on the same file system."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise _explained(error, self.path.parent) from error
        self._file.close()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(path)
        sync(path.parent)

    def discard(self) -> None:
        """Remove the file unless it was kept; again is harmless."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.path.parent).free
        if free < self._reserve_bytes:
            raise _full(free)


def _explained(error: OSError, folder: Path) -> OSError | Unavailable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(shutil.disk_usage(folder).free)
    return error


def _full(free: int) -> Unavailable:
    return Unavailable("the disk is nearly full", problem=Problem("disk_full", facts={"free_mb": free // MB}))
