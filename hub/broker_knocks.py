"""Who was turned away at the broker's door, from mosquitto's log. Pure.

mosquitto 2.0.11 names the address when a connection begins, and the reason in a later line without it; so the
address told is that of a connection that had just begun and had not come in yet.
"""

import re
from collections import deque

__all__ = ["Knocks"]

_MOST = 16
_BEGAN = re.compile(r"^New connection from (?P<address>\S+):(?P<from>\d+) on port (?P<port>\d+)\.")
_CAME_IN = re.compile(r"^New client connected from (?P<address>\S+):(?P<from>\d+) as ")
_REASON = r"error:[0-9A-F]+:SSL routines:.*?:(?P<reason>[^:]+?)\.?$"
_TURNED_AWAY = re.compile(r"^OpenSSL Error\[\d+\]: " + _REASON)
_NO_TLS = re.compile(r"^Client connection from (?P<address>\S+) failed: " + _REASON)
_BROKEN_OFF = "unexpected eof while reading"
_NOT_HELD = "certificate verify failed"


class Knocks:
    """Reads the log of the listener on `port`, line after line."""

    def __init__(self, *, port: int) -> None:
        self._port = str(port)
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_MOST)

    def stranger_in(self, line: str) -> str | None:
        """Who was turned away and why, if this line says that somebody was."""
        if began := _BEGAN.match(line):
            if began["port"] == self._port:
                self._waiting.append((began["address"], began["from"]))
        elif came_in := _CAME_IN.match(line):
            self._forget((came_in["address"], came_in["from"]))
        elif (away := _TURNED_AWAY.match(line)) and away["reason"] != _BROKEN_OFF:
            return f"{self._who()}: {_said(away['reason'])}"
        elif bare := _NO_TLS.match(line):
            return f"{bare['address']}: {bare['reason']}"
        return None

    def _forget(self, one: tuple[str, str]) -> None:
        if one in self._waiting:
            self._waiting.remove(one)

    def _who(self) -> str:
        addresses = list(dict.fromkeys(address for address, _ in self._waiting))
        self._waiting.clear()
        return " / ".join(addresses) or "?"


def _said(reason: str) -> str:
    if reason == _NOT_HELD:
        return "certificate verify failed (expired, revoked, or of another authority)"
    return reason
