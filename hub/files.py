"""Files that survive the plug being pulled, and that only the hub may read."""

import os
from contextlib import suppress
from pathlib import Path

__all__ = ["write_once", "write_private"]


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 whole or not at all: beside, synced, renamed. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    _write_beside(beside, text)
    beside.replace(path)
    _sync_folder(path.parent)


def write_once(path: Path, text: str) -> None:
    """Write a file of mode 0600 that nobody has made yet; what is there stays. Raises OSError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        _write_beside(beside, text)
        with suppress(FileExistsError):  # another process was first; a rename would overwrite its file
            os.link(beside, path)
            _sync_folder(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _write_beside(beside: Path, text: str) -> None:
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
