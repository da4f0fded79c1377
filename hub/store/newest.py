"""One page of a table whose rows have an `id`, a `created_at` and a `state`."""

from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

__all__ = ["newest"]


def newest(
    db: Database, select: str, *, of: str, limit: int, before: str | None, state: str
) -> Iterator[dict[str, Any]]:
    """The newest `limit` rows of the table `of`, as `select` has them: of a `state` unless that is empty, and
    older than the row `before`."""
    wanted: dict[str, object] = {
        f"({of}.created_at, {of}.id) < (SELECT created_at, id FROM {of} AS last WHERE last.id = ?)": before,
        f"{of}.state = ?": state or None,
    }
    where = {clause: value for clause, value in wanted.items() if value is not None}
    yield from db.query(
        f"{select} WHERE {' AND '.join(where) or '1'} ORDER BY {of}.created_at DESC, {of}.id DESC LIMIT ?",
        [*where.values(), limit],
    )
