"""SQL of accounts and of attempts to log in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from hub.people.roles import Person, Role
from hub.store.database import from_text, to_text
from hub.store.steps import Step, name_of, step_of

__all__ = [
    "Account",
    "Failures",
    "account",
    "account_of_login",
    "accounts",
    "add_account",
    "attempt_began",
    "attempt_succeeded",
    "change_account",
    "failures",
    "forget_attempts",
    "person_from",
    "set_password_hash",
]

PERSON_COLUMNS = "users.id, users.login, users.name, users.roles, users.language"


@dataclass(frozen=True)
class Account:
    """A person's account. `seen_at` is when a session of theirs was last used.

    `revision` counts from 1 how often it was saved; `changed` is the last time after the first.
    """

    person: Person
    active: bool
    created_at: datetime
    seen_at: datetime | None
    password_hash: str
    revision: int = 1
    changed: Step | None = None


@dataclass(frozen=True)
class Failures:
    """Instants of failed tries that count against the next one."""

    of_login: tuple[datetime, ...]
    of_address: tuple[datetime, ...]


def person_from(row: Mapping[str, Any]) -> Person:
    """The person of a row that holds PERSON_COLUMNS."""
    roles = frozenset(Role(role) for role in json.loads(row["roles"]))
    return Person(row["id"], row["login"], row["name"], roles, row["language"])


def accounts(db: Database) -> list[Account]:
    """Every account, by name."""
    return [_account(row) for row in db.query(f"{_SELECT} ORDER BY users.name, users.login")]


def account(db: Database, user: str) -> Account | None:
    """The account with the id `user`."""
    return next(map(_account, db.query(f"{_SELECT} WHERE users.id = ?", [user])), None)


def account_of_login(db: Database, login: str) -> Account | None:
    """The account with the log-in name `login`."""
    return next(map(_account, db.query(f"{_SELECT} WHERE users.login = ?", [login])), None)


def add_account(db: Database, person: Person, *, password_hash: str, at: datetime) -> None:
    """Store a new, active account. Raises sqlite3.IntegrityError when the log-in name is taken."""
    db.execute(
        "INSERT INTO users (id, login, name, password_hash, roles, language, active, created_at)"
        " VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
        [
            person.id,
            person.login,
            person.name,
            password_hash,
            _roles_text(person.roles),
            person.language,
            to_text(at),
        ],
    )


def change_account(db: Database, person: Person, *, active: bool, at: datetime, by: str) -> None:
    """Store name, roles, language and whether the account may be used, as its next revision."""
    db.execute(
        "UPDATE users SET name = ?, roles = ?, language = ?, active = ?,"
        " revision = revision + 1, changed_at = ?, changed_by = ? WHERE id = ?",
        [person.name, _roles_text(person.roles), person.language, int(active), to_text(at), by, person.id],
    )


def set_password_hash(db: Database, user: str, password_hash: str) -> None:
    """Store another hash of the password."""
    db.execute("UPDATE users SET password_hash = ? WHERE id = ?", [password_hash, user])


def failures(db: Database, *, login: str, address: str, since: datetime) -> Failures:
    """Failed tries after `since` for `login` and from `address`.

    A person who has logged in from this address before is held back only by tries from this address, so that
    nobody elsewhere can lock them out.
    """
    own = db.execute(
        "SELECT 1 FROM login_attempts WHERE login = ? AND address = ? AND ok = 1 LIMIT 1", [login, address]
    ).fetchone()
    # By order, not by instant: a clock set back must not hide failures.
    last_good = "(SELECT max(rowid) FROM login_attempts WHERE login = ?1 AND address = ?2 AND ok = 1)"
    place = f"AND address = ?2 AND rowid > {last_good}" if own else "AND ?2 = ?2"
    return Failures(
        _instants(db, f"login = ?1 {place} AND at > ?3", [login, address, to_text(since)]),
        _instants(db, "address = ?1 AND at > ?2", [address, to_text(since)]),
    )


def attempt_began(db: Database, *, login: str, address: str, at: datetime) -> int:
    """Count a try as failed until `attempt_succeeded`; returns its number."""
    sql = "INSERT INTO login_attempts (at, login, address, ok) VALUES (?, ?, ?, 0)"
    return int(db.execute(sql, [to_text(at), login, address]).lastrowid or 0)


def attempt_succeeded(db: Database, attempt: int) -> None:
    """The try was good after all."""
    db.execute("UPDATE login_attempts SET ok = 1 WHERE rowid = ?", [attempt])


def forget_attempts(db: Database, *, before: datetime) -> None:
    """Drop tries that no longer count."""
    db.execute("DELETE FROM login_attempts WHERE at < ?", [to_text(before)])


_SELECT = (
    f"SELECT {PERSON_COLUMNS}, users.active, users.created_at, users.password_hash,"
    f" users.revision, users.changed_at, users.changed_by, {name_of('changed', 'users')},"
    " (SELECT max(seen_at) FROM sessions WHERE sessions.user = users.id) AS seen_at FROM users"
)


def _account(row: Mapping[str, Any]) -> Account:
    return Account(
        person=person_from(row),
        active=bool(row["active"]),
        created_at=from_text(row["created_at"]),
        seen_at=from_text(row["seen_at"]) if row["seen_at"] else None,
        password_hash=row["password_hash"],
        revision=row["revision"],
        changed=step_of(row, "changed"),
    )


def _roles_text(roles: Iterable[Role]) -> str:
    return json.dumps(sorted(role.value for role in roles))


def _instants(db: Database, where: str, values: list[str]) -> tuple[datetime, ...]:
    rows = db.execute(f"SELECT at FROM login_attempts WHERE ok = 0 AND {where}", values)
    return tuple(from_text(at) for (at,) in rows.fetchall())
