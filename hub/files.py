"""Files that survive the plug being pulled, that only the hub may read, or that one process may hold."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["held", "sync", "write_once", "write_private"]


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole or not at all: beside, synced, renamed. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    _write_beside(beside, text)
    beside.replace(path)
    sync(path.parent)


def write_once(path: Path, text: str) -> None:
    """Write a file of mode 0600 that nobody has made yet; what is there stays. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write_beside(beside, text)
        with suppress(FileExistsError):  # another process was first; a rename would overwrite its file
            os.link(beside, path)
            sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _write_beside(beside: Path, text: str) -> None:
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """What was written to a file, or the names in a folder, are on the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def held(file: Path, otherwise: Exception) -> Iterator[None]:
    """Hold a lock file, which the system lets go when the process ends, however it ends.

    Raises `otherwise` while another process holds it, OSError.
    """
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise otherwise from error
        yield
