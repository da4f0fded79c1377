"""SQL of which recordings each node holds verified copies of."""

from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from hub.store.database import to_text

__all__ = ["change", "holdings"]


def holdings(db: Database) -> dict[str, set[str]]:
    """The recordings that each node holds."""
    rows = db.execute("SELECT node, group_concat(sha256) FROM holdings GROUP BY node")
    return {node: set(held.split(",")) for node, held in rows}


def change(db: Database, node: str, *, held: Iterable[str], dropped: Iterable[str], at: datetime) -> None:
    """Write what a node holds now and what no longer."""
    db.conn.executemany(
        "INSERT OR REPLACE INTO holdings (node, sha256, at) VALUES (?, ?, ?)",
        [(node, sha256, to_text(at)) for sha256 in held],
    )
    db.conn.executemany(
        "DELETE FROM holdings WHERE node = ? AND sha256 = ?", [(node, sha256) for sha256 in dropped]
    )
