"""Entries into the ledger, stamped with the node's clock; one that fails stops nothing that people hear."""

import logging
from collections.abc import Callable

from edge.clock import Clock
from edge.errors import AlreadyFinished, LedgerError, LedgerFull
from edge.ledger import Ledger
from edge.wire.entries import Body, Refused

__all__ = ["Journal"]

log = logging.getLogger(__name__)

_SAME_REFUSAL_S = 600.0
_REFUSALS_REMEMBERED = 200


class Journal:
    """Used by the node's thread only. `trouble` is why the last entry could not be recorded, or empty."""

    def __init__(self, *, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._refused_at_s: dict[tuple[str, str], float] = {}
        self.trouble = ""

    def record(self, *bodies: Body) -> bool:
        """Make entries durable, several as one; False when that failed, which is logged and shown as a fault.

        Should one of several fail, each is recorded by itself.
        """
        if len(bodies) > 1 and self._record_as_one(bodies):
            return True
        done = [self._record(body) for body in bodies]
        return all(done)

    def _record_as_one(self, bodies: tuple[Body, ...]) -> bool:
        try:
            with self._ledger.together():
                for body in bodies:
                    self._ledger.append(body, at=self._clock.now(), clock=self._clock.reading())
        except LedgerError as error:
            log.warning("not recorded as one: %s", error)
            return False
        self.trouble = ""
        return True

    def _record(self, body: Body) -> bool:
        try:
            self._ledger.append(body, at=self._clock.now(), clock=self._clock.reading())
        except AlreadyFinished as error:
            log.warning("%s", error)
            return False
        except LedgerError as error:
            log.exception("not recorded: %s", body.kind)
            self.trouble = str(error)
            return False
        self.trouble = ""
        return True

    def together(self, work: Callable[[], object]) -> bool:
        """Do `work` on the ledger as one block; True when it has reached the disk, False when nothing of it
        has, which is logged and shown as a fault. `work` may be done twice, where room had to be made."""
        try:
            try:
                self._in_block(work)
            except LedgerFull:
                self._in_block(work)
        except LedgerError as error:
            log.exception("not recorded")
            self.trouble = str(error)
            return False
        self.trouble = ""
        return True

    def _in_block(self, work: Callable[[], object]) -> None:
        with self._ledger.together():
            work()

    def refused(self, what: str, reason: str, detail: str = "") -> None:
        """Record that something was not obeyed; the same again within ten minutes is only logged."""
        log.warning("refused %s: %s %s", what, reason, detail)
        now_s = self._clock.monotonic()
        last_s = self._refused_at_s.get((what, reason))
        if last_s is not None and now_s - last_s < _SAME_REFUSAL_S:
            return
        if len(self._refused_at_s) >= _REFUSALS_REMEMBERED:
            self._refused_at_s.clear()
        self._refused_at_s[what, reason] = now_s
        self.record(Refused(what=what, reason=reason, detail=detail[:200]))
