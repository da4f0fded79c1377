"""Running a playbook as `./loa deploy` does, without its wheelhouse."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["ANSIBLE", "TOOLS", "Run", "play"]

ROOT = Path(__file__).resolve().parents[2]
ANSIBLE = ROOT / "deploy" / "ansible"
TOOLS = ROOT / ".venv-deploy" / "bin"
_LONGEST_S = 100


@dataclass(frozen=True)
class Run:
    """How it ended, and every word it said."""

    code: int
    words: str

    @property
    def plays(self) -> list[str]:
        """The plays that began."""
        return [line[6:].rstrip("* ]") for line in self.words.splitlines() if line.startswith("PLAY [")]

    def says(self, *parts: str) -> bool:
        """Whether one line holds all the parts."""
        return any(all(part in line for part in parts) for line in self.words.splitlines())


def play(playbook: str, inventory: Path, *arguments: str) -> Run:
    """Run a playbook of this project on an inventory."""
    if not (TOOLS / "ansible-playbook").exists():
        pytest.fail("wanted ansible in .venv-deploy; found none: ./loa test --all puts it there")
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"), "LC_ALL": "C.UTF-8"}
    command: list[str | Path] = [TOOLS / "ansible-playbook", "-i", inventory, ANSIBLE / playbook, *arguments]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=_LONGEST_S
    )
    return Run(code=done.returncode, words=done.stdout + done.stderr)
