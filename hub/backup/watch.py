"""What the hub says of its backups: what was wrong with the last, and that there is none of late."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from hub.backup.places import DAMAGED, FAILED, NO_ROOM, SECOND, LastRun, last_run
from hub.backup.restore import RESTORED
from hub.faults import Faults

__all__ = ["OLD", "BackupWatch", "troubles"]

OLD: Final = "backup_old"
_NAMES = (FAILED, NO_ROOM, SECOND, DAMAGED, OLD)
_OLD_AFTER = timedelta(days=2)
_SAID_FOR = timedelta(days=7)


def troubles(last: LastRun | None, *, site_since: datetime, now: datetime) -> Mapping[str, str]:
    """The faults of the hub about its backups, by name: their detail. Pure.

    A time in the future is none: the clock was wrong then.
    """
    done_at = last.done_at if last and last.done_at and last.done_at <= now + timedelta(hours=1) else None
    found = dict(last.trouble) if last else {}
    if now - (done_at or site_since) > _OLD_AFTER:
        found[OLD] = f"{done_at:%d/%m/%Y}" if done_at else ""
    return found


class BackupWatch:
    """Raises and mends them; `look` from time to time."""

    def __init__(self, *, data: Path, faults: Faults, now: Callable[[], datetime], is_wanted: bool) -> None:
        self._data = data
        self._faults = faults
        self._now = now
        self._is_wanted = is_wanted

    def look(self) -> None:
        """Compare what the last run left word of with what pages show."""
        now = self._now()
        found = self._troubles(now) if self._is_wanted else {}
        open_ = {fault.name: fault for fault in self._faults.open() if fault.node is None}
        for name in _NAMES:
            if name in found and (name not in open_ or open_[name].detail != found[name]):
                self._faults.raise_(None, name, found[name])
            elif name in open_ and name not in found:
                self._faults.mend(None, name)
        restored = open_.get(RESTORED)
        if restored and now - restored.since > _SAID_FOR:
            self._faults.mend(None, RESTORED)

    def _troubles(self, now: datetime) -> Mapping[str, str]:
        since = datetime.fromtimestamp((self._data / "site-key.json").stat().st_mtime, tz=now.tzinfo)
        return troubles(last_run(self._data), site_since=since, now=now)
