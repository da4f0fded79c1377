"""What a node's one thread hears besides the broker's messages and its own parts."""

from dataclasses import dataclass

__all__ = ["Quit"]


@dataclass(frozen=True)
class Quit:
    """The program was asked to end; `why` is for the log."""

    why: str
