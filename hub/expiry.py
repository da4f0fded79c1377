"""Tells of nodes whose certificates end soon, though they should have renewed them long since."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from hub.faults import Faults
from hub.store import certificates
from hub.store.certificates import Certificate
from hub.store.database import Store

__all__ = ["ENDING", "Expiry", "ending", "is_ending"]

ENDING = "certificate_ending"
"""A node's certificate ends within 60 days, or has ended."""

_SOON = timedelta(days=60)


def is_ending(expires_at: datetime, *, now: datetime) -> bool:
    """Whether a certificate ends so soon that its node should have renewed it, or has ended. Pure."""
    return expires_at - now < _SOON


def ending(held: Iterable[Certificate], *, now: datetime) -> dict[str, datetime]:
    """By node, when its certificate ends, for those that end soon. Pure."""
    return {each.node: each.expires_at for each in held if is_ending(each.expires_at, now=now)}


class Expiry:
    """Looks from time to time; a fault is over as soon as its node has renewed, or is removed."""

    def __init__(self, *, store: Store, faults: Faults, now: Callable[[], datetime]) -> None:
        self._store = store
        self._faults = faults
        self._now = now

    def look(self) -> None:
        """Raise and mend."""
        held = certificates.current(self._store.read()).values()
        found = ending(held, now=self._now())
        told = {fault.node: fault.detail for fault in self._faults.open() if fault.name == ENDING}
        for node, at in found.items():
            if told.get(node) != _day(at):
                self._faults.raise_(node, ENDING, _day(at))
        for renewed in told.keys() - found.keys():
            self._faults.mend(renewed, ENDING)


def _day(at: datetime) -> str:
    return at.date().isoformat()
