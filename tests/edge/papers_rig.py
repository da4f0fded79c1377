"""A machine that asks for papers, and a hub that signs them."""

import tomllib
from pathlib import Path
from typing import Any

from edge.papers import request
from edge.wire.papers import Papers
from tests.certificates import TestAuthority
from tests.factories_signed import papers as hub_gives

__all__ = ["Machine"]


class Machine:
    """A Pi's folder, and a hub that signs what it asks for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = TestAuthority()

    def papers(self, **changes: Any) -> Papers:
        return hub_gives(self.authority, request(self.folder).request, **changes)

    def write_local(self, text: str, *, name: str = "local.toml") -> Path:
        (self.folder / name).write_text(text)
        return self.folder / name

    def settings(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "node.toml").read_text())

    def files(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.folder.iterdir()}
