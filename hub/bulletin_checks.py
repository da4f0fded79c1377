"""What is asked of a bulletin before it is changed: that it is there, in its state, as its reader saw it."""

from collections.abc import Sequence

from edge.wire.base import Priority
from hub import revisions
from hub.errors import Conflict, NotFound, Problem
from hub.store import bulletins, recordings
from hub.store.bulletins import Bulletin
from hub.store.database import Database
from hub.titles import language_problems, readable, tidy, title_problems

__all__ = ["found", "must_be", "must_be_as_seen", "problems_of"]

_MOST_RECORDINGS = 100


def found(db: Database, bulletin: str) -> Bulletin:
    """The bulletin with this id. Raises `NotFound`."""
    known = bulletins.bulletin(db, bulletin)
    if known is None:
        raise NotFound(Problem("bulletin_unknown", facts={"id": bulletin}))
    return known


def must_be(bulletin: Bulletin, wanted: str) -> None:
    """Raises `Conflict` (`bulletin_state`)."""
    if bulletin.state != wanted:
        raise Conflict(Problem("bulletin_state", facts={"state": bulletin.state, "wanted": wanted}))


def must_be_as_seen(bulletin: Bulletin, revision: int | None) -> None:
    """None is whatever it says now. Raises `Conflict` (`bulletin_changed`)."""
    saved = bulletin.changed or bulletin.created
    revisions.must_be_as_seen(
        revision, bulletin.revision, code="bulletin_changed", by=saved.name, at=saved.at
    )


def problems_of(
    db: Database, *, title: str, priority: str, language: str, made_of: Sequence[str]
) -> list[Problem]:
    """All that is wrong with what a bulletin is to say."""
    problems = title_problems(tidy(title))
    if priority not in set(Priority):
        facts = {"found": readable(priority), "wanted": [each.value for each in Priority]}
        problems.append(Problem("priority_unknown", "priority", facts))
    return problems + language_problems(language) + _recording_problems(db, made_of)


def _recording_problems(db: Database, made_of: Sequence[str]) -> list[Problem]:
    if not made_of:
        return [Problem("recordings_none", "recordings")]
    if len(made_of) > _MOST_RECORDINGS:
        return [Problem("recordings_too_many", "recordings", {"most": _MOST_RECORDINGS})]
    known = recordings.recordings_of(db, [each for each in made_of if each.isascii()])
    problems = []
    if unknown := sorted({ascii(each[:40])[1:-1] for each in made_of if each not in known}):
        problems.append(Problem("recordings_unknown", "recordings", {"ids": unknown}))
    if refused := [each.title for each in known.values() if each.state == "refused"]:
        problems.append(Problem("recordings_refused", "recordings", {"titles": refused}))
    return problems
