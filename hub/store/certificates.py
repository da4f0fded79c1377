"""SQL of the nodes' certificates: whose is which, and which are revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.store.database import from_text, to_text

__all__ = [
    "Certificate",
    "add",
    "current",
    "of_key",
    "of_node",
    "of_serial",
    "revoke",
    "revoked_serials",
]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One certificate; `key` is the SHA-256 of its public key, `serial` capital hexadecimal."""

    serial: str
    node: str
    key: str
    pem: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    reason: str | None = None


def add(db: Database, new: Certificate) -> None:
    """Write one that was just signed."""
    db.execute(
        "INSERT INTO certificates (serial, node, key, pem, issued_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        [new.serial, new.node, new.key, new.pem, to_text(new.issued_at), to_text(new.expires_at)],
    )


def of_node(db: Database, node: str) -> list[Certificate]:
    """A node's that are not revoked, the one that lasts longest first."""
    rows = db.query(
        "SELECT * FROM certificates WHERE node = ? AND revoked_at IS NULL"
        " ORDER BY expires_at DESC, rowid DESC",
        [node],
    )
    return [_certificate(row) for row in rows]


def of_key(db: Database, key: str) -> list[Certificate]:
    """Every certificate of a key, the revoked too, the one that lasts longest first."""
    rows = db.query(
        "SELECT * FROM certificates WHERE key = ? ORDER BY expires_at DESC, rowid DESC",
        [key],
    )
    return [_certificate(row) for row in rows]


def current(db: Database) -> dict[str, Certificate]:
    """By node, the certificate that lasts longest among those that are not revoked."""
    rows = db.query("SELECT * FROM certificates WHERE revoked_at IS NULL ORDER BY expires_at, rowid")
    return {row["node"]: _certificate(row) for row in rows}


def of_serial(db: Database, serial: str) -> Certificate | None:
    """The certificate of this serial, revoked or not."""
    rows = db.query("SELECT * FROM certificates WHERE serial = ?", [serial])
    return next(map(_certificate, rows), None)


def revoke(db: Database, node: str, *, at: datetime, reason: str) -> int:
    """Revoke every certificate of a node; how many it were."""
    done = db.execute(
        "UPDATE certificates SET revoked_at = ?, reason = ? WHERE node = ? AND revoked_at IS NULL",
        [to_text(at), reason, node],
    )
    return int(done.rowcount)


def revoked_serials(db: Database) -> list[str]:
    """Every serial that was ever revoked."""
    rows = db.execute("SELECT serial FROM certificates WHERE revoked_at IS NOT NULL ORDER BY serial")
    return [str(serial) for (serial,) in rows]


def _certificate(row: Mapping[str, Any]) -> Certificate:
    return Certificate(
        **{
            **row,
            "issued_at": from_text(row["issued_at"]),
            "expires_at": from_text(row["expires_at"]),
            "revoked_at": from_text(row["revoked_at"]) if row["revoked_at"] else None,
        }
    )
