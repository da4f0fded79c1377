"""Nobody saves over what they have not seen: each saving has a number, and a form names the one it saw."""

from datetime import datetime

from hub.errors import Conflict, Problem

__all__ = ["must_be_as_seen"]


def must_be_as_seen(seen: int | None, found: int, *, code: str, by: str, at: datetime | None) -> None:
    """`found` is the number of what stands, saved `by` that person; `seen` None is whatever stands.

    Raises `Conflict` (`code`).
    """
    if seen is None or seen == found:
        return
    facts = {"wanted": seen, "found": found, "by": by, "at": at}
    raise Conflict(Problem(code, "revision", facts))
