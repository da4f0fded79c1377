"""What does not work at a node at present; each fault begins and ends with a ledger entry."""

import json
from collections.abc import Callable

from edge.errors import LedgerError
from edge.ledger import Ledger
from edge.wire.entries import Body, Fault, Mended

__all__ = ["Faults"]

_KEPT = "faults"
_LONGEST_DETAIL = 500
_SEEN_ONLY_WHEN_USED = {"sound", "clock_assumed", "clock_source", "clock_disputed", "certificate_expiring"}


class Faults:
    """The faults that last, by name. `record` makes an entry durable. Used by the node's thread only."""

    def __init__(self, *, record: Callable[[Body], object], ledger: Ledger) -> None:
        self._record = record
        self._ledger = ledger
        self._present: dict[str, str] = {}

    def resume(self) -> None:
        """Take up what the last run left; what shows itself only in use lasts over a restart."""
        for name, detail in _read(self._ledger.kept(_KEPT)).items():
            self._present.setdefault(name, detail)
            if name not in _SEEN_ONLY_WHEN_USED:
                self.end(name)

    def begin(self, name: str, detail: str = "") -> None:
        """Something does not work; saying so again changes nothing."""
        if name not in self._present:
            self._present[name] = detail[:_LONGEST_DETAIL]
            self._record(Fault(name=name, detail=self._present[name]))
            self._keep()

    def end(self, name: str) -> None:
        """It works again, if it did not before."""
        if self._present.pop(name, None) is not None:
            self._record(Mended(name=name))
            self._keep()

    def present(self) -> tuple[str, ...]:
        """Each fault as `name: detail`, for the node's health."""
        return tuple(
            f"{name}: {detail}" if detail else name for name, detail in sorted(self._present.items())
        )

    def _keep(self) -> None:
        try:
            self._ledger.keep(_KEPT, json.dumps(self._present).encode())
        except LedgerError:
            return  # the ledger's own trouble is told by the journal


def _read(raw: bytes | None) -> dict[str, str]:
    try:
        found = json.loads(raw or b"{}")
    except ValueError:
        return {}
    return {str(name): str(detail) for name, detail in found.items()} if isinstance(found, dict) else {}
