"""Accounts: made, changed, closed; and the log-in, which is throttled and tells nothing about who exists."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.errors import Conflict, Invalid, NotFound, Problem, Throttled, Unauthenticated
from hub.people import throttle
from hub.people.passwords import MAX_LENGTH, Passwords, generate, weaknesses
from hub.people.roles import Actor, Person, Role
from hub.people.sessions import Session, Sessions, Tokens, hash_of
from hub.revisions import must_be_as_seen
from hub.store import audit, people, sessions
from hub.store.database import Database, Store, new_id
from hub.store.people import Account
from hub.titles import readable, tidy

__all__ = ["LANGUAGES", "Created", "People"]

LANGUAGES = ("vi", "en")
"""Languages that pages and answers speak."""

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_LONGEST_NAME = 100
_REMEMBERED = timedelta(days=30)


@dataclass(frozen=True)
class Created:
    """A new account; `password` is the generated one, to be shown once, or None when it was given."""

    person: Person
    password: str | None


class People:
    """All accounts. `sessions` and `tokens` know who is calling."""

    def __init__(self, *, store: Store, passwords: Passwords, now: Callable[[], datetime]) -> None:
        self._store = store
        self._passwords = passwords
        self._now = now
        self.sessions = Sessions(store=store, now=now)
        self.tokens = Tokens(store=store, now=now)

    def accounts(self, actor: Actor) -> list[Account]:
        """Every account, by name; for administrators."""
        actor.must(Role.ADMINISTRATOR)
        return people.accounts(self._store.read())

    def account(self, actor: Actor, user: str) -> Account:
        """One account; for administrators and the person themselves. Raises `NotFound`."""
        if actor.person.id != user:
            actor.must(Role.ADMINISTRATOR)
        return _found(people.account(self._store.read(), user), user)

    def person(self, login: str) -> Person | None:
        """The person with this log-in name whose account is active: for the command line."""
        found = people.account_of_login(self._store.read(), login)
        return found.person if found and found.active else None

    def create(
        self,
        actor: Actor | None,
        *,
        login: str,
        name: str,
        roles: Iterable[str],
        password: str | None = None,
        language: str = "vi",
    ) -> Created:
        """Make an account. `actor` is None only on the hub's own command line.

        Without `password` one is generated. Raises `Invalid` naming every field, `Conflict` (`login_taken`).
        """
        _must_administer(actor)
        login, name, wanted = tidy(login).lower(), tidy(name), list(roles)
        problems = _login_problems(login) + _profile_problems(name, wanted, language)
        problems += weaknesses(password, login=login) if password is not None else []
        if problems:
            raise Invalid(*problems)
        person = Person(new_id(), login, name, frozenset(map(Role, wanted)), language)
        secret = generate() if password is None else password
        hashed = self._passwords.hash(secret)
        self._store.write(lambda db: self._add(db, actor, person, hashed))
        return Created(person, secret if password is None else None)

    def change(
        self,
        actor: Actor | None,
        user: str,
        *,
        name: str | None = None,
        roles: Iterable[str] | None = None,
        language: str | None = None,
        active: bool | None = None,
        password: str | None = None,
        revision: int | None = None,
    ) -> Account:
        """Change what is given of an account that was seen as `revision`, all or nothing; what it is already
        changes nothing. Closing it, or a new password, ends its sessions and withdraws its tokens.

        Raises `Invalid`, `NotFound`, `Conflict`: `user_changed` where somebody saved meanwhile, and
        `last_administrator` rather than lock everybody out.
        """
        _must_administer(actor)
        known = _found(people.account(self._store.read(), user), user)
        wanted = list(known.person.roles if roles is None else roles)
        person = replace(
            known.person,
            name=known.person.name if name is None else tidy(name),
            language=language or known.person.language,
        )
        problems = _profile_problems(person.name, wanted, person.language)
        problems += weaknesses(password, login=person.login) if password is not None else []
        if problems:
            raise Invalid(*problems)
        person = replace(person, roles=frozenset(map(Role, wanted)))
        is_active = known.active if active is None else active
        if (person, is_active) == (known.person, known.active) and self._is_said(known, password, revision):
            return known
        hashed = self._passwords.hash(password) if password is not None else None
        return self._store.write(lambda db: self._change(db, actor, person, is_active, hashed, revision))

    def reset_password(self, actor: Actor | None, user: str, *, password: str | None = None) -> str | None:
        """Set a person's password, end their sessions and withdraw their tokens, which a thief may have made;
        returns the generated one if none was given."""
        _must_administer(actor)
        known = _found(people.account(self._store.read(), user), user)
        if password is not None and (problems := weaknesses(password, login=known.person.login)):
            raise Invalid(*problems)
        secret = generate() if password is None else password
        self._set_password(actor, known.person, secret, but="")
        return secret if password is None else None

    def change_own_password(self, actor: Actor, *, old: str, new: str, session: Session | None) -> None:
        """Set the actor's own password; every session of theirs but `session` ends.

        Raises `Invalid` (`password_wrong` at `old`), `Throttled` as the log-in does.
        """
        login = actor.person.login
        attempt = self._begun(login, actor.address)
        known = _found(people.account(self._store.read(), actor.person.id), actor.person.id)
        if not self._passwords.verify(known.password_hash, old[:MAX_LENGTH]):
            raise Invalid(Problem("password_wrong", "old"))
        self._store.write(lambda db: people.attempt_succeeded(db, attempt))
        if problems := weaknesses(new, login=login):
            raise Invalid(*problems)
        self._set_password(actor, known.person, new, but=session.token if session else "")

    def log_in(self, *, login: str, password: str, address: str) -> Session:
        """Open a session for who knows the password.

        Raises `Unauthenticated` (`login_refused`) or `Throttled` (`login_throttled`): the same words, after
        the same work, whether or not the name exists. Tries count even when they overlap or the hub restarts.
        """
        login = _as_typed(login)
        attempt = self._begun(login, address)
        known = people.account_of_login(self._store.read(), login)
        usable = known if known is not None and known.active else None
        good = self._passwords.verify(usable.password_hash if usable else None, password[: MAX_LENGTH + 1])
        if not good or usable is None:
            self._store.write(lambda db: self._refused(db, login if known else "", address), must=True)
            raise Unauthenticated(Problem("login_refused"))
        better = self._passwords.hash(password) if self._passwords.is_outdated(usable.password_hash) else None
        return self._store.write(
            lambda db: self._admitted(db, usable.person, address, attempt, better), must=True
        )

    def _begun(self, login: str, address: str) -> int:
        """Count a try before it is judged. Raises `Throttled` when it may not be made yet."""
        wait_s, attempt = self._store.write(lambda db: self._try(db, login, address), must=True)
        if wait_s > 0:
            seconds = math.ceil(wait_s)
            raise Throttled(Problem("login_throttled", facts={"seconds": seconds}), retry_after_s=seconds)
        return attempt

    def _try(self, db: Database, login: str, address: str) -> tuple[float, int]:
        now = self._now()
        failed = people.failures(db, login=login, address=address, since=now - throttle.WINDOW)
        wait_s = throttle.wait_s(of_login=failed.of_login, of_address=failed.of_address, now=now)
        if wait_s > 0:
            return wait_s, 0
        people.forget_attempts(db, before=now - _REMEMBERED)
        return 0.0, people.attempt_began(db, login=login, address=address, at=now)

    def _refused(self, db: Database, login: str, address: str) -> None:
        # A name nobody has is not written down: it may be a password typed into the wrong field.
        what, detail = f"user:{login or '?'}", {"address": address}
        audit.record(db, at=self._now(), actor=None, action="login_failed", what=what, detail=detail)

    def _admitted(
        self, db: Database, person: Person, address: str, attempt: int, better: str | None
    ) -> Session:
        people.attempt_succeeded(db, attempt)
        if better is not None:
            people.set_password_hash(db, person.id, better)
        actor = Actor(person, address)
        audit.record(db, at=self._now(), actor=actor, action="login", what=f"user:{person.login}")
        return self.sessions.opened(db, person)

    def _add(self, db: Database, actor: Actor | None, person: Person, hashed: str) -> None:
        if people.account_of_login(db, person.login):
            raise Conflict(Problem("login_taken", "login", {"login": person.login}))
        people.add_account(db, person, password_hash=hashed, at=self._now())
        self._record(db, actor, "user.create", person, roles=sorted(person.roles))

    def _is_said(self, known: Account, password: str | None, revision: int | None) -> bool:
        """Whether no password is given, or the one that a press before this one has set."""
        if password is None:
            return True
        is_again = revision is not None and revision != known.revision
        return is_again and self._passwords.verify(known.password_hash, password)

    def _change(
        self,
        db: Database,
        actor: Actor | None,
        person: Person,
        active: bool,
        hashed: str | None,
        revision: int | None,
    ) -> Account:
        _must_be_as_seen(_found(people.account(db, person.id), person.id), revision)
        by = actor.person.id if actor else audit.SYSTEM
        people.change_account(db, person, active=active, at=self._now(), by=by)
        if not any(each.active and Role.ADMINISTRATOR in each.person.roles for each in people.accounts(db)):
            raise Conflict(Problem("last_administrator", "roles"))
        if not active:
            sessions.drop_sessions_of(db, person.id)
            sessions.revoke_tokens_of(db, person.id, at=self._now())
        self._record(db, actor, "user.edit", person, roles=sorted(person.roles), active=active)
        if hashed is not None:
            self._replace_password(db, actor, person, hashed, but="")
        return _found(people.account(db, person.id), person.id)

    def _set_password(self, actor: Actor | None, person: Person, password: str, *, but: str) -> None:
        hashed = self._passwords.hash(password)
        self._store.write(lambda db: self._replace_password(db, actor, person, hashed, but=but))

    def _replace_password(
        self, db: Database, actor: Actor | None, person: Person, hashed: str, *, but: str
    ) -> None:
        people.set_password_hash(db, person.id, hashed)
        sessions.drop_sessions_of(db, person.id, but=hash_of(but) if but else "")
        if actor is None or actor.person.id != person.id:
            sessions.revoke_tokens_of(db, person.id, at=self._now())
        self._record(db, actor, "user.password", person)

    def _record(
        self, db: Database, actor: Actor | None, action: str, person: Person, **detail: object
    ) -> None:
        what = f"user:{person.login} {person.name}"
        audit.record(db, at=self._now(), actor=actor, action=action, what=what, detail=detail)


def _must_administer(actor: Actor | None) -> None:
    if actor is not None:
        actor.must(Role.ADMINISTRATOR)


def _must_be_as_seen(known: Account, revision: int | None) -> None:
    saved = known.changed
    by, at = (saved.name, saved.at) if saved else ("", known.created_at)
    must_be_as_seen(revision, known.revision, code="user_changed", by=by, at=at)


def _found(account: Account | None, user: str) -> Account:
    if account is None:
        raise NotFound(Problem("user_unknown", facts={"id": user}))
    return account


def _as_typed(login: str) -> str:
    """A log-in name to be counted; one that nobody can have is counted by its hash."""
    login = login.strip().lower()
    return login if _LOGIN.fullmatch(login) else "?" + hash_of(repr(login))[:16]


def _login_problems(login: str) -> list[Problem]:
    if _LOGIN.fullmatch(login) and login != audit.SYSTEM:
        return []
    if not login:
        return [Problem("login_empty", "login")]
    return [Problem("login_form", "login", {"found": readable(login)})]


def _profile_problems(name: str, roles: list[str], language: str) -> list[Problem]:
    problems = []
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        problems.append(Problem("name_length", "name", {"least": 1, "most": _LONGEST_NAME}))
    unknown = sorted(set(roles) - set(Role))
    if unknown or not roles:
        problems.append(Problem("roles_unknown", "roles", {"found": unknown, "wanted": sorted(Role)}))
    if language not in LANGUAGES:
        problems.append(Problem("language_unknown", "language", {"found": language, "wanted": LANGUAGES}))
    return problems
