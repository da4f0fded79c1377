"""Orders, the standing state they lead to, and the signed answer to a node that asks for the time.

Every order and every standing state of a site takes its number from one rising sequence. A node's state is
its standing state with the orders of a higher number laid over it; a standing state of the same or a higher
number already says what the order said.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from edge.wire.base import Instant, Key, Message, Model, Name, Number, Ordinal, Percent, Person, Text
from edge.wire.emergency import Emergency

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


def _is_nothing(value: object) -> bool:
    return not value


class OrderKind(StrEnum):
    """What an order asks for."""

    STOP = "stop"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    VOLUME = "volume"
    EMERGENCY = "emergency"
    CANCEL = "cancel"


class Order(Message):
    """Signed as `loa-order`. `value` is the volume in percent and stands with `volume` only, `emergency` with
    `emergency` only; `cancels`, with `cancel` only, is the id of the emergency that is over.

    What stands with its own kind only is left out of other orders.
    """

    site: Name
    aud: Text
    seq: Ordinal
    kind: OrderKind
    value: Percent | None = None
    by: Person
    issued_at: Instant
    not_after: Instant
    emergency: Annotated[Emergency | None, Field(exclude_if=_is_nothing)] = None
    cancels: Annotated[Key | None, Field(exclude_if=_is_nothing)] = None

    @model_validator(mode="after")
    def _fits_kind(self) -> Self:
        if (self.value is not None) != (self.kind is OrderKind.VOLUME):
            raise ValueError("volume needs a value, and nothing else takes one")
        if (self.emergency is not None) != (self.kind is OrderKind.EMERGENCY):
            raise ValueError("emergency needs an emergency, and nothing else takes one")
        if (self.cancels is not None) != (self.kind is OrderKind.CANCEL):
            raise ValueError("cancel needs the emergency that it cancels, and nothing else takes one")
        if self.emergency is not None and self.emergency.seq != self.seq:
            raise ValueError("an emergency has the number of its order")
        return self


class StopMark(Model):
    """A stop in force: which order, since when, by whom. What was issued before it stays silent."""

    seq: Ordinal
    at: Instant
    by: Person


class Standing(Message):
    """Signed as `loa-standing`; what lasts until lifted, whoever reboots. `emergencies` are those that run at
    this node; left out when there are none.
    """

    site: Name
    aud: Text
    version: Ordinal
    issued_at: Instant
    stopped: StopMark | None = None
    muted: bool = False
    volume: Percent = 100
    emergencies: Annotated[tuple[Emergency, ...], Field(max_length=100, exclude_if=_is_nothing)] = ()


class TimeAnswer(Message):
    """Signed as `loa-time`; answers the nonce of a node's present birth.

    The three numbers are the lowest that the node may still accept, so that nothing recorded earlier is
    obeyed by a new card: plan version, standing version, order sequence. They count even when the hub is
    `unsure` of the time, for nobody vouches for its clock; `at` then counts for nothing. Left out when false.
    """

    site: Name
    aud: Text
    nonce: Annotated[str, StringConstraints(min_length=16, max_length=64)]
    at: Instant
    plan: Number = 0
    standing: Number = 0
    order: Number = 0
    unsure: Annotated[bool, Field(exclude_if=_is_nothing)] = False


def audience_of_area(area: str) -> str:
    """How `aud` names the nodes of an area and of the areas under it."""
    return f"area:{area}"
