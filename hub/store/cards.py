"""SQL of cards that were replaced: what a node told under a ledger that it no longer writes."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlite_utils import Database

from hub.store.database import to_text

__all__ = ["told_before"]


def told_before(db: Database, *, since: datetime, node: str | None = None) -> dict[str, frozenset[str]]:
    """Of `node`, or of each, if it began its present ledger after `since`: the occurrences due after `since`
    that have an outcome, and of which its present ledger tells nothing."""
    found = {id_: _told_before(db, id_, ledger, since) for id_, ledger in _with_new_card(db, since, node)}
    return {id_: frozenset(told) for id_, told in found.items() if told}


def _with_new_card(db: Database, since: datetime, node: str | None) -> list[tuple[str, str]]:
    only = "" if node is None else " AND r.node = :node"
    return db.execute(
        "SELECT r.node, r.ledger FROM node_reports r"
        " LEFT JOIN ledgers l ON l.node = r.node AND l.ledger = r.ledger"
        " WHERE (l.first_seen IS NULL OR l.first_seen >= :since)"
        f" AND EXISTS (SELECT 1 FROM ledgers o WHERE o.node = r.node AND o.ledger <> r.ledger){only}",
        {"since": to_text(since), "node": node},
    ).fetchall()


def _told_before(db: Database, node: str, ledger: str, since: datetime) -> set[str]:
    rows = db.execute(
        # The plus keeps SQLite to the index by time: there are years of plays.
        "SELECT occurrence FROM plays WHERE due_at >= ? AND +node = ? AND outcome IS NOT NULL",
        [to_text(since), node],
    )
    return {occurrence for (occurrence,) in rows} - set(_told_now(db, node, ledger))


def _told_now(db: Database, node: str, ledger: str) -> Iterator[str]:
    bodies = db.execute(
        "SELECT body FROM entries WHERE node = ? AND ledger = ? AND kind IN ('armed', 'started', 'finished')",
        [node, ledger],
    )
    return (str(json.loads(body).get("occurrence")) for (body,) in bodies)
