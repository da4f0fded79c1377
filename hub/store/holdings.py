"""SQL of which recordings each node holds verified copies of."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from hub.store.database import to_text

__all__ = ["change", "holdings"]


def holdings(db: Database) -> dict[str, set[str]]:
    """The recordings that each node holds."""
    held: dict[str, set[str]] = {}
    for node, sha256 in db.execute("SELECT node, sha256 FROM holdings"):
        held.setdefault(node, set()).add(sha256)
    return held


def change(db: Database, node: str, *, held: Iterable[str], dropped: Iterable[str], at: datetime) -> None:
    """Write what a node holds now and what no longer."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO holdings (node, sha256, at) VALUES (?, ?, ?)",
        [(node, sha256, to_text(at)) for sha256 in held],
    )
    db.conn.executemany(
        "DELETE FROM holdings WHERE node = ? AND sha256 = ?", [(node, sha256) for sha256 in dropped]
    )
