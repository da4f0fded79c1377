"""The name by which this program was called, for what it says of itself."""

import sys
from pathlib import Path

__all__ = ["command_name", "usual_settings"]

_INSTALLED, _CHECKOUT = "loa-hub", "./loa hub"


def command_name() -> str:
    """`loa-hub` where it is installed, `./loa hub` in a checkout."""
    return _INSTALLED if Path(sys.argv[0]).name == _INSTALLED else _CHECKOUT


def usual_settings() -> Path:
    """Where the hub's settings are if nothing else is said."""
    return Path("/etc/loa/hub.toml" if command_name() == _INSTALLED else "hub.toml")
