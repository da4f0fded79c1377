"""The one file of a backup: a plain tar whose first member says what it is and whose last says what is in it.

The list stands at the end, with the SHA-256 of each member as it was written: a file that was cut off has
none.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.errors import HubError

__all__ = ["FORMAT", "Header", "Incoming", "Outgoing", "Unusable", "may_be_named", "reading"]

FORMAT = 1
_HEADER = "loa-backup.json"
_LIST = "manifest.json"
_LARGEST_HEADER = 1_000_000
_LARGEST_LIST = 200_000_000
_AT_ONCE = 1_000_000

_NAME = re.compile(
    r"hub\.(toml|db)|(site-key|recovery)\.json|succession\.jws|(authority|tls)/[A-Za-z0-9_][A-Za-z0-9._-]{0,99}"
    r"|originals/[0-9a-f]{16}|recordings/[0-9a-f]{64}\.opus"
)


class Unusable(HubError):
    """A file from which nothing can be restored; says why."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, strict=False)


class Header(_Said):
    """What a backup is of. `steps` are those of the database's shape (`hub.store.migrations`)."""

    format: int
    site: str
    name: str
    made_at: datetime
    software: str
    steps: tuple[str, ...]


class _Member(_Said):
    name: str
    bytes: int
    sha256: str


class _List(_Said):
    members: tuple[_Member, ...]


def may_be_named(name: str) -> bool:
    """Whether a member may have this name: nothing else is ever written when a backup is restored."""
    return _NAME.fullmatch(name) is not None


class _Hashing:
    """Reads through to a file, adding up what was read."""

    def __init__(self, file: IO[bytes], tell: Callable[[int], None]) -> None:
        self._file = file
        self._tell = tell
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.sha256.update(chunk)
        self._tell(len(chunk))
        return chunk


class Outgoing:
    """A backup being written to `file`. `tell` hears how many more bytes were read."""

    def __init__(self, file: IO[bytes], header: Header, *, tell: Callable[[int], None]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by finish
        self._tell = tell
        self._made_s = int(header.made_at.timestamp())
        self._members: list[_Member] = []
        self._put(_HEADER, header.model_dump_json(indent=1).encode())

    def add(self, name: str, file: IO[bytes], *, size: int, mode: int) -> str:
        """Copy `size` bytes; their SHA-256. Raises OSError, also when the file is shorter than that."""
        through = _Hashing(file, self._tell)
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, mode & 0o777, self._made_s
        self._tar.addfile(info, through)
        sha256 = through.sha256.hexdigest()
        self._members.append(_Member(name=name, bytes=size, sha256=sha256))
        return sha256

    def add_bytes(self, name: str, content: bytes, *, mode: int) -> None:
        """Write a small member."""
        self.add(name, io.BytesIO(content), size=len(content), mode=mode)

    def finish(self) -> None:
        """Write the list: only now the backup is whole."""
        self._put(_LIST, _List(members=tuple(self._members)).model_dump_json().encode())
        self._tar.close()

    def _put(self, name: str, content: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = len(content), 0o600, self._made_s
        self._tar.addfile(info, io.BytesIO(content))


class Incoming:
    """A backup being read, from its beginning to its end. `header` is what it says of itself."""

    def __init__(self, tar: tarfile.TarFile, file: Path) -> None:
        self._tar = tar
        self._file = file
        self.header = self._read_header()

    def unpack(
        self, put: Callable[[str, int], AbstractContextManager[IO[bytes]]], *, tell: Callable[[int], None]
    ) -> dict[str, str]:
        """Write every member to the file that `put(name, mode)` opens; the SHA-256 of each name. Raises
        `Unusable` when anything is missing, too much or not as it was written: what has been put is then
        worth nothing."""
        found: dict[str, tuple[int, str]] = {}
        while (info := self._next()) is not None and info.name != _LIST:
            if not info.type == tarfile.REGTYPE or info.issparse() or not may_be_named(info.name):
                raise Unusable(f"{self._file}: {info.name[:100]!r} does not belong into a backup")
            if info.name in found:
                raise Unusable(f"{self._file}: {info.name} is in it twice")
            with put(info.name, info.mode & 0o777) as out:
                found[info.name] = (info.size, self._copy(info, out, tell))
        listed = self._listed(info)
        wrong = sorted(name for name in {*found, *listed} if found.get(name) != listed.get(name))
        if wrong:
            raise Unusable(
                f"{self._file}: damaged: {', '.join(wrong[:3])} is not as it was written; use another backup"
            )
        return {name: sha256 for name, (_, sha256) in sorted(found.items())}

    def _read_header(self) -> Header:
        info = self._next()
        if info is None or info.name != _HEADER or info.size > _LARGEST_HEADER:
            raise Unusable(f"{self._file} is not a backup of Loa")
        content = self._content(info)
        try:
            version = json.loads(content)["format"]
        except (ValueError, TypeError, KeyError) as error:
            raise Unusable(f"{self._file} is not a backup of Loa") from error
        if version != FORMAT:
            raise Unusable(
                f"{self._file}: made by newer software (format {version}, wanted {FORMAT}); update Loa first"
            )
        try:
            return Header.model_validate_json(content)
        except ValidationError as error:
            raise Unusable(f"{self._file}: damaged: what it says of itself cannot be read") from error

    def _listed(self, info: tarfile.TarInfo | None) -> dict[str, tuple[int, str]]:
        if info is None or info.size > _LARGEST_LIST:
            raise Unusable(f"{self._file}: cut off: its end is missing; use another backup")
        try:
            members = _List.model_validate_json(self._content(info)).members
        except ValidationError as error:
            raise Unusable(f"{self._file}: damaged: its list cannot be read; use another backup") from error
        return {member.name: (member.bytes, member.sha256) for member in members}

    def _next(self) -> tarfile.TarInfo | None:
        try:
            return self._tar.next()
        except tarfile.TarError as error:
            raise Unusable(f"{self._file}: cut off or damaged; use another backup") from error

    def _content(self, info: tarfile.TarInfo) -> bytes:
        out = io.BytesIO()
        self._copy(info, out, lambda _bytes: None)
        return out.getvalue()

    def _copy(self, info: tarfile.TarInfo, out: IO[bytes], tell: Callable[[int], None]) -> str:
        inside = self._tar.extractfile(info)
        if inside is None:
            raise Unusable(f"{self._file}: {info.name[:100]!r} does not belong into a backup")
        through = _Hashing(inside, tell)
        try:
            while chunk := through.read(_AT_ONCE):
                out.write(chunk)
        except tarfile.TarError as error:
            raise Unusable(f"{self._file}: cut off; use another backup") from error
        return through.sha256.hexdigest()


@contextmanager
def reading(file: Path) -> Iterator[Incoming]:
    """Open a backup. Raises `Unusable` for what is none or was made by newer software, OSError."""
    try:
        tar = tarfile.open(file, mode="r:")  # noqa: SIM115 - closed below
    except tarfile.TarError as error:
        raise Unusable(f"{file} is not a backup of Loa") from error
    with tar:
        yield Incoming(tar, file)
