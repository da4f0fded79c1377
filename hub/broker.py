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
from dataclasses import dataclass, replace
from pathlib import Path

from edge.wire.link import Broker
from edge.wire.topics import Topics
from hub.authority import Doors
from hub.authority_names import node_of
from hub.broker_files import (
    Account,
    Denial,
    TlsListener,
    acl_text,
    broker_hash,
    config_text,
    denial_in,
    hub_account,
    is_refused_login,
    passwords_text,
)
from hub.broker_knocks import Knocks
from hub.files import write_private
from hub.process import Child, Ended

__all__ = ["HUB_USER", "Door", "EmbeddedBroker"]

_LOG = logging.getLogger(__name__)

HUB_USER = "hub"
_TELL_AGAIN_S = 60.0
_MOST_TOLD = 1000
_LOOK_EVERY_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where nodes come in from the network, each with its certificate."""

    host: str
    port: int
    files: Doors


class EmbeddedBroker:
    """One mosquitto, on an address of this machine for the hub and, with `door`, at a door for nodes.

    `accounts` is read at the start and at every `refresh`; with a door, only the hub has a password.
    `on_fault(name, detail, node)` is called on other threads: `broker_program` when it ended, `broker_denied`
    when a client tried a topic that is not its own, `broker_login` when a password did not hold,
    `broker_stranger` when a certificate did not. The last three are told at most once a minute for the same
    node.
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
        door: Door | None = None,
    ) -> None:
        self._folder = folder
        self._door = door
        self._knocks = Knocks(port=door.port if door else 0)
        self._accounts = accounts
        self._on_fault = on_fault
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()
        self._written: tuple[str, str] | None = None
        self._users: frozenset[str] = frozenset()
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
        if self._door is not None:
            self._door.files.renew()
            self._door.files.list_revoked()
        text = config_text(
            host=self.address.host,
            port=self.address.port,
            run_as=pwd.getpwuid(os.getuid()).pw_name,
            passwords=self._file("passwords"),
            acl=self._file("acl"),
            tls=self._listener(),
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
        """Let mosquitto read the accounts again if they changed; whether they did.

        It is begun anew if somebody was revoked or an enrolment is over: only that ends a connection that
        stands.
        """
        before = self._users
        changed = self._write_accounts()
        if self._door is not None and (self._door.files.list_revoked() or before - self._users):
            self._child.restart()
            return True
        if changed:
            self._child.send(signal.SIGHUP)
        return changed

    def renew(self) -> bool:
        """Renew the door's certificate if it is due, and let mosquitto read it; whether it was."""
        renewed = self._door is not None and self._door.files.renew()
        if renewed:
            self._child.send(signal.SIGHUP)
        return renewed

    def stop(self) -> None:
        """End mosquitto."""
        self._child.stop()

    def _write_accounts(self) -> bool:
        with self._lock:
            accounts = [self._own, *map(self._at_the_door, self._accounts())]
            texts = (passwords_text(accounts), acl_text(accounts))
            if texts == self._written:
                return False
            write_private(self._file("passwords"), texts[0])
            write_private(self._file("acl"), texts[1])
            self._written = texts
            self._users = frozenset(each.user for each in accounts)
            return True

    def _at_the_door(self, account: Account) -> Account:
        return replace(account, user=account.subject, password_hash="") if self._door else account

    def _listener(self) -> TlsListener | None:
        door = self._door
        return TlsListener(door.host, door.port, door.files.files) if door else None

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
            self._tell_denial(denial)
        elif is_refused_login(line):
            self._tell("broker_login", line, None)
        elif (stranger := self._knocks.stranger_in(line)) is not None:
            self._tell("broker_stranger", stranger, None)

    def _tell_denial(self, denial: Denial) -> None:
        node = node_of(denial.user)
        if self._door is not None and denial.user not in self._users:
            self._tell("broker_stranger", f"{node}: certificate of an enrolment that is over", None)
        else:
            self._tell("broker_denied", f"{denial.action} {denial.topic}", node)

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
