"""`local.toml` beside a node's settings: what is this machine's own, and the technician's to change.

Its sections stand in for those of node.toml whenever settings are read. Of `[node]`, `data` may stand there.
"""

import os
from collections.abc import Container
from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.config_faults import ConfigError, SettingFault
from edge.config_file import faults_of_mode, read_content

__all__ = ["LOCAL", "LOCAL_SECTIONS", "local_beside", "placed", "read_local", "with_local"]

LOCAL = "local.toml"
LOCAL_SECTIONS = ("clock", "sound", "amplifier", "counter", "camera")
_WITH_SECRETS = "camera"


def local_beside(path: Path) -> Path | None:
    """The local file in the folder of the settings at `path`, if one is seen there, readable or not."""
    local = path.parent / LOCAL
    return local if os.path.lexists(local) else None


def read_local(path: Path) -> dict[str, Any]:
    """The sections of the local file at `path`. Raises `ConfigError` where it holds what is the hub's."""
    content = read_content(path)
    faults = [
        SettingFault(path, section, wanted=f"only {', '.join(LOCAL_SECTIONS)} here", found="a section")
        for section in content
        if section not in (*LOCAL_SECTIONS, "node")
    ]
    node = content.get("node", {})
    if not isinstance(node, dict) or not set(node) <= {"data"}:
        faults.append(SettingFault(path, "node", wanted="only data here", found="something else"))
    if _WITH_SECRETS in content:
        faults += faults_of_mode(path)
    if faults:
        raise ConfigError(faults)
    return content


def with_local(content: dict[str, Any], local: dict[str, Any]) -> dict[str, Any]:
    """The sections of node.toml, with those of the local file in their place."""
    merged = {**content, **local}
    node = content.get("node")
    if isinstance(node, dict):
        merged["node"] = {**node, **local.get("node", {})}
    return merged


def placed(
    fault: SettingFault, local: Path | None, sections: Container[str] = LOCAL_SECTIONS
) -> SettingFault:
    """The fault, told of the local file if its section is one of `sections`, which stand there."""
    section = fault.section.partition(" ")[0]
    is_local = section in sections and section in LOCAL_SECTIONS
    return replace(fault, file=local) if is_local and local is not None else fault
