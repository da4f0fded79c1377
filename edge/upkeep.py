"""What every node does for its own record: says that it woke and whether it had been ended in order, and
keeps the ledger small."""

import logging

from edge.clock import Clock
from edge.errors import LedgerError
from edge.faults import Faults
from edge.journal import Journal
from edge.ledger import Ledger
from edge.wire.entries import Booted

__all__ = ["Upkeep"]

log = logging.getLogger(__name__)

_CLEAN = "clean"
_PRUNE_EVERY_S = 3_600.0
_ROWS_KEPT = 50_000


class Upkeep:
    """Used by the node's thread only."""

    def __init__(
        self, *, software: str, ledger: Ledger, journal: Journal, faults: Faults, clock: Clock
    ) -> None:
        self._software = software
        self._ledger = ledger
        self._journal = journal
        self._faults = faults
        self._clock = clock
        self._prune_due_s = clock.monotonic() + _PRUNE_EVERY_S

    def begin(self) -> None:
        """Record that the program started, and take up the faults that the last run left."""
        self._journal.record(Booted(software=self._software, clean=self._ledger.kept(_CLEAN) == b"1"))
        self._keep_clean(b"0")
        self._faults.resume()
        if self._ledger.set_aside is not None:
            self._faults.begin("ledger_rebuilt", f"a damaged one is kept as {self._ledger.set_aside.name}")

    def tend(self) -> None:
        """Prune the ledger when it is time."""
        now_s = self._clock.monotonic()
        if now_s < self._prune_due_s:
            return
        self._prune_due_s = now_s + _PRUNE_EVERY_S
        try:
            self._ledger.prune(keep_rows=_ROWS_KEPT)
        except LedgerError as error:
            log.warning("the ledger could not be pruned: %s", error)

    def end(self) -> None:
        """Leave word that the program was ended in order."""
        self._keep_clean(b"1")

    def _keep_clean(self, clean: bytes) -> None:
        try:
            self._ledger.keep(_CLEAN, clean)
        except LedgerError as error:
            log.warning("whether this run ended in order could not be kept: %s", error)
