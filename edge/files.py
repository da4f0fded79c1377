"""Files that survive the plug. What is written is whole or not there, and belongs to its folder's owner."""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

__all__ = [
    "finish_writing",
    "move_aside",
    "set_aside",
    "sync_folder",
    "write_once",
    "write_together",
    "write_whole",
]

_PENDING = ".pending"


def write_whole(path: Path, content: bytes, *, mode: int) -> None:
    """Write a file whole or not at all: beside, synced, renamed. Raises OSError."""
    beside = _written_beside(path, content, mode=mode)
    beside.replace(path)
    sync_folder(path.parent)


def write_once(path: Path, content: bytes, *, mode: int) -> bool:
    """Write a file that nobody has made yet; what is there stays, and False is returned. Raises OSError."""
    beside = _written_beside(path, content, mode=mode)
    try:
        os.link(beside, path)  # a rename would overwrite
    except FileExistsError:
        return False
    finally:
        beside.unlink()
        sync_folder(path.parent)
    return True


def write_together(folder: Path, files: dict[str, str], *, modes: dict[str, int]) -> None:
    """Write all of these files of `folder` or none, wherever the plug is pulled: once this returns or
    `finish_writing` was called, they are all old or all new. Raises OSError."""
    plan = {name: [modes[name], text] for name, text in files.items()}
    write_whole(folder / _PENDING, json.dumps(plan).encode(), mode=0o600)
    finish_writing(folder)


def finish_writing(folder: Path) -> bool:
    """Write what `write_together` was kept from writing; whether there was anything. What the disk damaged is
    kept aside, what is not ours to read is left. Raises OSError."""
    pending = folder / _PENDING
    try:
        plan = json.loads(pending.read_bytes())
    except (FileNotFoundError, PermissionError):
        return False
    except ValueError:
        move_aside(pending)
        return False
    for name, (mode, text) in plan.items():
        write_whole(folder / name, text.encode(), mode=mode)
    pending.unlink(missing_ok=True)  # the node that starts may finish it too
    sync_folder(folder)
    return True


def move_aside(path: Path, *, mark: str = "damaged") -> Path:
    """Rename a file or folder to a name with the mark and the time; returns it. Raises OSError."""
    aside = _aside(path, mark)
    path.rename(aside)
    sync_folder(path.parent)
    return aside


def set_aside(path: Path, *, mark: str = "damaged") -> Path:
    """Rename the SQLite file at `path`, with what stands beside it, to a name with the mark and the time;
    returns it."""
    aside = _aside(path, mark)
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


def _aside(path: Path, mark: str) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return path.with_name(f"{path.name}.{mark}-{stamp}")


def _written_beside(path: Path, content: bytes, *, mode: int) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    return beside
