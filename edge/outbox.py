"""What to send of the ledger, and when. Pure.

One batch is under way at a time, in order, until the hub says that it is stored; a batch holds up to 1,000
entries, so a week's backlog is a few round trips. What is not answered is sent again: at once on a new
connection or a new session of the hub, otherwise with a growing delay. Sending twice is harmless, the hub
knows entries by their number.
"""

from dataclasses import dataclass, replace
from typing import Self

__all__ = ["BATCH_LIMIT", "RESEND_S", "Outbox", "Send", "Wait"]

BATCH_LIMIT = 1_000
RESEND_S = (5.0, 10.0, 20.0, 40.0, 60.0)

_SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Send:
    """Publish `ledger.batch(after, limit)` now, then say so with `Outbox.sent`."""

    after: int
    limit: int = BATCH_LIMIT


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before `until_s` of the monotonic clock, or before something happens (None)."""

    until_s: float | None


@dataclass(frozen=True, slots=True)
class _Flight:
    up_to: int
    sent_s: float


@dataclass(frozen=True, slots=True)
class Outbox:
    """What is known of the way to the hub; each event gives the next `Outbox`.

    `spread`, from 0 to 1, is each node's own, so that a fleet does not send again in one instant.
    """

    spread: float = 0.0
    is_connected: bool = False
    flight: _Flight | None = None
    resends: int = 0

    def connected(self) -> Self:
        """A new connection: what was under way may be lost."""
        return replace(self, is_connected=True, flight=None, resends=0)

    def lost(self) -> Self:
        """The connection broke, or took nothing."""
        return replace(self, is_connected=False, flight=None, resends=0)

    def hub_began(self) -> Self:
        """The hub began a new session: it may have lost what was under way."""
        return replace(self, flight=None, resends=0)

    def sent(self, up_to: int, *, now_s: float) -> Self:
        """A batch that ends with number `up_to` was handed over for sending."""
        resends = self.resends + 1 if self.flight else 0
        return replace(self, flight=_Flight(up_to=up_to, sent_s=now_s), resends=resends)

    def stored(self, seq: int, *, now_s: float) -> Self:
        """The hub has stored up to `seq`, which was news to the ledger."""
        if self.flight is None or seq >= self.flight.up_to:
            return replace(self, flight=None, resends=0)
        return replace(self, flight=replace(self.flight, sent_s=now_s), resends=0)

    def next(self, *, stored: int, last: int, now_s: float) -> Send | Wait:
        """What to do now, when the ledger's highest stored number is `stored` and its highest is `last`."""
        if not self.is_connected or last <= stored:
            return Wait(until_s=None)
        if self.flight is None or now_s >= self._resend_at(self.flight):
            return Send(after=stored)
        return Wait(until_s=self._resend_at(self.flight))

    def _resend_at(self, flight: _Flight) -> float:
        delay_s = RESEND_S[min(self.resends, len(RESEND_S) - 1)]
        return flight.sent_s + delay_s * (1 + _SPREAD * self.spread)
