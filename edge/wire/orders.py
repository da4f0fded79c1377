"""Orders, the standing state they lead to, and the signed answer to a node that asks for the time.

Every order and every standing state of a site takes its number from one rising sequence. A node's state is
its standing state with the orders of a higher number laid over it; a standing state of the same or a higher
number already says what the order said.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from edge.wire.base import Instant, Message, Model, Name, Number, Ordinal, Percent, Text

__all__ = [
    "AUDIENCE_ALL",
    "Order",
    "OrderKind",
    "Standing",
    "StopMark",
    "TimeAnswer",
    "audience_of_area",
]

AUDIENCE_ALL = "all"

Person = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OrderKind(StrEnum):
    """What an order asks for."""

    STOP = "stop"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    VOLUME = "volume"


class Order(Message):
    """Signed as `loa-order`. `value` is the volume in percent and stands with `volume` only."""

    site: Name
    aud: Text
    seq: Ordinal
    kind: OrderKind
    value: Percent | None = None
    by: Person
    issued_at: Instant
    not_after: Instant

    @model_validator(mode="after")
    def _value_fits_kind(self) -> Self:
        if (self.value is not None) != (self.kind is OrderKind.VOLUME):
            raise ValueError("volume needs a value, and nothing else takes one")
        return self


class StopMark(Model):
    """A stop in force: which order, since when, by whom. What was issued before it stays silent."""

    seq: Ordinal
    at: Instant
    by: Person


class Standing(Message):
    """Signed as `loa-standing`; what lasts until lifted, whoever reboots."""

    site: Name
    aud: Text
    version: Ordinal
    issued_at: Instant
    stopped: StopMark | None = None
    muted: bool = False
    volume: Percent = 100


class TimeAnswer(Message):
    """Signed as `loa-time`; answers the nonce of a node's present birth.

    The three numbers are the lowest that the node may still accept, so that nothing recorded earlier is
    obeyed by a new card: plan version, standing version, order sequence.
    """

    site: Name
    aud: Text
    nonce: Annotated[str, StringConstraints(min_length=16, max_length=64)]
    at: Instant
    plan: Number = 0
    standing: Number = 0
    order: Number = 0


def audience_of_area(area: str) -> str:
    """How `aud` names the nodes of an area and of the areas under it."""
    return f"area:{area}"
