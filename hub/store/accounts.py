"""SQL of who may log in at the broker."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from hub.store.database import to_text

__all__ = ["BrokerAccount", "broker_accounts", "nobody_here"]


@dataclass(frozen=True)
class BrokerAccount:
    """A node in service, the area it hangs from, its broker password hashed as mosquitto does, and which
    enrolment of the name it is (`Node.enrolment`)."""

    node: str
    area: str
    broker_hash: str
    enrolment: str


def broker_accounts(db: Database) -> list[BrokerAccount]:
    """Every node in service, by id."""
    rows = db.query(
        "SELECT id AS node, area, broker_hash, enrolled_at AS enrolment FROM nodes"
        " WHERE removed_at IS NULL ORDER BY id"
    )
    return [BrokerAccount(**row) for row in rows]


def nobody_here(db: Database, *, at: datetime) -> None:
    """Note every node as away: the hub was, and who is there says so again when the broker is."""
    db.execute("UPDATE node_reports SET here = 0, since = ? WHERE here = 1", [to_text(at)])
