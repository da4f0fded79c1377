"""How `loa demo cut` and `join` reach the demo that runs: a socket in its folder, for its owner only."""

import contextlib
import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.errors import Unavailable

__all__ = ["Control", "ask"]

_LOG = logging.getLogger(__name__)

_NAME = "control"
_WAIT_S = 10.0
_LONGEST = 4096

Answer = tuple[bool, str]


class Control:
    """Answers one question at a time. `answer(what, node)` returns whether it was done, and a sentence."""

    def __init__(self, folder: Path, answer: Callable[[str, str], Answer]) -> None:
        self._folder = folder
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)

    def start(self) -> None:
        """Begin to listen. Raises OSError."""
        (self._folder / _NAME).unlink(missing_ok=True)
        with _short_path(self._folder) as path:
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
        question = json.loads(_read_line(caller))
        done, text = self._answer(str(question["do"]), str(question["node"]))
        caller.sendall(json.dumps({"done": done, "text": text}).encode() + b"\n")


def ask(folder: Path, what: str, node: str) -> Answer:
    """Ask the demo that runs on `folder`. Raises `Unavailable` when none does."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(_WAIT_S)
        try:
            with _short_path(folder) as path:
                line.connect(path)
            line.sendall(json.dumps({"do": what, "node": node}).encode() + b"\n")
            answer = json.loads(_read_line(line))
        except (OSError, ValueError) as error:
            raise Unavailable(f"no demo is running on {folder}; start it with: ./loa demo") from error
    return bool(answer["done"]), str(answer["text"])


@contextmanager
def _short_path(folder: Path) -> Iterator[str]:
    """A path to the socket under the 107 bytes that the system takes, however deep the folder lies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{_NAME}"
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
