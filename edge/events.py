"""What a node's one thread hears besides the broker's messages. Whoever sends only puts it in the queue."""

from dataclasses import dataclass

__all__ = ["Quit", "Tick"]


@dataclass(frozen=True)
class Quit:
    """The program was asked to end; `why` is for the log."""

    why: str


@dataclass(frozen=True)
class Tick:
    """Something elsewhere changed; look again."""
