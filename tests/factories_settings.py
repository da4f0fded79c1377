"""A node's settings file in tests: whole, changed, and what is told of it."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from edge.config import ConfigError, NodeSettings, SettingFault, load_settings
from tests import factories as make

PASSWORD = "an example and no secret"
SECTIONS = ("node", "broker", "hub", "keys", "clock", "sound", "amplifier")


def content(**changes: Any) -> dict[str, Any]:
    """A whole settings file; a section is replaced by keyword, and left out when None."""
    sections: dict[str, Any] = {
        "node": {"site": make.SITE, "name": make.NODE, "kind": "speaker", "areas": [make.AREA, "thon-1"]},
        "broker": {"host": "127.0.0.1", "port": 8884, "password": PASSWORD},
        "hub": {"url": "http://127.0.0.1:8080"},
        "keys": {"site": make.signing_key().public()},
        "sound": {"output": "file"},
    }
    return {name: value for name, value in (sections | changes).items() if value is not None}


def of_a_counter(**changes: Any) -> dict[str, Any]:
    """The same of a counter."""
    return content(**{"node": content()["node"] | {"kind": "counter"}, "sound": None} | changes)


def alone(**changes: Any) -> str:
    """The file of a node that believes its clock, and for whose broker and hub nobody answers."""
    nobody = {
        "broker": {"host": "127.0.0.1", "port": 9, "password": PASSWORD},
        "hub": {"url": "http://127.0.0.1:9"},
        "clock": {"source": "assume"},
    }
    return tomli_w.dumps(content(**nobody | changes))


def changed(section: str, **values: Any) -> dict[str, Any]:
    """The whole file with some values of a section changed, or taken out when None."""
    merged = content().get(section, {}) | values
    return content(**{section: {key: value for key, value in merged.items() if value is not None}})


def write(path: Path, settings_: dict[str, Any] | str) -> Path:
    path.write_text(settings_ if isinstance(settings_, str) else tomli_w.dumps(settings_))
    path.chmod(0o600)
    return path


def load(path: Path, settings_: dict[str, Any]) -> NodeSettings:
    return load_settings(write(path, settings_))


def faults(path: Path, settings_: dict[str, Any] | str) -> tuple[SettingFault, ...]:
    with pytest.raises(ConfigError) as caught:
        load_settings(write(path, settings_))
    return caught.value.faults


def told_of(path: Path, settings_: dict[str, Any]) -> tuple[SettingFault, ...] | None:
    """The faults of a file, None when it has none."""
    try:
        load(path, settings_)
    except ConfigError as error:
        return error.faults
    return None


def places(found: tuple[SettingFault, ...]) -> set[tuple[str, str]]:
    return {(fault.section, fault.key) for fault in found}
