"""The shape of the hub's file, as named steps, each in a `shape_*.py`. A released step is never edited.

Times are text as `hub.store.database.to_text` writes them, JSON is text, booleans are 0 or 1.
"""

from sqlite3 import complete_statement

from sqlite_utils import Database, Migrations

from hub.store import (
    shape_audit,
    shape_certificates,
    shape_counter,
    shape_emergency,
    shape_emergency_end,
    shape_fleet,
    shape_people,
    shape_plans,
    shape_plays,
    shape_programme,
    shape_removals,
    shape_revisions,
    shape_user_revisions,
)

__all__ = ["MIGRATIONS"]

MIGRATIONS = Migrations("hub")


@MIGRATIONS(name="2026-11-20-site-and-people")
def site_and_people(db: Database) -> None:
    """Settings of the site, its areas and nodes; users, sessions, tokens; the audit log, which only grows."""
    _run(db, shape_people.STATEMENTS)


@MIGRATIONS(name="2026-11-20-programme")
def programme(db: Database) -> None:
    """Recordings, bulletins made of them, schedules of bulletins, exceptions to the quiet hours."""
    _run(db, shape_programme.STATEMENTS)


@MIGRATIONS(name="2026-11-20-fleet-and-ledger")
def fleet_and_ledger(db: Database) -> None:
    """What was told to the nodes, what they said of themselves, and every line of their ledgers."""
    _run(db, shape_fleet.STATEMENTS)


@MIGRATIONS(name="2026-11-20-counter")
def counter(db: Database) -> None:
    """Presses, comparisons of sums, cameras and what became of them, checks at the start of a day."""
    _run(db, shape_counter.STATEMENTS)


@MIGRATIONS(name="2026-11-21-certificates")
def certificates(db: Database) -> None:
    """Certificates of nodes, and the one-time codes by which nodes ask for them."""
    _run(db, shape_certificates.STATEMENTS)


@MIGRATIONS(name="2026-11-21-emergency")
def emergency(db: Database) -> None:
    """Emergencies and where they run."""
    _run(db, shape_emergency.STATEMENTS)


@MIGRATIONS(name="2026-11-21-plays-by-occurrence")
def plays_by_occurrence(db: Database) -> None:
    """How far each loudspeaker came with an occurrence stands together, so that pages count it quickly."""
    _run(db, shape_plays.STATEMENTS)


@MIGRATIONS(name="2026-11-21-shared-plans")
def shared_plans(db: Database) -> None:
    """What plans say, once for all that say it. Every plan is made anew at the next start."""
    _run(db, shape_plans.STATEMENTS)


@MIGRATIONS(name="2026-11-21-revisions")
def revisions(db: Database) -> None:
    """Each saving of a draft is numbered, so that nobody saves over what they have not seen."""
    _run(db, shape_revisions.STATEMENTS)


@MIGRATIONS(name="2026-11-21-emergency-end")
def emergency_end(db: Database) -> None:
    """The number of the order that ended an emergency."""
    _run(db, shape_emergency_end.STATEMENTS)


@MIGRATIONS(name="2026-11-21-removals")
def removals(db: Database) -> None:
    """Files of deleted recordings, until they are off the disk."""
    _run(db, shape_removals.STATEMENTS)


@MIGRATIONS(name="2026-11-21-user-revisions")
def user_revisions(db: Database) -> None:
    """Each saving of an account is numbered, so that nobody saves over what they have not seen."""
    _run(db, shape_user_revisions.STATEMENTS)


@MIGRATIONS(name="2026-11-21-audit")
def audit(db: Database) -> None:
    """The audit log may lose what is older than a year."""
    _run(db, shape_audit.STATEMENTS)


def _run(db: Database, statements: str) -> None:
    # executescript would commit the migration's transaction; each statement runs inside it instead.
    statement = ""
    for line in statements.splitlines():
        statement += line + "\n"
        if complete_statement(statement):
            db.execute(statement)
            statement = ""
