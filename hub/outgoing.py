"""A message on its way from the hub to the broker."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Outgoing", "Send"]


@dataclass(frozen=True)
class Outgoing:
    """What goes to which topic. It is sent once; who needs to know waits for an answer of the contract."""

    topic: str
    payload: bytes
    retain: bool = False
    qos: int = 1


Send = Callable[[Outgoing], bool]
