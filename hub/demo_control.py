"""How `loa demo cut`, `press` and the like reach the demo that runs: a socket in its folder, its owner's."""

import contextlib
import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from hub.errors import Unavailable

__all__ = ["Answer", "Control", "Question", "ask", "short_path"]

_LOG = logging.getLogger(__name__)

_NAME = "control"
_WAIT_S = 10.0
_LONGEST = 4096

Answer = tuple[bool, str]
"""Whether it was done, and a sentence."""


@dataclass(frozen=True)
class Question:
    """What to do to a node; `value` is a level or a state, where the action needs one."""

    do: str
    node: str
    value: str = ""


class Control:
    """Answers one question at a time, with what `answer` returns."""

    def __init__(self, folder: Path, answer: Callable[[Question], Answer]) -> None:
        self._folder = folder
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        """Begin to listen. Raises OSError."""
        (self._folder / _NAME).unlink(missing_ok=True)
        with short_path(self._folder, _NAME) as path:
            self._socket.bind(path)
        (self._folder / _NAME).chmod(0o600)
        self._socket.listen()
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        (self._folder / _NAME).unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(_WAIT_S)
                try:
                    self._answer_one(caller)
                except (OSError, ValueError, KeyError, TypeError) as error:
                    _LOG.warning("a question could not be answered: %s", error)

    def _answer_one(self, caller: socket.socket) -> None:
        asked = json.loads(_read_line(caller))
        question = Question(str(asked["do"]), str(asked["node"]), str(asked["value"]))
        done, text = self._answer(question)
        caller.sendall(json.dumps({"done": done, "text": text}).encode() + b"\n")


def ask(folder: Path, question: Question) -> Answer:
    """Ask the demo that runs on `folder`. Raises `Unavailable` when none does."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_WAIT_S)
        try:
            with short_path(folder, _NAME) as path:
                line.connect(path)
            line.sendall(json.dumps(asdict(question)).encode() + b"\n")
            answer = json.loads(_read_line(line))
        except (OSError, ValueError) as error:
            raise Unavailable(f"no demo is running on {folder}; start it with: ./loa demo") from error
    return bool(answer["done"]), str(answer["text"])


@contextmanager
def short_path(folder: Path, name: str) -> Iterator[str]:
    """A path to a socket under the 107 bytes that the system takes, however deep the folder lies. Raises
    OSError for a folder that is not there."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)


def _read_line(line: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\n") and len(said) < _LONGEST:
        chunk = line.recv(_LONGEST)
        if not chunk:
            break
        said += chunk
    return said
