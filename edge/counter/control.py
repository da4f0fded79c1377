"""Presses by command, for a counter whose pins are not real: a socket that only the node's own user may open.

One line in, one line out: ``press 4`` presses the button of level 4 and is answered ``ok``, or why not.
"""

import logging
import os
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

from edge.pins import PinError

__all__ = ["SOCKET_NAME", "Control"]

log = logging.getLogger(__name__)

SOCKET_NAME = "control.sock"
_LONGEST_LINE = 100


class Control:
    """Listens at `path`; `press` does what is asked and raises `PinError` when it cannot. Raises OSError."""

    def __init__(self, path: Path, *, press: Callable[[int], None]) -> None:
        self._path = path
        path.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        before = os.umask(0o177)
        try:  # through the open folder: a socket's own path may hold 107 bytes only
            self._server = _Server(f"/proc/self/fd/{folder}/{path.name}", press)
        finally:
            os.umask(before)
            os.close(folder)
        threading.Thread(target=self._server.serve_forever, name="control", daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str, press: Callable[[int], None]) -> None:
        self.press = press
        super().__init__(path, _Handler)


class _Handler(socketserver.StreamRequestHandler):
    timeout = 5

    def handle(self) -> None:
        """One command."""
        try:
            line = self.rfile.readline(_LONGEST_LINE).decode(errors="replace")
            self.wfile.write(f"{self._obey(line.split())}\n".encode())
        except OSError:
            log.debug("a command was not heard to its end")

    def _obey(self, words: list[str]) -> str:
        match words:
            case ["press", level] if level.isascii() and level.isdigit():
                try:
                    cast("_Server", self.server).press(int(level))
                except PinError as error:
                    return str(error)
                return "ok"
        return "wanted: press LEVEL"
