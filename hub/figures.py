"""What the hub tells of itself at /metrics."""

from collections.abc import Callable

from hub.parts import Parts

__all__ = ["add_figures"]


def add_figures(parts: Parts, *, dropped: Callable[[], int]) -> None:
    """Make the figures of these parts readable; `dropped` counts the messages let go."""
    metrics = parts.metrics
    metrics.gauge("loa_broker_linked", "1 while the hub has its broker.", lambda: int(parts.is_linked()))
    metrics.gauge("loa_event_readers", "Pages listening to events.", lambda: parts.events.readers)
    metrics.gauge("loa_faults_open", "Faults that are open.", lambda: len(parts.faults.open()))
    metrics.gauge("loa_messages_dropped", "Messages let go in a flood.", dropped)
    metrics.family("loa_nodes", "Nodes by state.", label="state", read=lambda: _nodes_by_state(parts))


def _nodes_by_state(parts: Parts) -> dict[str, float]:
    counts: dict[str, float] = {}
    for node in parts.fleet.nodes():
        counts[node.state] = counts.get(node.state, 0) + 1
    return counts
