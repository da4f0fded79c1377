"""A list of areas as the command line gets it, in JSON."""

import json
import sys
from pathlib import Path
from typing import Any

from hub.errors import Invalid, Problem
from hub.store.areas import Area

__all__ = ["areas_in"]

_LONGEST = 1_000_000
_FIELDS = {"id", "name", "parent"}


def areas_in(file: Path) -> list[Area]:
    """The areas in `file`, or on standard input for -. Raises `Invalid` (`areas_unreadable`), OSError."""
    try:
        listed = json.loads(_bytes_in(file))
    except ValueError as error:
        raise _unreadable(str(error)) from error
    if not isinstance(listed, list):
        raise _unreadable(f"{type(listed).__name__} in place of a list")
    return [_area(each) for each in listed]


def _bytes_in(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read(_LONGEST)
    with file.open("rb") as content:
        return content.read(_LONGEST)


def _area(found: Any) -> Area:
    given = (
        {key: value for key, value in found.items() if value is not None} if isinstance(found, dict) else {}
    )
    said = {key: str(value) for key, value in given.items() if isinstance(value, str | int)}
    if said.keys() != given.keys() or not {"id", "name"} <= said.keys() <= _FIELDS:
        shown = json.dumps(found, ensure_ascii=False)[:200]
        raise _unreadable(shown)
    return Area(id=said["id"], name=said["name"], parent=said.get("parent") or None)


def _unreadable(found: str) -> Invalid:
    return Invalid(Problem("areas_unreadable", "file", {"found": found}))
