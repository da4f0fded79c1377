"""Files that survive the plug: what SQLite does not do by itself."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["set_aside", "sync_folder"]


def set_aside(path: Path) -> Path:
    """Rename the SQLite file at `path`, with what stands beside it, to a name with the time; returns it."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    for suffix in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    sync_folder(path.parent)
    return aside


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
