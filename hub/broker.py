"""The embedded mosquitto: its files, its life, and what its log tells.

Nothing in its folder is worth keeping: all is written again at every start, the hub's own password too.
"""

import contextlib
import logging
import os
import pwd
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from edge.wire.link import Broker
from edge.wire.topics import Topics
from hub.broker_files import (
    Account,
    acl_text,
    broker_hash,
    config_text,
    denial_in,
    hub_account,
    is_refused_login,
    passwords_text,
)
from hub.files import write_private
from hub.process import Child, Ended

__all__ = ["HUB_USER", "EmbeddedBroker"]

_LOG = logging.getLogger(__name__)

HUB_USER = "hub"
_TELL_AGAIN_S = 60.0
_MOST_TOLD = 1000
_LOOK_EVERY_S = 0.02


class EmbeddedBroker:
    """One mosquitto on one address. `accounts` is read at the start and at every `refresh`.

    `on_fault(name, detail, node)` is called on other threads: `broker_program` when it ended,
    `broker_denied` when a client tried a topic that is not its own, `broker_login` when a password did not
    hold. The last two are told at most once a minute for the same node.
    """

    def __init__(
        self,
        *,
        folder: Path,
        host: str,
        port: int,
        topics: Topics,
        accounts: Callable[[], Iterable[Account]],
        on_fault: Callable[[str, str, str | None], None],
    ) -> None:
        self._folder = folder
        self._accounts = accounts
        self._on_fault = on_fault
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()
        self._written: tuple[str, str] | None = None
        password = secrets.token_urlsafe(32)
        self._own = hub_account(topics, user=HUB_USER, password_hash=broker_hash(password))
        self.address = Broker(host=host, port=port, user=HUB_USER, password=password)
        self._child = Child(
            ["mosquitto", "-c", str(self._file("mosquitto.conf"))],
            name="mosquitto",
            on_line=self._read_log,
            on_ended=self._ended,
        )

    @property
    def pid(self) -> int | None:
        """mosquitto's process, while it runs."""
        return self._child.pid

    def start(self) -> None:
        """Write the files and begin; returns at once."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = config_text(
            host=self.address.host,
            port=self.address.port,
            run_as=pwd.getpwuid(os.getuid()).pw_name,
            passwords=self._file("passwords"),
            acl=self._file("acl"),
        )
        write_private(self._file("mosquitto.conf"), text)
        self._write_accounts()
        self._child.start()

    def wait_until_listening(self, timeout_s: float) -> bool:
        """Wait until something accepts connections on the broker's address; False if nothing does."""
        until_s = time.monotonic() + timeout_s
        while time.monotonic() < until_s:
            with contextlib.suppress(OSError):
                socket.create_connection((self.address.host, self.address.port), timeout_s).close()
                return True
            time.sleep(_LOOK_EVERY_S)
        return False

    def refresh(self) -> bool:
        """Let mosquitto read the accounts again if they changed; whether they did."""
        changed = self._write_accounts()
        if changed:
            self._child.send(signal.SIGHUP)
        return changed

    def stop(self) -> None:
        """End mosquitto."""
        self._child.stop()

    def _write_accounts(self) -> bool:
        with self._lock:
            accounts = [self._own, *self._accounts()]
            texts = (passwords_text(accounts), acl_text(accounts))
            if texts == self._written:
                return False
            write_private(self._file("passwords"), texts[0])
            write_private(self._file("acl"), texts[1])
            self._written = texts
            return True

    def _file(self, name: str) -> Path:
        return self._folder.absolute() / name

    def _ended(self, ended: Ended) -> None:
        words = "; ".join(ended.last_words[-2:])
        self._on_fault("broker_program", f"{ended.reason}. {words}".rstrip(". "), None)

    def _read_log(self, line: str) -> None:
        if line.startswith("Error"):
            _LOG.error("mosquitto: %s", line)
        denial = denial_in(line)
        if denial is not None:
            self._tell("broker_denied", f"{denial.action} {denial.topic}", denial.user)
        elif is_refused_login(line):
            self._tell("broker_login", line, None)

    def _tell(self, name: str, detail: str, node: str | None) -> None:
        now_s = time.monotonic()
        key = f"{name} {node}"
        if self._told.get(key, now_s - _TELL_AGAIN_S) > now_s - _TELL_AGAIN_S:
            return
        if len(self._told) >= _MOST_TOLD:
            self._told.clear()
        self._told[key] = now_s
        _LOG.warning("mosquitto: %s: %s %s", name, node or "", detail)
        self._on_fault(name, detail, node)
