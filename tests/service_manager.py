"""The ear of a service manager: a real datagram socket, as systemd's."""

import os
import socket
from pathlib import Path
from typing import Self


class ServiceManager:
    """Hears what a supervised program says; `environment` is what that program is started with."""

    def __init__(self, name: str | Path, *, watchdog_s: float | None = None, pid: int | None = None) -> None:
        self.environment = {"NOTIFY_SOCKET": str(name)}
        if watchdog_s is not None:
            self.environment["WATCHDOG_USEC"] = str(round(watchdog_s * 1e6))
            self.environment["WATCHDOG_PID"] = str(os.getpid() if pid is None else pid)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind("\0" + str(name)[1:] if str(name).startswith("@") else str(name))

    def heard(self) -> list[str]:
        """What came since it was asked last, the first line of each."""
        words = []
        while True:
            try:
                words.append(self._socket.recv(4096).decode().partition("\n")[0])
            except BlockingIOError:
                return words

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()
