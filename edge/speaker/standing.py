"""What is in force at a node: its standing state with the later orders laid over it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from edge.wire.emergency import Emergency
from edge.wire.orders import Order, OrderKind, Standing, StopMark

__all__ = ["InForce", "in_force"]


@dataclass(frozen=True)
class InForce:
    """Stopped by whom and since when, muted or not, the node's own volume in percent, and the emergencies
    that neither a stop nor their own cancelling has ended."""

    stopped: StopMark | None = None
    muted: bool = False
    volume: int = 100
    emergencies: tuple[Emergency, ...] = ()

    def stop_for(self, seq: int = 0) -> StopMark | None:
        """The stop that silences what was issued with this number; 0 for what the plan holds."""
        return self.stopped if self.stopped is not None and seq < self.stopped.seq else None


def in_force(standing: Standing | None, orders: Iterable[Order]) -> InForce:
    """The standing state with every order of a higher number laid over it, in the order of their numbers."""
    state = InForce()
    if standing is not None:
        state = InForce(
            stopped=standing.stopped,
            muted=standing.muted,
            volume=standing.volume,
            emergencies=standing.emergencies,
        )
    settled = standing.version if standing is not None else 0
    for order in sorted(orders, key=lambda order: order.seq):
        if order.seq > settled:
            state = _after(state, order)
    return state


def _after(state: InForce, order: Order) -> InForce:
    match order.kind:
        case OrderKind.STOP:
            stopped = StopMark(seq=order.seq, at=order.issued_at, by=order.by)
            return replace(state, stopped=stopped, emergencies=())
        case OrderKind.RESUME:
            return replace(state, stopped=None)
        case OrderKind.MUTE:
            return replace(state, muted=True)
        case OrderKind.UNMUTE:
            return replace(state, muted=False)
        case OrderKind.VOLUME:
            return replace(state, volume=state.volume if order.value is None else order.value)
        case OrderKind.EMERGENCY:
            begun = () if order.emergency is None else (order.emergency,)
            return replace(state, emergencies=(*state.emergencies, *begun))
        case OrderKind.CANCEL:
            left = tuple(each for each in state.emergencies if each.id != order.cancels)
            return replace(state, emergencies=left)
