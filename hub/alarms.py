"""What the broker tells of trouble, as faults: raised at once, over when an hour brought nothing more."""

import logging
import time
from collections.abc import Callable

from hub.faults import Faults

__all__ = ["BROKER_LOST", "BROKER_PROGRAM", "Alarms"]

_LOG = logging.getLogger(__name__)

BROKER_LOST = "broker"
"""The hub has no link to the broker."""

BROKER_PROGRAM = "broker_program"
"""The embedded mosquitto ended; it is being started again."""

_PASSING = ("broker_denied", "broker_login", "broker_stranger", "certificate_refused", "code_refused")
_OVER_AFTER_S = 3600.0
_TELL_AGAIN_S = 60.0
_MOST_TOLD = 1000


class Alarms:
    """Raises and settles the hub's own faults about its broker. Threads may share it."""

    def __init__(self, faults: Faults, *, steady_s: Callable[[], float] = time.monotonic) -> None:
        self._faults = faults
        self._steady_s = steady_s
        self._last_s: dict[tuple[str | None, str], float] = {}
        self._told_s: dict[tuple[str, str], float] = {}

    def raise_(self, name: str, detail: str, node: str | None = None) -> None:
        """Something is wrong, again or for the first time."""
        self._last_s[(node, name)] = self._steady_s()
        self._faults.raise_(node, name, detail)

    def passing(self, name: str, detail: str) -> None:
        """Somebody tried what they may not; the same is told once a minute, however often they try."""
        now_s = self._steady_s()
        if self._told_s.get((name, detail), now_s - _TELL_AGAIN_S) > now_s - _TELL_AGAIN_S:
            return
        if len(self._told_s) >= _MOST_TOLD:
            self._told_s.clear()
        self._told_s[name, detail] = now_s
        _LOG.warning("%s: %s", name, detail)
        self.raise_(name, detail)

    def linked(self) -> None:
        """The broker is there and so is the link."""
        for name in (BROKER_LOST, BROKER_PROGRAM):
            self._faults.mend(None, name)

    def settle(self) -> None:
        """Mend what was an incident, not a state, when it has not come again for an hour."""
        over_before_s = self._steady_s() - _OVER_AFTER_S
        for fault in self._faults.open():
            key = (fault.node, fault.name)
            if fault.name in _PASSING and self._last_s.get(key, over_before_s) <= over_before_s:
                self._faults.mend(*key)
                self._last_s.pop(key, None)
