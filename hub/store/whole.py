"""Whether the hub's file is whole. Looking changes nothing: not the file, not its write-ahead log."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hub.errors import Unavailable

__all__ = ["Damaged", "check_there", "check_whole", "explaining_damage", "tells_damage"]

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT}

# https://www.sqlite.org/fileformat2.html#walformat; the last bit of the magic number says in which order
# the sums take a word's bytes.
_MAGIC = 0x377F0682
_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")


class Damaged(Unavailable):
    """The hub's file is not what the hub wrote."""


def check_there(file: Path) -> None:
    """Raises `Damaged` where SQLite would begin a new file in the place of one that is lost; OSError."""
    if not file.exists():
        raise Damaged("it is gone")
    if file.stat().st_size == 0:
        raise Damaged("it is empty")


def check_whole(file: Path) -> None:
    """Raises `Damaged` where a page of the file or an older write in its log cannot be read; OSError.

    Reads the whole file: about a second for 300 MB. No hub may run on it.
    """
    with explaining_damage(), closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
        (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise Damaged(" ".join(verdict.replace("*** in database main ***", "").split()))
    log = file.with_name(f"{file.name}-wal")
    if log.exists():
        _check_log(log.name, log.read_bytes())


@contextmanager
def explaining_damage() -> Iterator[None]:
    """What SQLite says of a file that is damaged, as `Damaged`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if not tells_damage(error):
            raise
        raise Damaged(str(error)) from error


def tells_damage(error: Exception) -> bool:
    """Whether this is what SQLite says of a file that is damaged."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF in _DAMAGED


def _check_log(name: str, log: bytes) -> None:
    """SQLite takes a log for ended at the first frame that does not hold, and says nothing."""
    if not any(log[: _HEADER.size]) or len(log) < _HEADER.size:  # a power cut before its first write
        return
    magic, *_, sum_1, sum_2 = _HEADER.unpack_from(log)
    if magic & ~1 != _MAGIC or _sums(log[:24], (0, 0), _order(magic)) != (sum_1, sum_2):
        raise Damaged(f"{name} has lost its beginning, and the last writes with it")
    if (lost := _commits_out_of_reach(log)) > 1:
        raise Damaged(f"{name} cannot be read to its end: {lost} writes are lost")


def _commits_out_of_reach(log: bytes) -> int:
    """How many ends of a write stand behind the first frame that does not hold.

    One is what a power cut leaves of the last write; each before that was on the disk before the next began.
    """
    magic, _, page_bytes, _, *salts, sum_1, sum_2 = _HEADER.unpack_from(log)
    order = _order(magic)
    sums, lost, holds = (sum_1, sum_2), 0, True
    for at in range(_HEADER.size, len(log) - _FRAME.size - page_bytes + 1, _FRAME.size + page_bytes):
        _, size_after, *frame_salts, frame_1, frame_2 = _FRAME.unpack_from(log, at)
        page = log[at + _FRAME.size : at + _FRAME.size + page_bytes]
        if holds and frame_salts == salts:
            sums = _sums(page, _sums(log[at : at + 8], sums, order), order)
        holds = holds and frame_salts == salts and sums == (frame_1, frame_2)
        lost += not holds and frame_salts == salts and size_after > 0
    return lost


def _order(magic: int) -> str:
    return ">" if magic & 1 else "<"


def _sums(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    one, other = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return one, other
