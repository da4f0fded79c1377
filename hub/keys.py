"""The site's private key: one file, made once, readable by its owner only, never overwritten."""

import os
import stat
from pathlib import Path

from edge.wire.signing import SigningKey
from hub.errors import Unavailable

__all__ = ["load_or_make"]


def load_or_make(path: Path) -> SigningKey:
    """The key in `path`, made there first if the file is missing; on the disk when this returns.

    Raises `Unavailable` for a file that holds no key or that others may read: a new key in its place would
    be obeyed by no node.
    """
    try:
        return _load(path)
    except FileNotFoundError:
        _make(path)
        return _load(path)


def _load(path: Path) -> SigningKey:
    text = path.read_text(encoding="utf-8")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unavailable(f"{path}: others may read the site's key; run: chmod 600 {path}")
    try:
        return SigningKey.from_json(text)
    except ValueError as error:
        raise Unavailable(f"{path}: {error}. Put the backup of the site's key back in its place") from error


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(SigningKey.generate().to_json())
            file.flush()
            os.fsync(file.fileno())
        _link_once(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _link_once(beside: Path, path: Path) -> None:
    """Give the finished file its name unless another process was first; rename would overwrite."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
