"""How a ledger entry stands in a row of the ledger's file. Pure."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from edge.wire.base import ClockReading, ClockState
from edge.wire.entries import Started
from edge.wire.messages import LedgerEntry

__all__ = ["DAMAGED", "Row", "bounded", "read_entry", "read_started", "to_us"]

# seq, at in microseconds of Unix time, clock state, clock bound, boot, kind, body as JSON
Row = tuple[int, int, str, float | None, str, str, str]

DAMAGED = "damaged"  # not a kind of the contract: the hub keeps it as unreadable
_BATCH_BYTES = 512 * 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(instant: datetime) -> int:
    """Microseconds of Unix time."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def read_entry(row: Row) -> LedgerEntry:
    """The entry in `row`. A damaged one still has its number, so that it holds nothing up behind it."""
    try:
        return _read(row)
    except (ValueError, TypeError, OverflowError):
        untrusted = ClockReading(state=ClockState.UNTRUSTED)
        return LedgerEntry(seq=row[0], at=_EPOCH, clock=untrusted, boot="", kind=DAMAGED, body={})


def read_started(text: str) -> Started | None:
    """What `outcomes` keeps of a start; None when it is damaged."""
    try:
        return Started.model_validate_json(text)
    except ValueError:
        return None


def _read(row: Row) -> LedgerEntry:
    seq, at_us, state, bound_ms, boot, kind, body = row
    return LedgerEntry(
        seq=seq,
        at=_EPOCH + timedelta(microseconds=at_us),
        clock=ClockReading(state=ClockState(state), bound_ms=bound_ms),
        boot=boot,
        kind=kind,
        body=json.loads(body),
    )


def bounded(rows: Iterable[Row]) -> Iterator[Row]:
    """As many of `rows` as make a message of about half a megabyte; at least one."""
    size = 0
    for row in rows:
        alone = size == 0
        size += len(row[-1])
        if size > _BATCH_BYTES and not alone:
            return
        yield row
