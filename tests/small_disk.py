"""A disk of its own, as small as a test wants it, to be filled up. Only root may mount one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

__all__ = ["by_root", "fill", "filler", "small_disk"]

by_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")


@contextmanager
def small_disk(folder: Path, *, size: str) -> Iterator[Path]:
    """A folder that is an empty disk of `size` (as in `6m`)."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, *, but: int = 0) -> None:
    """Leave no room, or so many bytes."""
    with filler(disk).open("ab", buffering=0) as file:
        for piece in (b"x" * 1024 * 1024, b"x" * 4096):
            with suppress(OSError):
                while True:
                    file.write(piece)
        file.truncate(file.tell() - but)


def filler(disk: Path) -> Path:
    """What takes the room; without it there is room again."""
    return disk / "filler"
