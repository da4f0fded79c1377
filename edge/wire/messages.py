"""The unsigned messages: who is there, how they are, what happened, what is stored.

They are believed only as far as the broker's credentials go: a node can lie about itself, not about others.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from edge.wire.base import ClockReading, Instant, Message, Model, Number, Ordinal, Sha256, Text
from edge.wire.errors import BadMessage

__all__ = [
    "Birth",
    "Gone",
    "Health",
    "HubState",
    "LedgerBatch",
    "LedgerEntry",
    "Stored",
    "TimeRequest",
    "read_state",
]

Session = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Nonce = Annotated[str, StringConstraints(min_length=16, max_length=64)]


class HubState(Message):
    """Retained on `hub`. A new session tells nodes to send again what is not stored."""

    session: Session
    here: bool
    at: Instant
    key: Text = ""


class Birth(Message):
    """Retained on a node's `state` when it connects; its numbers are those it obeys now."""

    here: Literal[True] = True
    session: Session
    at: Instant
    clock: ClockReading
    kind: Literal["speaker", "counter"]
    software: Text
    output: Literal["device", "file", "none"]
    ledger: UUID
    plan: Number = 0
    standing: Number = 0
    order: Number = 0


class Gone(Message):
    """Retained on a node's `state` by its last will, or by a clean stop."""

    here: Literal[False] = False
    session: Session


def read_state(raw: bytes) -> Birth | Gone:
    """What a node's `state` says. Raises `UnknownVersion` or `Unreadable`, in the words of a birth."""
    try:
        return Gone.decode(raw)
    except BadMessage:
        return Birth.decode(raw)


class Health(Message):
    """A node's readings, every minute. Absent readings are None; `disk_free` and `memory` are bytes."""

    session: Session
    at: Instant
    clock: ClockReading
    plan: Number = 0
    standing: Number = 0
    order: Number = 0
    missing: Annotated[tuple[Sha256, ...], Field(max_length=1000)] = ()
    unstored: Number = 0
    uptime_s: Annotated[float, Field(ge=0)]
    disk_free: Number | None = None
    memory: Number | None = None
    load_1min: float | None = None
    temperature_c: float | None = None
    faults: Annotated[tuple[Text, ...], Field(max_length=50)] = ()


class LedgerEntry(Model):
    """One line of a node's ledger. `at` is the node's own clock; `clock` says how far to believe it.

    `kind` and `body` are read by `edge.wire.entries`; here any object is carried.
    """

    seq: Ordinal
    at: Instant
    clock: ClockReading
    boot: Text
    kind: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    body: dict[str, Any]


class LedgerBatch(Message):
    """Entries in rising order. `first_held` is the lowest number the node still has."""

    ledger: UUID
    first_held: Ordinal
    entries: Annotated[tuple[LedgerEntry, ...], Field(max_length=1000)]


class Stored(Message):
    """The hub has committed every entry of `ledger` up to and with `seq`."""

    ledger: UUID
    seq: Number


class TimeRequest(Message):
    """A node asks for the time; the answer repeats the nonce and is signed."""

    nonce: Nonce
