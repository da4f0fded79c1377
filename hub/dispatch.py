"""The fast path: an order that is in the file, signed and out to each of its audiences."""

from collections.abc import Callable
from datetime import datetime, timedelta

from edge.wire.emergency import Emergency
from edge.wire.orders import AUDIENCE_ALL, Order, OrderKind
from edge.wire.signing import SignedKind
from hub.events import Events
from hub.outgoing import Courier
from hub.people.roles import Actor
from hub.publishing import Publishing
from hub.store import plans, site
from hub.store.database import Database, to_text
from hub.store.plans import KeptOrder, KeptStanding

__all__ = ["Dispatch"]

_OBEYED_WITHIN = timedelta(seconds=60)


class Dispatch:
    """Keeps orders and sends them, on the thread of whoever gives them."""

    def __init__(
        self,
        *,
        courier: Courier,
        publishing: Publishing,
        events: Events,
        now: Callable[[], datetime],
    ) -> None:
        self._courier = courier
        self._publishing = publishing
        self._events = events
        self._now = now

    def keep(
        self,
        db: Database,
        actor: Actor,
        kind: OrderKind,
        *,
        audiences: tuple[str, ...],
        nodes: tuple[str, ...],
        value: int | None = None,
    ) -> KeptOrder:
        """A new order and what it changes in the standing states of `nodes`, in the caller's transaction."""
        now = self._now()
        order = KeptOrder(
            seq=site.next_number(db, now=now),
            audiences=audiences,
            kind=kind.value,
            value=value,
            by=actor.person.name[:200],
            issued_at=now,
            not_after=now + _OBEYED_WITHIN,
            nodes=nodes,
        )
        plans.keep_order(db, order)
        plans.begin_standings(db, nodes, KeptStanding("", 1, now, site.stop(db)))
        plans.change_standings(db, nodes, _columns(order), version=order.seq, at=now)
        return order

    def send(
        self, kept: KeptOrder, *, emergency: Emergency | None = None, cancels: str | None = None
    ) -> bool:
        """Send an order that is in the file, first itself, then the standing states that it changed.

        False when it could not leave to one of its audiences.
        """
        sent = [self._send_to(audience, kept, emergency, cancels) for audience in kept.audiences]
        self._events.publish("orders")
        self._publishing.send_standings(kept.nodes)
        return all(sent)

    def _send_to(
        self, audience: str, kept: KeptOrder, emergency: Emergency | None, cancels: str | None
    ) -> bool:
        order = Order(
            site=self._courier.topics.site,
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
        return self._courier.send_signed(self._topic(audience), SignedKind.ORDER, order.encode())

    def _topic(self, audience: str) -> str:
        scope, _, name = audience.partition(":")
        topics = self._courier.topics
        if scope == AUDIENCE_ALL:
            return topics.order_all
        return topics.order_area(name) if scope == "area" else topics.node(name, "order")


def _columns(order: KeptOrder) -> dict[str, object]:
    """What an order sets in the row of a standing state; emergencies have rows of their own."""
    match OrderKind(order.kind):
        case OrderKind.STOP:
            at = to_text(order.issued_at)
            return {"stopped_seq": order.seq, "stopped_at": at, "stopped_by": order.by}
        case OrderKind.RESUME:
            return {"stopped_seq": None, "stopped_at": None, "stopped_by": None}
        case OrderKind.MUTE:
            return {"muted": 1}
        case OrderKind.UNMUTE:
            return {"muted": 0}
        case OrderKind.VOLUME:
            return {"volume": order.value}
        case OrderKind.EMERGENCY | OrderKind.CANCEL:
            return {}
