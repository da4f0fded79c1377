"""Lets old lines go at night, or by day where the hub is off then: raw entries that are projected long
since, and lines of the audit log.

Plays, presses, camera changes and day checks stay: pages, reports and evidence are made of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol

from hub.config import KeepSettings
from hub.retention import Mark, horizon, is_behind, is_night
from hub.store import pruning
from hub.store.database import Database, Store

__all__ = ["Pruning"]

_AT_ONCE = 500
_TIMES = 4
_MISSED = timedelta(days=2)


class _Drop(Protocol):
    def __call__(self, db: Database, *, before: datetime, now: datetime, most: int) -> int: ...


@dataclass(frozen=True)
class _Kind:
    name: str
    years: int
    oldest: Callable[[Database], datetime | None]
    drop: _Drop


class Pruning:
    """`step` from time to time: some thousand lines each, in small writes, so that nobody waits for them.

    A night is done when nothing was left, or begun anew after a start. `knows_time`: is the hub's clock
    believed? While it is not, and on a full disk, nothing goes.
    """

    def __init__(
        self,
        *,
        store: Store,
        keep: KeepSettings,
        now: Callable[[], datetime],
        zone: Callable[[], tzinfo],
        knows_time: Callable[[], bool],
    ) -> None:
        self._store = store
        self._kinds = (
            _Kind("entries", keep.entries_years, pruning.oldest_entry, pruning.drop_entries),
            _Kind("audit", keep.audit_years, pruning.oldest_audit, pruning.drop_audit),
        )
        self._now = now
        self._zone = zone
        self._knows_time = knows_time
        self._done: date | None = None
        self._begun: date | None = None

    def step(self) -> None:
        """Let some of what is too old go, if it is time for that. Raises `StoreError`."""
        now = self._now()
        local = now.astimezone(self._zone())
        night = local.date()
        if self._done == night or not self._knows_time() or self._store.is_disk_full:
            return
        if not (is_night(local) or self._begun == night or self._is_off_at_night(night)):
            return
        self._begun = night
        if not any(self._is_left(kind, now, night) for kind in self._kinds):
            self._done = night

    def _is_off_at_night(self, night: date) -> bool:
        """Whether the hub was off in the nights before: then it is done by day, every other day."""
        db = self._store.read()
        marks = (pruning.mark(db, kind.name, years=kind.years) for kind in self._kinds)
        return all(mark is None or night - mark.night >= _MISSED for mark in marks)

    def _is_left(self, kind: _Kind, now: datetime, night: date) -> bool:
        """Whether there may be more of this kind to go."""
        until = self._until(kind, now, night)
        if until is None:
            return False
        return all(
            self._store.write(lambda db: kind.drop(db, before=until, now=now, most=_AT_ONCE))
            for _ in range(_TIMES)
        )

    def _until(self, kind: _Kind, now: datetime, night: date) -> datetime | None:
        db = self._store.read()
        oldest, before = kind.oldest(db), pruning.mark(db, kind.name, years=kind.years)
        if oldest is None:
            return None
        new: Mark = horizon(before, oldest=oldest, now=now, night=night, years=kind.years)
        if new != before:
            self._store.write(lambda db: pruning.keep_mark(db, kind.name, new))
        return None if is_behind(new, now) else new.until
