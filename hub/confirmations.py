"""Which orders and standing states nodes say they obey, and who spoke at all, read out of what could not be
kept."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Protocol

from edge.wire.entries import Obeyed, StandingAccepted, read_body
from edge.wire.errors import WireError
from edge.wire.messages import Birth, Health, LedgerBatch, read_state
from edge.wire.topics import Topics

__all__ = ["confirmed", "speakers"]

_TELLING = (Obeyed.kind, StandingAccepted.kind)


class Message(Protocol):
    """What arrived."""

    @property
    def topic(self) -> str: ...
    @property
    def payload(self) -> bytes: ...


def confirmed(topics: Topics, messages: Iterable[Message]) -> dict[str, tuple[int, int]]:
    """The highest standing state and order of each node; what cannot be read says nothing."""
    found: dict[str, tuple[int, int]] = {}
    for message in messages:
        try:
            node = topics.parse(message.topic)
            for standing, order in _numbers(node.leaf, message.payload):
                before = found.get(node.owner, (0, 0))
                found[node.owner] = (max(before[0], standing), max(before[1], order))
        except (WireError, OverflowError, ValueError):
            continue
    return found


def speakers(topics: Topics, messages: Iterable[Message]) -> set[str]:
    """The nodes that said something themselves; a will is said by the broker."""
    found: set[str] = set()
    for message in messages:
        with suppress(WireError, ValueError):
            address = topics.parse(message.topic)
            if message.payload and address.leaf != "state":
                found.add(address.owner)
    return found


def _numbers(leaf: str, payload: bytes) -> Iterator[tuple[int, int]]:
    if not payload:
        return
    if leaf == "health":
        health = Health.decode(payload)
        yield health.standing, health.order
    elif leaf == "state":
        state = read_state(payload)
        if isinstance(state, Birth):
            yield state.standing, state.order
    elif leaf == "ledger":
        for entry in LedgerBatch.decode(payload).entries:
            if entry.kind not in _TELLING:
                continue
            match read_body(entry.kind, entry.body):
                case Obeyed(seq=seq):
                    yield 0, seq
                case StandingAccepted(version=version):
                    yield version, 0
