"""Who did something, and when: columns `<step>_at`, `<step>_by` and, joined, `<step>_name`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.store.database import from_text

__all__ = ["Step", "name_of", "step_of"]


@dataclass(frozen=True)
class Step:
    """Who did something, and when. `by` is a user's id, `name` that person's name."""

    at: datetime
    by: str
    name: str


def name_of(step: str, table: str) -> str:
    """The column with the name of whoever did `step` to a row of `table`."""
    return f"(SELECT name FROM users AS doer WHERE doer.id = {table}.{step}_by) AS {step}_name"


def step_of(row: Mapping[str, Any], step: str) -> Step | None:
    """The step of a row, or None where it was not done."""
    if row[f"{step}_at"] is None:
        return None
    by = row[f"{step}_by"]
    return Step(from_text(row[f"{step}_at"]), by, row[f"{step}_name"] or by)
