"""Room on a disk, files that reach it, and disks that are full: said in words a technician can act on."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hub.errors import Unavailable
from hub.files import sync

__all__ = ["Full", "check_room", "explaining_full", "sync_folder"]

_MB = 1_000_000
_SPARE = 100 * _MB
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Full(Unavailable):
    """There is no room for a file in `folder`."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(f"{folder}: {why}; free some or use another disk")
        self.folder = folder


def check_room(folder: Path, wanted: int) -> None:
    """Raises `Full` unless `folder` has room for `wanted` bytes and something to spare."""
    free = shutil.disk_usage(folder).free
    if free < wanted + _SPARE:
        raise Full(folder, f"wanted {_mb(wanted + _SPARE)} free, found {_mb(free)}")


@contextmanager
def explaining_full(folder: Path) -> Iterator[None]:
    """Raises `Full` where the block finds that there is no more room."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        reason = "takes no file of this size" if error.errno == errno.EFBIG else "is full"
        raise Full(folder, f"the disk {reason}") from error


def sync_folder(folder: Path) -> None:
    """The names in a folder are on the disk, where its file system can promise that."""
    with suppress(OSError):  # FAT and some network shares cannot
        sync(folder)


def _mb(size: int) -> str:
    return f"{size / _MB:,.0f} MB"
