"""SQL of log-in sessions and of bearer tokens. Only hashes of their secrets are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.people.roles import Person
from hub.store.database import from_text, to_text
from hub.store.people import PERSON_COLUMNS, person_from

__all__ = [
    "SessionRow",
    "TokenRow",
    "add_session",
    "add_token",
    "drop_session",
    "drop_sessions_of",
    "drop_stale_sessions",
    "person_of_token",
    "revoke_token",
    "session",
    "tokens_of",
    "touch_session",
]


@dataclass(frozen=True)
class SessionRow:
    """An open session of an active account."""

    person: Person
    csrf: str
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class TokenRow:
    """A bearer token, without its secret."""

    id: str
    user: str
    title: str
    created_at: datetime
    revoked_at: datetime | None


def add_session(
    db: Database, *, token_hash: str, user: str, csrf: str, at: datetime, expires_at: datetime
) -> None:
    """Store a new session, first used now."""
    db.execute(
        "INSERT INTO sessions (token_hash, user, csrf, created_at, seen_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [token_hash, user, csrf, to_text(at), to_text(at), to_text(expires_at)],
    )


def session(db: Database, token_hash: str) -> SessionRow | None:
    """The session with this hash, if its account is active; the caller judges its age."""
    rows = db.query(
        f"SELECT {PERSON_COLUMNS}, sessions.csrf, sessions.seen_at, sessions.expires_at"
        " FROM sessions JOIN users ON users.id = sessions.user"
        " WHERE sessions.token_hash = ? AND users.active",
        [token_hash],
    )
    return next(map(_session, rows), None)


def touch_session(db: Database, token_hash: str, *, at: datetime) -> None:
    """The session was used."""
    db.execute("UPDATE sessions SET seen_at = ? WHERE token_hash = ?", [to_text(at), token_hash])


def drop_session(db: Database, token_hash: str) -> None:
    """End one session."""
    db.execute("DELETE FROM sessions WHERE token_hash = ?", [token_hash])


def drop_sessions_of(db: Database, user: str, *, but: str = "") -> None:
    """End every session of a person, except the one with the hash `but`."""
    db.execute("DELETE FROM sessions WHERE user = ? AND token_hash <> ?", [user, but])


def drop_stale_sessions(db: Database, *, now: datetime, idle_since: datetime) -> None:
    """Forget sessions that can no longer be used."""
    db.execute(
        "DELETE FROM sessions WHERE expires_at <= ? OR seen_at <= ?", [to_text(now), to_text(idle_since)]
    )


def add_token(db: Database, *, token: str, token_hash: str, user: str, title: str, at: datetime) -> None:
    """Store a new bearer token."""
    db.execute(
        "INSERT INTO tokens (id, token_hash, user, title, created_at) VALUES (?, ?, ?, ?, ?)",
        [token, token_hash, user, title, to_text(at)],
    )


def person_of_token(db: Database, token_hash: str) -> Person | None:
    """Whose token has this hash, if neither it nor the account was withdrawn."""
    rows = db.query(
        f"SELECT {PERSON_COLUMNS} FROM tokens JOIN users ON users.id = tokens.user"
        " WHERE tokens.token_hash = ? AND tokens.revoked_at IS NULL AND users.active",
        [token_hash],
    )
    return next(map(person_from, rows), None)


def tokens_of(db: Database, user: str) -> list[TokenRow]:
    """Every token of a person, newest first, withdrawn ones included."""
    rows = db.query("SELECT * FROM tokens WHERE user = ? ORDER BY created_at DESC, id", [user])
    return [_token(row) for row in rows]


def revoke_token(db: Database, token: str, *, user: str, at: datetime) -> bool:
    """Withdraw a person's token; False when they have no such token in force."""
    sql = "UPDATE tokens SET revoked_at = ? WHERE id = ? AND user = ? AND revoked_at IS NULL"
    return bool(db.execute(sql, [to_text(at), token, user]).rowcount)


def revoke_tokens_of(db: Database, user: str, *, at: datetime) -> None:
    """Withdraw every token of a person."""
    db.execute("UPDATE tokens SET revoked_at = ? WHERE user = ? AND revoked_at IS NULL", [to_text(at), user])


def _session(row: Mapping[str, Any]) -> SessionRow:
    return SessionRow(person_from(row), row["csrf"], from_text(row["seen_at"]), from_text(row["expires_at"]))


def _token(row: Mapping[str, Any]) -> TokenRow:
    revoked = from_text(row["revoked_at"]) if row["revoked_at"] else None
    return TokenRow(row["id"], row["user"], row["title"], from_text(row["created_at"]), revoked)
