"""Sessions of people at a browser, and tokens of programs. A secret is shown once; only its hash is kept."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.errors import Invalid, NotFound, Problem
from hub.people.roles import Actor, Person
from hub.store import audit, sessions
from hub.store.database import Database, Store, new_id
from hub.store.sessions import TokenRow
from hub.titles import tidy

__all__ = ["Session", "Sessions", "Tokens", "hash_of"]

_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_TITLE = 100


@dataclass(frozen=True)
class Session:
    """An open session. `token` is the cookie's value; `csrf` goes into every form and unsafe call."""

    token: str
    csrf: str
    person: Person
    expires_at: datetime


def hash_of(secret: str) -> str:
    """How a random 256-bit secret is stored: it cannot be guessed, so a fast hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Sessions:
    """Ends a session that lies `idle`, and any session after `longest`."""

    def __init__(
        self,
        *,
        store: Store,
        now: Callable[[], datetime],
        idle: timedelta = timedelta(hours=8),
        longest: timedelta = timedelta(days=7),
    ) -> None:
        self._store = store
        self._now = now
        self._idle = idle
        self._longest = longest

    def opened(self, db: Database, person: Person) -> Session:
        """Begin a session, inside the transaction of the log-in."""
        now = self._now()
        opened = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), person, now + self._longest)
        sessions.drop_stale_sessions(db, now=now, idle_since=now - self._idle)
        sessions.add_session(
            db,
            token_hash=hash_of(opened.token),
            user=person.id,
            csrf=opened.csrf,
            at=now,
            expires_at=opened.expires_at,
        )
        return opened

    def find(self, token: str) -> Session | None:
        """The session with this token if it may still be used; using it keeps it from lying idle."""
        now = self._now()
        row = sessions.session(self._store.read(), hash_of(token))
        if row is None or now >= row.expires_at or now - row.seen_at >= self._idle:
            return None
        if abs(now - row.seen_at) >= _SEEN_EVERY:
            self._store.submit(lambda db: sessions.touch_session(db, hash_of(token), at=now))
        return Session(token, row.csrf, row.person, row.expires_at)

    def end(self, actor: Actor, token: str) -> None:
        """Log out; on a full disk too, so that nobody leaves a session open behind them."""

        def work(db: Database) -> None:
            sessions.drop_session(db, hash_of(token))
            audit.record(db, at=self._now(), actor=actor, action="logout", what=f"user:{actor.person.login}")

        self._store.write(work, must=True)


class Tokens:
    """Bearer tokens: for programs, in force until withdrawn."""

    def __init__(self, *, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def create(self, actor: Actor, *, title: str) -> tuple[str, str]:
        """A new token of the actor's own: its id, and the secret that is not shown again."""
        title = tidy(title)
        if not 1 <= len(title) <= _LONGEST_TITLE:
            raise Invalid(Problem("title_length", "title", {"least": 1, "most": _LONGEST_TITLE}))
        return self._store.write(lambda db: self._created(db, actor, title))

    def person(self, token: str) -> Person | None:
        """Whose token this is, or None."""
        return sessions.person_of_token(self._store.read(), hash_of(token))

    def of(self, actor: Actor) -> list[TokenRow]:
        """The actor's own tokens, newest first."""
        return sessions.tokens_of(self._store.read(), actor.person.id)

    def revoke(self, actor: Actor, token_id: str) -> None:
        """Withdraw one of the actor's own tokens. Raises `NotFound`."""

        def work(db: Database) -> None:
            at = self._now()
            if not sessions.revoke_token(db, token_id, user=actor.person.id, at=at):
                raise NotFound(Problem("token_unknown", facts={"id": token_id}))
            audit.record(db, at=at, actor=actor, action="token.revoke", what=f"token:{token_id}")

        self._store.write(work)

    def _created(self, db: Database, actor: Actor, title: str) -> tuple[str, str]:
        token_id, secret, at = new_id(), f"loa_{secrets.token_urlsafe(32)}", self._now()
        sessions.add_token(
            db, token=token_id, token_hash=hash_of(secret), user=actor.person.id, title=title, at=at
        )
        audit.record(db, at=at, actor=actor, action="token.create", what=f"token:{token_id} {title}")
        return token_id, secret
