"""What does not work at a node at present; each fault begins and ends with a ledger entry."""

from collections.abc import Callable

from edge.wire.entries import Body, Fault, Mended

__all__ = ["Faults"]

_LONGEST_DETAIL = 500


class Faults:
    """The faults that last, by name. `record` makes an entry durable."""

    def __init__(self, record: Callable[[Body], object]) -> None:
        self._record = record
        self._present: dict[str, str] = {}

    def begin(self, name: str, detail: str = "") -> None:
        """Something does not work; saying so again changes nothing."""
        if name not in self._present:
            self._present[name] = detail
            self._record(Fault(name=name, detail=detail[:_LONGEST_DETAIL]))

    def end(self, name: str) -> None:
        """It works again, if it did not before."""
        if self._present.pop(name, None) is not None:
            self._record(Mended(name=name))

    def present(self) -> tuple[str, ...]:
        """Each fault as `name: detail`, for the node's health."""
        return tuple(
            f"{name}: {detail}" if detail else name for name, detail in sorted(self._present.items())
        )
