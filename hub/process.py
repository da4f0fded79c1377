"""Programs that the hub starts and keeps running; nothing else in the hub starts a process.

A child dies with its parent, even with a killed one (PR_SET_PDEATHSIG, which Linux ties to the thread that
started it: the thread that starts a child here is the one that watches it to its end).
"""

import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Child", "Ended", "find_program"]

_LOG = logging.getLogger(__name__)

_BACKOFF_S = (0.2, 1.0, 2.0, 5.0, 15.0, 30.0)
_STEADY_S = 20.0
_TERM_S = 5.0
_LAST_WORDS = 20
_SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/sbin")


@dataclass(frozen=True)
class Ended:
    """A child that should run does not: why, and its last lines. It is tried again after `again_in_s`."""

    name: str
    reason: str
    last_words: tuple[str, ...]
    again_in_s: float


def find_program(name: str) -> str | None:
    """Where a program is, also in the folders that only administrators have on their path."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *_SYSTEM_FOLDERS)))


class Child:
    """One program kept running: started again with growing pauses, its lines handed to `on_line`.

    `on_started`, `on_line` and `on_ended` are called on the watching thread. A program that is not installed
    counts as ended; it starts as soon as it is there.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        name: str,
        on_line: Callable[[str], None] = lambda _line: None,
        on_started: Callable[[], None] = lambda: None,
        on_ended: Callable[[Ended], None] = lambda _ended: None,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self._command = list(command)
        self._name = name
        self._on_line = on_line
        self._on_started = on_started
        self._on_ended = on_ended
        self._environment = {**os.environ, **(environment or {})}
        self._folder = folder
        self._stopping = threading.Event()
        self._again = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._thread = threading.Thread(target=self._keep_running, name=f"child-{name}", daemon=True)

    @property
    def pid(self) -> int | None:
        """The running process; None between two attempts."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def send(self, number: signal.Signals) -> bool:
        """Send a signal to the program; False when it is not running."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                return False
            self._process.send_signal(number)
            return True

    def restart(self) -> None:
        """Begin the program anew, at once and untold; every connection it has ends. Returns at once."""
        self._again.set()
        if not self.send(signal.SIGTERM):
            self._again.clear()

    def stop(self) -> None:
        """End the program (asked first, killed if it does not listen) and the watching."""
        self._stopping.set()
        self.send(signal.SIGTERM)
        if not self._thread.is_alive():
            return
        self._thread.join(_TERM_S)
        if self._thread.is_alive():
            _LOG.warning("%s does not stop; it is killed", self._name)
            self.send(signal.SIGKILL)
            self._thread.join(_TERM_S)

    def _keep_running(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            reason = self._run_once()
            if self._stopping.is_set():
                return
            if self._again.is_set():
                self._again.clear()
                continue
            failures = 1 if time.monotonic() - began > _STEADY_S else failures + 1
            pause_s = _BACKOFF_S[min(failures, len(_BACKOFF_S)) - 1]
            self._tell_end(reason, pause_s)
            self._stopping.wait(pause_s)

    def _tell_end(self, reason: str, pause_s: float) -> None:
        ended = Ended(self._name, reason, tuple(self._last_words), pause_s)
        words = " | ".join(ended.last_words[-3:]) or "no word"
        _LOG.error("%s ended (%s), again in %.1f s: %s", self._name, reason, pause_s, words)
        self._guarded(self._on_ended, ended)

    def _run_once(self) -> str:
        self._last_words.clear()
        program = find_program(self._command[0])
        if program is None:
            return f"{self._command[0]} is not installed"
        try:
            process = self._spawn(program)
        except OSError as error:
            return str(error)
        if process is None:
            return "stopped"
        self._guarded(self._on_started)
        self._read_lines(process)
        return _ending(process.wait())

    def _spawn(self, program: str) -> "subprocess.Popen[str] | None":
        with self._lock:
            if self._stopping.is_set():
                return None
            self._process = subprocess.Popen(
                [*_dies_with_parent(), program, *self._command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                env=self._environment,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C reaches the parent only, which stops its children in order
            )
            return self._process

    def _read_lines(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        with process.stdout as lines:
            for line in lines:
                self._last_words.append(line.rstrip()[:500])
                self._guarded(self._on_line, line.rstrip())

    def _guarded(self, call: Callable[..., None], *values: object) -> None:
        try:
            call(*values)
        except Exception:  # noqa: BLE001 - the watching must outlive whoever listens
            _LOG.exception("a listener of %s failed", self._name)


def _dies_with_parent() -> tuple[str, ...]:
    setpriv = find_program("setpriv")
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
