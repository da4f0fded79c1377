"""Private keys: each one file, made once, readable by its owner only, never overwritten."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from edge.wire.signing import SigningKey
from hub.errors import Unavailable
from hub.files import write_once

__all__ = ["kept_key", "load_or_make"]

K = TypeVar("K")


def load_or_make(path: Path) -> SigningKey:
    """The site's key in `path`, made there first if the file is missing; on the disk when this returns.

    Raises `Unavailable` for a file that holds no key or that others may read: a new key in its place would
    be obeyed by no node.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return kept_key(path, SigningKey.from_json, lambda: SigningKey.generate().to_json(), of="site")


def kept_key(path: Path, read: Callable[[str], K], make: Callable[[], str], *, of: str) -> K:
    """What `read` finds in a file, written first with what `make` gives if the file is missing.

    Raises `Unavailable` where `read` raises ValueError, or where others than its owner may read the file.
    """
    try:
        return _load(path, read, of)
    except FileNotFoundError:
        write_once(path, make())
        return _load(path, read, of)


def _load(path: Path, read: Callable[[str], K], of: str) -> K:
    text = path.read_text(encoding="utf-8")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unavailable(f"{path}: others may read the {of}'s key; run: chmod 600 {path}")
    try:
        return read(text)
    except ValueError as error:
        raise Unavailable(f"{path}: {error}. Put the backup of the {of}'s key back in its place") from error
