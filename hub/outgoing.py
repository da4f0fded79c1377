"""A message on its way from the hub to the broker, and who carries it."""

from collections.abc import Callable
from dataclasses import dataclass

from edge.wire.signing import SignedKind, SigningKey
from edge.wire.topics import Topics

__all__ = ["Courier", "Outgoing", "Send"]


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


@dataclass(frozen=True, kw_only=True)
class Courier:
    """What it takes to speak for the site: its key, its topics and a way to the broker."""

    key: SigningKey
    topics: Topics
    send: Send

    def send_signed(self, topic: str, kind: SignedKind, message: bytes) -> bool:
        """Sign a message and send it; False when it could not leave."""
        return self.send(Outgoing(topic, self.key.sign(kind, message)))
