"""The playbooks, run as a technician runs them: by the launcher, on an inventory of the test's own."""

import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Outcome", "Playbooks"]

ROOT = Path(__file__).resolve().parents[3]
RUN_S = 1500
_RECAP = re.compile(r"^(?P<host>\S+)\s+: ok=\d+\s+changed=(?P<changed>\d+)\s")


@dataclass(frozen=True)
class Outcome:
    """How a run ended: `changed` by host, every word it said, how long it took, and how long each play."""

    code: int
    changed: Mapping[str, int]
    words: str
    took_s: float
    plays_s: Mapping[str, float]

    @property
    def what_changed(self) -> list[str]:
        """The tasks that changed something, and where."""
        found, task = [], ""
        for line in self.words.splitlines():
            if line.startswith(("TASK [", "RUNNING HANDLER [")):
                task = line.rstrip("* ")
            elif line.startswith("changed: "):
                found.append(f"{task} {line}")
        return found


class Playbooks:
    """Runs `site.yml` on one inventory, which is written into `folder`."""

    def __init__(self, folder: Path, inventory: Mapping[str, Any]) -> None:
        folder.mkdir(exist_ok=True)
        self._inventory = folder / "hosts.yml"
        self._inventory.write_text(json.dumps(inventory, ensure_ascii=False))

    def start(self, *more: str) -> "subprocess.Popen[str]":
        """A run under way; its words come on standard output."""
        return subprocess.Popen(
            [str(ROOT / "loa"), "deploy", "-i", str(self._inventory), *more],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env={**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORKS": "4", "PYTHONUNBUFFERED": "1"},
        )

    def run(self, *more: str) -> Outcome:
        """A whole run."""
        began_s = time.monotonic()
        words, plays_s = [], {"": 0.0}
        with self.start(*more) as process:
            patience = threading.Timer(RUN_S, _end, (process,))
            patience.start()
            try:
                assert process.stdout is not None
                play, since_s = "", began_s
                for line in process.stdout:
                    words.append(line)
                    if line.startswith(("PLAY [", "PLAY RECAP")):
                        now_s = time.monotonic()
                        plays_s[play] = now_s - since_s
                        play, since_s = line[6:].split("]")[0], now_s
            finally:
                patience.cancel()
                _end(process)
        found = [match for line in words if (match := _RECAP.match(line))]
        changed = {match["host"]: int(match["changed"]) for match in found}
        took_s = time.monotonic() - began_s
        return Outcome(process.returncode, changed, "".join(words), took_s, plays_s)

    def cut_off(self, *more: str, at: str) -> None:
        """A run that ends where this task begins, as when the technician's laptop is closed."""
        said = []
        with self.start(*more) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    said.append(line)
                    if line.startswith(at):
                        return
            finally:
                _end(process)
        raise AssertionError("".join(said[-100:]))


def _end(process: "subprocess.Popen[str]") -> None:
    """Kill a run with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, 9)
        process.wait(30)
