"""What is in force at a node: its standing state with the later orders laid over it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from edge.wire.orders import Order, OrderKind, Standing, StopMark

__all__ = ["InForce", "in_force"]


@dataclass(frozen=True)
class InForce:
    """Stopped by whom and since when, muted or not, and the node's own volume in percent."""

    stopped: StopMark | None = None
    muted: bool = False
    volume: int = 100

    @property
    def silent(self) -> bool:
        """Whether nothing at all may sound."""
        return self.stopped is not None or self.muted


def in_force(standing: Standing | None, orders: Iterable[Order]) -> InForce:
    """The standing state with every order of a higher number laid over it, in the order of their numbers."""
    state = InForce()
    if standing is not None:
        state = InForce(stopped=standing.stopped, muted=standing.muted, volume=standing.volume)
    settled = standing.version if standing is not None else 0
    for order in sorted(orders, key=lambda order: order.seq):
        if order.seq > settled:
            state = _after(state, order)
    return state


def _after(state: InForce, order: Order) -> InForce:
    match order.kind:
        case OrderKind.STOP:
            return replace(state, stopped=StopMark(seq=order.seq, at=order.issued_at, by=order.by))
        case OrderKind.RESUME:
            return replace(state, stopped=None)
        case OrderKind.MUTE:
            return replace(state, muted=True)
        case OrderKind.UNMUTE:
            return replace(state, muted=False)
        case OrderKind.VOLUME:
            return replace(state, volume=state.volume if order.value is None else order.value)
