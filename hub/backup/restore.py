"""A backup put back into a folder, whole or not at all.

Everything is unpacked and checked in `.restore/` first, and then moved into place by renaming. While that
folder is there no hub starts: a restore that a power cut interrupted is begun again.
"""

import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final
from zoneinfo import ZoneInfo

from hub.backup.archive import Header, Incoming, Unusable, reading
from hub.backup.disk import check_room, explaining_full, sync_folder
from hub.backup.make import Tell, software
from hub.enroll import write_hub_settings
from hub.errors import Unavailable
from hub.store import audit, faults
from hub.store.database import Database, Store
from hub.store.snapshot import known_steps

__all__ = ["RESTORED", "Restored", "check_whole", "restore"]

RESTORED: Final = "restored"

_STAGE = ".restore"
# What a hub keeps in its folder; the write-ahead log of another database must never meet this one.
_PARTS = (
    *("hub.db-wal", "hub.db-shm", "hub.db", "site-key.json", "authority", "tls", "originals", "recordings"),
    *("sounds", "incoming", "broker", "backup.json", "hub.toml", ".rekey", "recovery.json", "succession.jws"),
)


@dataclass(frozen=True)
class Restored:
    """What was put back, of when in the site's own time, where what was there before is kept (or None), and
    which recordings are damaged."""

    header: Header
    made_at: datetime
    aside: Path | None
    damaged: tuple[str, ...]


def check_whole(data: Path) -> None:
    """Raises `Unavailable` where a restore was begun and not ended."""
    if (data / _STAGE).exists():
        raise Unavailable(f"{data}: a restore into it was cut off; run it again: loa-hub restore FILE {data}")


def restore(
    file: Path, data: Path, *, now: datetime, replace: bool = False, tell: Tell = lambda _done, _all: None
) -> Restored:
    """Put the backup `file` into the folder `data`; with `replace`, a site that is there is kept within it.

    Hold the folder first (`hub.desk.only_hub_on`). Raises `Unusable`, `Full`, `Unavailable`, OSError; then
    the folder is as it was.
    """
    with reading(file) as incoming, explaining_full(data):
        _check_steps(file, incoming.header)
        if not replace and not (data / _STAGE).exists():
            _check_free(data)
        check_room(data, file.stat().st_size)
        return _Restoring(incoming, file, data, now, tell).run()


class _Restoring:
    def __init__(self, incoming: Incoming, file: Path, data: Path, now: datetime, tell: Tell) -> None:
        self._incoming = incoming
        self._data = data
        self._now = now
        self._tell = tell
        self._all = file.stat().st_size
        self._done = 0
        self._stage = data / _STAGE
        self._new = self._stage / "new"
        self._old = self._stage / "old"
        self._is_old_aside = self._stage / "old-is-aside"

    def run(self) -> Restored:
        if self._new.exists():
            shutil.rmtree(self._new)
        self._new.mkdir(mode=0o700, parents=True)
        sync_folder(self._data)
        try:
            damaged = self._unpack()
            made_at = self._adapt()
            self._own()
        except BaseException:
            self._give_up()
            raise
        self._set_aside()
        return Restored(self._incoming.header, made_at, self._put_in_place(), damaged)

    def _unpack(self) -> tuple[str, ...]:
        found = self._incoming.unpack(self._put, tell=self._read)
        missing = [name for name in ("hub.db", "hub.toml", "site-key.json") if name not in found]
        if missing:
            raise Unusable(f"it lacks {', '.join(missing)}; use another backup")
        damaged = [Path(name) for name, sha256 in found.items() if _is_damaged(name, sha256)]
        for name in damaged:
            (self._new / name).unlink()
        return tuple(name.stem for name in damaged)

    @contextmanager
    def _put(self, name: str, mode: int) -> Iterator[IO[bytes]]:
        path = self._new / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            os.fchmod(out.fileno(), mode)
            out.flush()
            os.fsync(out.fileno())

    def _adapt(self) -> datetime:
        """The settings name the folder they stand in; the database says what happened to it. Returns when the
        backup was made, in the site's own time."""
        settings = self._new / "hub.toml"
        content = tomllib.loads(settings.read_text(encoding="utf-8"))
        made_at = self._incoming.header.made_at.astimezone(
            ZoneInfo(content["site"].get("timezone", "Asia/Ho_Chi_Minh"))
        )
        if content.get("hub", {}).get("data", ".") != ".":
            write_hub_settings(settings, {**content, "hub": {**content["hub"], "data": "."}})
        store = Store(self._new / "hub.db")
        try:
            store.write(lambda db: self._note(db, made_at))
        finally:
            store.close()
        return made_at

    def _note(self, db: Database, made_at: datetime) -> None:
        when = f"{made_at:%d/%m/%Y %H:%M}"
        faults.raise_fault(db, node=None, name=RESTORED, detail=when, at=self._now)
        what = f"site:{self._incoming.header.site} {when}"
        audit.record(db, at=self._now, actor=None, action="site.restored", what=what)

    def _own(self) -> None:
        """Started as root, what is restored belongs to whom the folder belongs to."""
        for folder, _, names in os.walk(self._new):
            if os.geteuid() == 0:
                for path in (Path(folder), *(Path(folder, name) for name in names)):
                    os.chown(path, self._data.stat().st_uid, self._data.stat().st_gid)
            sync_folder(Path(folder))

    def _give_up(self) -> None:
        shutil.rmtree(self._new, ignore_errors=True)
        if not self._old.exists():
            shutil.rmtree(self._stage, ignore_errors=True)

    def _set_aside(self) -> None:
        """Move away the site that stands in the folder; once that is done, what a cut restore put there."""
        if self._is_old_aside.exists():
            for name in _PARTS:
                _remove(self._data / name)
            return
        self._old.mkdir(mode=0o700, exist_ok=True)
        for name in _PARTS:
            if (self._data / name).exists():
                (self._data / name).rename(self._old / name)
        sync_folder(self._old)
        self._is_old_aside.touch()
        sync_folder(self._stage)

    def _put_in_place(self) -> Path | None:
        for path in sorted(self._new.iterdir()):
            path.rename(self._data / path.name)
        sync_folder(self._data)
        aside = None
        if self._old.exists() and any(self._old.iterdir()):
            aside = self._data / f"replaced-{self._now:%Y%m%dT%H%M%SZ}"
            self._old.rename(aside)
        shutil.rmtree(self._stage)
        sync_folder(self._data)
        return aside

    def _read(self, count: int) -> None:
        self._done += count
        self._tell(min(self._done, self._all), self._all)


def _check_steps(file: Path, header: Header) -> None:
    if unknown := set(header.steps) - known_steps():
        raise Unusable(
            f"{file}: made by newer software ({header.software}: {min(unknown)}), this is {software()};"
            " update Loa first"
        )


def _check_free(data: Path) -> None:
    if any((data / name).exists() for name in _PARTS):
        raise Unavailable(f"{data} holds a site already; name a new folder, or set it aside with --replace")


def _is_damaged(name: str, sha256: str) -> bool:
    return name.startswith("recordings/") and Path(name).stem != sha256


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
