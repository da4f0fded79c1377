"""How much of what was handed to a connection its broker has not acknowledged: who has much to say waits for
room, so that what is urgent never stands behind all of it."""

import threading

__all__ = ["Backlog"]

_MOST, _FEW = 100, 50
_WAIT_S = 2.0


class Backlog:
    """Counts; any thread may use it."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def grew(self) -> None:
        """A message was handed over."""
        with self._changed:
            self._count += 1

    def shrank(self) -> None:
        """A message was acknowledged."""
        with self._changed:
            self._count -= 1
            if self._count <= _FEW:
                self._changed.notify_all()

    def end(self) -> None:
        """The connection is over: nobody waits for it."""
        with self._changed:
            self._count = 0
            self._changed.notify_all()

    def wait_for_room(self, timeout_s: float = _WAIT_S) -> bool:
        """Where a hundred are under way, until only fifty are; False when that did not happen in time."""
        with self._changed:
            return self._count < _MOST or self._changed.wait_for(lambda: self._count <= _FEW, timeout_s)
