"""The name by which this program was called, for what it says of itself."""

import sys
from pathlib import Path

__all__ = ["command_name", "where_installed"]

_INSTALLED, _CHECKOUT = "loa-node", "./loa node"


def command_name() -> str:
    """`loa-node` where it is installed, `./loa node` in a checkout."""
    return _INSTALLED if Path(sys.argv[0]).name == _INSTALLED else _CHECKOUT


def where_installed(path: Path) -> Path | None:
    """`path`, where an installed program keeps it; None in a checkout, where it may be anywhere."""
    return path if command_name() == _INSTALLED else None
