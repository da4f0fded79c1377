"""SQL of who may log in at the broker."""

from dataclasses import dataclass

from sqlite_utils import Database

__all__ = ["BrokerAccount", "broker_accounts"]


@dataclass(frozen=True)
class BrokerAccount:
    """A node in service, the area it hangs from, and its broker password hashed as mosquitto does."""

    node: str
    area: str
    broker_hash: str


def broker_accounts(db: Database) -> list[BrokerAccount]:
    """Every node in service, by id."""
    rows = db.query("SELECT id AS node, area, broker_hash FROM nodes WHERE removed_at IS NULL ORDER BY id")
    return [BrokerAccount(**row) for row in rows]
