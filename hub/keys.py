"""The site's private key: one file, made once, readable by its owner only, never overwritten."""

import stat
from pathlib import Path

from edge.wire.signing import SigningKey
from hub.errors import Unavailable
from hub.files import write_once

__all__ = ["load_or_make"]


def load_or_make(path: Path) -> SigningKey:
    """The key in `path`, made there first if the file is missing; on the disk when this returns.

    Raises `Unavailable` for a file that holds no key or that others may read: a new key in its place would
    be obeyed by no node.
    """
    try:
        return _load(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_once(path, SigningKey.generate().to_json())
        return _load(path)


def _load(path: Path) -> SigningKey:
    text = path.read_text(encoding="utf-8")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unavailable(f"{path}: others may read the site's key; run: chmod 600 {path}")
    try:
        return SigningKey.from_json(text)
    except ValueError as error:
        raise Unavailable(f"{path}: {error}. Put the backup of the site's key back in its place") from error
