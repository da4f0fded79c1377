"""One batch of a node's ledger into the file: every entry once, in order, nothing passed over in silence.

Entries beyond a gap are kept at once and counted in when the gap is filled. What a node no longer has and the
hub never got is lost: it is counted, and the ledger goes on.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from edge.wire.messages import LedgerBatch, LedgerEntry
from hub.projection import Projection
from hub.store import faults, ledger
from hub.store.database import Database
from hub.store.ledger import Line, Progress

__all__ = ["LARGEST_SEQ", "take_batch"]

LARGEST_SEQ = 2**53
_MOST_AHEAD = 100_000


def take_batch(
    db: Database,
    node: str,
    topic: str,
    batch: LedgerBatch,
    *,
    at: datetime,
    is_plausible: Callable[[int], bool],
) -> tuple[int, tuple[str, ...]]:
    """Store a batch; the number up to which the ledger is now held, and the events that pages should hear.

    The number may be told to the node only once the transaction is on the disk.
    """
    name = str(batch.ledger)
    before = ledger.progress(db, node, name)
    # What is further beyond a gap is left to be sent again: a node cannot make the hub hold without end.
    furthest = max(before.stored, batch.first_held - 1) + _MOST_AHEAD
    near = [entry for entry in batch.entries if entry.seq <= furthest]
    new = _new_entries(db, node, name, near, before.stored)
    if new:
        ledger.keep_entries(db, node, name, new, received_at=at)
    held, known = _advance(db, node, name, before, batch.first_held)
    projection = Projection(node=node, topic=topic, ledger=name, at=at, is_plausible=is_plausible)
    for line in _run(db, node, name, new, before.stored, held.stored, known):
        projection.take(line)
    projection.write(db)
    if held != before or before == Progress():
        ledger.keep_progress(db, node, name, held, at=at)
    if held.lost > before.lost:
        detail = f"{held.lost - before.lost} entries up to {batch.first_held - 1}"
        faults.raise_fault(db, node=node, name="ledger_lost", detail=detail, at=at)
    return held.stored, projection.changed


def _new_entries(
    db: Database, node: str, name: str, entries: Iterable[LedgerEntry], stored: int
) -> list[LedgerEntry]:
    ahead = ledger.present(db, node, name, above=stored)
    found = {entry.seq: entry for entry in entries if entry.seq > stored and entry.seq not in ahead}
    return [found[seq] for seq in sorted(found)]


def _advance(db: Database, node: str, name: str, before: Progress, first_held: int) -> tuple[Progress, int]:
    """How far the ledger is held with what was just written, and how many entries that run has."""
    stored, lost = before.stored, before.lost
    ahead = ledger.present(db, node, name, above=stored)
    if first_held - 1 > stored:
        kept = sum(1 for seq in ahead if seq < first_held)
        lost += first_held - 1 - stored - kept
        stored = first_held - 1
    while stored + 1 in ahead:
        stored += 1
    return Progress(stored, lost), sum(1 for seq in ahead if seq <= stored)


def _run(
    db: Database, node: str, name: str, new: list[LedgerEntry], before: int, stored: int, known: int
) -> Iterable[Line]:
    """The entries after `before` up to `stored`, from memory when the batch holds all of them."""
    within = [entry for entry in new if entry.seq <= stored]
    if len(within) == known:
        return (Line(each.seq, each.kind, each.body, each.at, each.clock.state.value) for each in within)
    return ledger.read_entries(db, node, name, first=before + 1, last=stored)
