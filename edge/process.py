"""Programs that a node runs for a moment; nothing else in edge starts a process.

A program dies with its parent, even with a killed one, where `setpriv` is installed.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

__all__ = ["Ran", "find_program", "run_briefly"]

_GENTLY = ("nice", "-n", "10")


@dataclass(frozen=True)
class Ran:
    """What a program left: `code` is None when it had to be killed because its time was over."""

    code: int | None
    output: bytes
    words: str


def find_program(name: str) -> str | None:
    """Where a program is; None when it is not installed."""
    return shutil.which(name)


def run_briefly(command: Sequence[str], *, given: bytes = b"", timeout_s: float) -> Ran:
    """Run `command` at low priority, with `given` on its standard input, for at most `timeout_s`; it and
    what it started are gone on return. Raises OSError when it cannot be started."""
    with subprocess.Popen(
        [*_dies_with_parent(), *_GENTLY, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            output, words = process.communicate(given, timeout=timeout_s)
            return Ran(process.returncode, output, words.decode(errors="replace"))
        except subprocess.TimeoutExpired:
            _kill(process)
            output, words = process.communicate()
            return Ran(None, output, words.decode(errors="replace"))
        finally:
            _kill(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _dies_with_parent() -> tuple[str, ...]:
    setpriv = find_program("setpriv")
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()
