"""A press from another thread than the node's: handed over, and waited for until it is on the disk."""

import queue
from collections.abc import Callable

from edge.clock import Clock
from edge.counter.events import Answer, Touched
from edge.wire.entries_counter import PressSource

__all__ = ["press"]

_PATIENCE_S = 3.0


def press(
    level: int,
    *,
    key: str,
    source: PressSource,
    dossier: str = "",
    post: Callable[[object], None],
    clock: Clock,
) -> Answer:
    """Have the node take a press, and wait for what became of it; `lost` when nobody says."""
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    at_s = clock.monotonic()
    post(Touched(level, key, at_s, clock.now(), answers.put, source=source, dossier=dossier))
    try:
        return answers.get(timeout=_PATIENCE_S)
    except queue.Empty:
        return "lost"
