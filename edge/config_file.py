"""Reading a settings file: TOML in UTF-8, and its owner's only."""

import stat
import tomllib
from pathlib import Path
from typing import Any

from edge.config_faults import ConfigError, SettingFault
from edge.wire.told import reason

__all__ = ["faults_of_mode", "read_content"]

_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_content(path: Path) -> dict[str, Any]:
    """What stands in a TOML file. Raises `ConfigError`."""
    try:
        return tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise ConfigError([SettingFault(path, wanted="a readable file", found=reason(error))]) from error
    except ValueError as error:  # not TOML, or not UTF-8
        raise ConfigError([SettingFault(path, wanted="TOML in UTF-8", found=str(error))]) from error


def faults_of_mode(path: Path) -> list[SettingFault]:
    """A fault if others may read the file; none if it is not there."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return []
    if not mode & _READABLE_BY_OTHERS:
        return []
    found = f"mode {stat.S_IMODE(mode):04o}"
    return [SettingFault(path, wanted="a file that only its owner may read (mode 0600)", found=found)]
