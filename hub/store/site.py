"""SQL of the site's own values: its house rules, the stop in force, and the one rising number of orders."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from edge.wire.house_rules import HouseRules
from edge.wire.orders import StopMark
from hub.store import schedules

__all__ = [
    "KeptRules",
    "house_rules",
    "keep_house_rules",
    "keep_stop",
    "last_number",
    "next_number",
    "raise_number",
    "rules_in_force",
    "stop",
]


@dataclass(frozen=True)
class KeptRules:
    """The rules as last changed, without the exceptions; by whom and when, empty as the site began.

    `revision` counts the savings from 1; `changed_by_id` is the user behind the name.
    """

    rules: HouseRules
    changed_by: str = ""
    changed_at: datetime | None = None
    revision: int = 1
    changed_by_id: str = ""


def house_rules(db: Database) -> KeptRules | None:
    """The site's rules; None until they were written for the first time."""
    text = _get(db, "house_rules")
    if text is None:
        return None
    kept = json.loads(text)
    changed_at = kept["changed_at"]
    return KeptRules(
        rules=HouseRules.model_validate_json(json.dumps(kept["rules"])),
        changed_by=kept["changed_by"],
        changed_at=datetime.fromisoformat(changed_at) if changed_at else None,
        revision=kept.get("revision", 1),
        changed_by_id=kept.get("changed_by_id", ""),
    )


def keep_house_rules(db: Database, kept: KeptRules) -> None:
    """Write the rules over those that stood."""
    content = {
        "rules": kept.rules.model_dump(mode="json"),
        "changed_by": kept.changed_by,
        "changed_at": kept.changed_at.isoformat() if kept.changed_at else "",
        "revision": kept.revision,
        "changed_by_id": kept.changed_by_id,
    }
    _put(db, "house_rules", json.dumps(content, ensure_ascii=False))


def rules_in_force(db: Database, *, at: datetime) -> HouseRules:
    """The house rules with the exceptions that are not over at `at`; the defaults before any were written."""
    kept = house_rules(db)
    rules = kept.rules if kept else HouseRules()
    return rules.model_copy(update={"exceptions": tuple(schedules.exceptions(db, after=at))})


def stop(db: Database) -> StopMark | None:
    """The stop of the whole site, under which also a node enrolled later is born; None without one."""
    text = _get(db, "stop")
    return StopMark.model_validate_json(text) if text else None


def keep_stop(db: Database, mark: StopMark | None) -> None:
    """Begin or lift the stop of the whole site."""
    _put(db, "stop", mark.model_dump_json() if mark else "")


def last_number(db: Database) -> int:
    """The highest number that an order or standing state was given; 0 for none."""
    return int(_get(db, "number") or 0)


def next_number(db: Database, *, now: datetime) -> int:
    """Take the next number of orders and standing states: it only rises, whatever the clock does."""
    number = max(last_number(db) + 1, int(now.timestamp() * 1000))
    _put(db, "number", str(number))
    return number


def raise_number(db: Database, at_least: int) -> None:
    """Give no number below `at_least` from now on."""
    if at_least > last_number(db):
        _put(db, "number", str(at_least))


def _get(db: Database, key: str) -> str | None:
    row = db.execute("SELECT value FROM site WHERE key = ?", [key]).fetchone()
    return str(row[0]) if row else None


def _put(db: Database, key: str, value: str) -> None:
    db.execute(
        "INSERT INTO site (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [key, value],
    )
