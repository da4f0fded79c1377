"""A message on its way from the hub to the broker."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Outgoing", "Send"]


@dataclass(frozen=True)
class Outgoing:
    """What goes to which topic. It is sent once; who needs to know waits for an answer of the contract.

    One of `many` waits until there is room on the link, so that an order never stands behind all of them.
    """

    topic: str
    payload: bytes
    retain: bool = False
    qos: int = 1
    many: bool = False


Send = Callable[[Outgoing], bool]
