"""One backup of a site, made while its hub runs.

The database comes first, as it stands at one instant; recordings are written before they are named in it, so
that all it names is there. What could be half written, or is made anew at every start, stays away.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from hub.backup.archive import FORMAT, Header, Outgoing, may_be_named
from hub.backup.disk import check_room, explaining_full, sync_folder
from hub.config import HubSettings
from hub.errors import Unavailable
from hub.rekey import check_finished
from hub.store.snapshot import size, snapshot, steps

__all__ = ["Made", "Tell", "back_up", "software"]

_SMALL_FOLDERS = ("authority", "tls")
_PERHAPS = ("recovery.json", "succession.jws")
_LARGE_FOLDERS = ("originals", "recordings")
_TRIES = 5
_SHA256 = re.compile(r"[0-9a-f]{64}")

Tell = Callable[[int, int], None]
"""Hears how many bytes are done, and of how many."""


@dataclass(frozen=True)
class Made:
    """A backup that is on the disk. `damaged` names recordings that are no longer what they were, at the hub
    and so in the backup."""

    file: Path
    bytes: int
    damaged: tuple[str, ...]


def software() -> str:
    """The version of what runs here."""
    try:
        return version("loa")
    except PackageNotFoundError:
        return "checkout"


def back_up(
    settings: HubSettings, file: Path, *, now: datetime, tell: Tell = lambda _done, _all: None
) -> Made:
    """Write the whole site to `file` (mode 0600): beside, synced, renamed.

    Raises `Full`, `Unavailable` for a folder that holds no site, OSError.
    """
    data = settings.data
    if not (data / "hub.db").exists() or not (data / "site-key.json").exists():
        raise Unavailable(f"{data}: there is no site here to back up")
    beside, copy = (file.with_name(f".{file.name}.{end}") for end in ("part", "db"))
    try:
        with explaining_full(file.parent):
            _clear(beside, copy)
            return _Making(settings, file, now, tell).make(beside, copy)
    finally:
        _clear(beside, copy)


class _Making:
    def __init__(self, settings: HubSettings, file: Path, now: datetime, tell: Tell) -> None:
        self._settings = settings
        self._data = settings.data
        self._file = file
        self._now = now
        self._tell = tell
        self._done = 0
        self._all = 0

    def make(self, beside: Path, copy: Path) -> Made:
        database, large = size(self._data / "hub.db"), list(_files(self._data, _LARGE_FOLDERS))
        self._all = 2 * database + sum(path.stat().st_size for path in large)
        check_room(self._file.parent, self._all)
        snapshot(self._data / "hub.db", copy, progress=lambda done: self._tell(done, self._all))
        self._done = copy.stat().st_size
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            archive = Outgoing(out, self._header(copy), tell=self._read)
            damaged = self._fill(archive, copy, large)
            archive.finish()
            out.flush()
            os.fsync(out.fileno())
        beside.replace(self._file)
        sync_folder(self._file.parent)
        return Made(self._file, self._file.stat().st_size, damaged)

    def _fill(self, archive: Outgoing, copy: Path, large: list[Path]) -> tuple[str, ...]:
        for name, (mode, content) in _steady(self._small).items():
            archive.add_bytes(name, content, mode=mode)
        with copy.open("rb") as file:
            archive.add("hub.db", file, size=copy.stat().st_size, mode=0o600)
        damaged = []
        for path in large:
            with suppress(FileNotFoundError), path.open("rb") as file:
                if not self._add(archive, path, file):
                    damaged.append(path.stem)
        return tuple(damaged)

    def _add(self, archive: Outgoing, path: Path, file: IO[bytes]) -> bool:
        """Whether the file is what its name says, if that is its SHA-256."""
        stat = os.fstat(file.fileno())
        name = path.relative_to(self._data).as_posix()
        sha256 = archive.add(name, file, size=stat.st_size, mode=stat.st_mode)
        return sha256 == path.stem or not _SHA256.fullmatch(path.stem)

    def _small(self) -> dict[str, tuple[int, bytes]]:
        check_finished(self._data)
        found = {"hub.toml": self._settings.file, "site-key.json": self._data / "site-key.json"}
        found |= {name: self._data / name for name in _PERHAPS if (self._data / name).exists()}
        for path in _files(self._data, _SMALL_FOLDERS):
            found[path.relative_to(self._data).as_posix()] = path
        return {name: (path.stat().st_mode, path.read_bytes()) for name, path in sorted(found.items())}

    def _header(self, copy: Path) -> Header:
        site = self._settings.site
        return Header(
            format=FORMAT,
            site=site.id,
            name=site.name,
            made_at=self._now,
            software=software(),
            steps=steps(copy),
        )

    def _read(self, count: int) -> None:
        self._done += count
        self._tell(min(self._done, self._all), self._all)


def _files(data: Path, folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        if (data / folder).is_dir():
            for path in sorted((data / folder).iterdir()):
                if path.is_file() and may_be_named(f"{folder}/{path.name}"):
                    yield path


def _steady(read: Callable[[], dict[str, tuple[int, bytes]]]) -> dict[str, tuple[int, bytes]]:
    """What two looks in a row agree on: a key and the certificate that fits it may just be changing."""
    before = None
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            found = read()
            if found == before:
                return found
            before = found
    raise Unavailable("keys and certificates of the site keep changing; try again")


def _clear(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)
        file.with_name(f"{file.name}-journal").unlink(missing_ok=True)
