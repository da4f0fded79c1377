"""Programs of a demo's folder, each a process that can be killed and is started again at once."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.system.village import ROOT, kill_broker

__all__ = ["START_S", "Programs"]

START_S = 30.0
_END_S = 60


class Programs:
    """`commands` are module and arguments of `hub` and of nodes, by name; each has a log in `folder`."""

    def __init__(self, folder: Path, commands: Mapping[str, Sequence[str]]) -> None:
        self._folder = folder
        self._commands = commands
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        for name in self._commands:
            self._start(name)

    def stop(self) -> None:
        for program in self._running.values():
            program.terminate()
            program.wait(_END_S)

    def kill(self, name: str) -> None:
        """SIGKILL to one of them, or to `broker`, which the hub starts again."""
        if name == "broker":
            kill_broker(self._folder, within_s=2 * START_S)
            return
        self._running[name].kill()
        self._running[name].wait(_END_S)
        self._start(name)

    def _start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", *self._commands[name]],
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
