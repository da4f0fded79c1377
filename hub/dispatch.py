"""The fast path: an order that is in the file, signed and out to each of its audiences."""

from edge.wire.emergency import Emergency
from edge.wire.orders import AUDIENCE_ALL, Order, OrderKind
from edge.wire.signing import SignedKind, SigningKey
from edge.wire.topics import Topics
from hub.outgoing import Outgoing, Send
from hub.store.plans import KeptOrder

__all__ = ["Dispatch"]


class Dispatch:
    """Signs orders and sends them on the thread of whoever gives them."""

    def __init__(self, *, key: SigningKey, topics: Topics, send: Send) -> None:
        self._key = key
        self._topics = topics
        self._send = send

    def send(
        self, kept: KeptOrder, *, emergency: Emergency | None = None, cancels: str | None = None
    ) -> bool:
        """Send an order to each of its audiences; False when one could not leave."""
        sent = [self._send_to(audience, kept, emergency, cancels) for audience in kept.audiences]
        return all(sent)

    def _send_to(
        self, audience: str, kept: KeptOrder, emergency: Emergency | None, cancels: str | None
    ) -> bool:
        order = Order(
            site=self._topics.site,
            aud=audience,
            seq=kept.seq,
            kind=OrderKind(kept.kind),
            value=kept.value,
            by=kept.by,
            issued_at=kept.issued_at,
            not_after=kept.not_after,
            emergency=emergency,
            cancels=cancels,
        )
        return self._send(Outgoing(self._topic(audience), self._key.sign(SignedKind.ORDER, order.encode())))

    def _topic(self, audience: str) -> str:
        scope, _, name = audience.partition(":")
        if scope == AUDIENCE_ALL:
            return self._topics.order_all
        return self._topics.order_area(name) if scope == "area" else self._topics.node(name, "order")
