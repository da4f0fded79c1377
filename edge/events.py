"""What a node's one thread hears besides the broker's messages and its own parts."""

from dataclasses import dataclass

__all__ = ["Quit", "Trouble"]


@dataclass(frozen=True)
class Quit:
    """The program was asked to end; `why` is for the log."""

    why: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part on a thread of its own does not work, and why; empty when it does. `name` is the fault's."""

    name: str
    why: str
