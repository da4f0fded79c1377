"""A plug that is pulled at any step that reaches the disk."""

import os
from pathlib import Path
from typing import Any

import pytest

__all__ = ["Plug", "PluggedOut"]

_STEPS = ((Path, "replace"), (Path, "rename"), (Path, "mkdir"), (Path, "unlink"), (os, "fsync"))


class PluggedOut(BaseException):
    """The power is gone."""


class Plug:
    """Pulls itself before a step that reaches the disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps = 0
        self.pulled_at: int | None = None
        for owner, name in _STEPS:
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))

    def pull_at(self, step: int | None) -> None:
        self.steps, self.pulled_at = 0, step

    def _counted(self, step: Any) -> Any:
        def counted(*arguments: Any, **named: Any) -> Any:
            self.steps += 1
            if self.steps == self.pulled_at:
                raise PluggedOut
            return step(*arguments, **named)

        return counted
