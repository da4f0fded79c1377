"""The recordings this node holds: fetched ahead, verified, kept while a plan needs them.

A recording is held only once its bytes were hashed in this run of the program. It stands under its own name
only when whole: what is being fetched is `<sha256>.part`, and goes on where it broke off.
"""

import contextlib
import hashlib
import logging
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from os import fsync
from pathlib import Path
from typing import BinaryIO

from edge.errors import HubNotReached, HubRefused
from edge.events import Trouble
from edge.files import sync_folder
from edge.speaker.fetch import Hub

__all__ = ["ClipDropped", "ClipEvent", "ClipHeld", "Clips", "Wanted"]

log = logging.getLogger(__name__)

_READ_BYTES = 1024 * 1024
_BACKOFF_S = (2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)
_ONE_ATTEMPT_S = 900.0
_LOOK_AGAIN_S = 600.0
_SPARE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Wanted:
    """A recording that the plan needs, its size, and when first (None: some day)."""

    sha256: str
    bytes: int
    needed_at: datetime | None = None


@dataclass(frozen=True)
class ClipHeld:
    """A recording is whole and verified."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class ClipDropped:
    """A recording is no longer held: `damaged`, or `not_needed`."""

    sha256: str
    reason: str


ClipEvent = ClipHeld | ClipDropped


class _Damaged(Exception):
    """The bytes are not those that the name says."""


class Clips:
    """The folder of recordings, made if missing (OSError if it cannot be). `step` is one thread's.

    The rest may be called from any. `post` hears of each change and only enqueues it. What no plan needs goes
    after `grace_s`. `changed` is set when there may be something to do.
    """

    def __init__(
        self,
        folder: Path,
        *,
        hub: Hub,
        post: Callable[[ClipEvent | Trouble], None],
        monotonic: Callable[[], float] = time.monotonic,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        grace_s: float = 86_400.0,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._hub = hub
        self._post = post
        self._monotonic = monotonic
        self._free_bytes = free_bytes
        self._grace_s = grace_s
        self._lock = threading.Lock()
        self._wanted: dict[str, Wanted] | None = None
        self._held: set[str] = set()
        self._failures: dict[str, int] = {}
        self._retry_at_s: dict[str, float] = {}
        self._unneeded_since_s: dict[Path, float] = {}
        self._troubles: set[str] = set()
        self._stopping = False
        self.changed = threading.Event()

    def path_of(self, sha256: str) -> Path:
        """Where a held recording stands."""
        return self._folder / f"{sha256}.opus"

    def want(self, wanted: Iterable[Wanted]) -> None:
        """Hold these from now on, the soonest needed first, and nothing else for long."""
        with self._lock:
            self._wanted = {one.sha256: one for one in sorted(wanted, key=_urgency)}
            for sha256 in self._failures.keys() - self._wanted.keys():
                del self._failures[sha256], self._retry_at_s[sha256]
        self.changed.set()

    def hurry(self) -> None:
        """The network is back: try at once what had failed."""
        with self._lock:
            self._retry_at_s.clear()
            self._failures.clear()
        self.changed.set()

    def suspect(self, sha256: str) -> None:
        """A recording could not be played: verify it again before anyone relies on it."""
        with self._lock:
            self._held.discard(sha256)
        self.changed.set()

    def stop(self) -> None:
        """Break off what is being fetched; it goes on from there another time."""
        self._stopping = True

    def step(self) -> float:
        """Verify or fetch what is needed soonest, or clear away; returns the seconds until the next step."""
        one = self._next()
        if one is not None:
            self._obtain(one)
            return 0.0
        self._note_well()
        self._clear_away(self._grace_s)
        return self._rest_s()

    def _next(self) -> Wanted | None:
        now_s = self._monotonic()
        with self._lock:
            missing = [one for sha, one in (self._wanted or {}).items() if sha not in self._held]
            return next((one for one in missing if self._retry_at_s.get(one.sha256, 0.0) <= now_s), None)

    def _rest_s(self) -> float:
        with self._lock:
            due = [at for sha, at in self._retry_at_s.items() if sha in (self._wanted or {})]
        return min([_LOOK_AGAIN_S, *(max(0.1, at - self._monotonic()) for at in due)])

    def _obtain(self, one: Wanted) -> None:
        try:
            if self._is_whole(one) or self._fetch(one):
                self._note_held(one)
        except HubNotReached as error:
            log.info("recording %s: %s", one.sha256[:8], error)
            self._retry_later(one)
        except (HubRefused, _Damaged) as error:
            self._retry_later(one)
            self._note_trouble("recordings", f"{one.sha256[:8]}: {error}")
        except OSError as error:
            with contextlib.suppress(OSError):  # half a recording takes the room of whole ones
                self._part_of(one).unlink()
            self._clear_away(0.0)
            self._retry_later(one)
            self._note_trouble("disk", str(error))

    def _is_whole(self, one: Wanted) -> bool:
        """Whether the file of an earlier run is what its name says; a damaged one is dropped."""
        path = self.path_of(one.sha256)
        try:
            with path.open("rb") as file:
                if _hash(file) == one.sha256:
                    return True
        except FileNotFoundError:
            return False
        path.unlink()
        self._post(ClipDropped(one.sha256, "damaged"))
        return False

    def _fetch(self, one: Wanted) -> bool:
        """Fetch what is missing; False when it was broken off, to go on later."""
        self._require_room(one)
        part = self._part_of(one)
        deadline_s = self._monotonic() + _ONE_ATTEMPT_S
        part.touch()
        with part.open("r+b") as file:
            file.seek(0, 2)
            if file.tell() > one.bytes:
                file.seek(0)
                file.truncate()
            if file.tell() < one.bytes:
                self._hub.download(
                    one.sha256,
                    size=one.bytes,
                    into=file,
                    go_on=lambda: not self._stopping and self._monotonic() < deadline_s,
                )
            if file.tell() < one.bytes:
                raise HubNotReached(f"broke off after {file.tell()} of {one.bytes} bytes")
            file.flush()
            fsync(file.fileno())
            found = _hash(file)
        if found != one.sha256:
            part.unlink()
            raise _Damaged(f"the hub sent {found[:8]} in its place")
        part.replace(self.path_of(one.sha256))
        sync_folder(self._folder)
        return True

    def _part_of(self, one: Wanted) -> Path:
        return self._folder / f"{one.sha256}.part"

    def _require_room(self, one: Wanted) -> None:
        free = self._free_bytes(self._folder)
        if free < one.bytes + _SPARE_BYTES:
            raise OSError(
                f"{free} bytes are free; a recording of {one.bytes} needs {_SPARE_BYTES} more than itself"
            )

    def _note_held(self, one: Wanted) -> None:
        with self._lock:
            self._held.add(one.sha256)
            self._failures.pop(one.sha256, None)
            self._retry_at_s.pop(one.sha256, None)
        self._post(ClipHeld(one.sha256, one.bytes))
        self._note_well()

    def _note_well(self) -> None:
        """Every trouble is over once nothing that is wanted fails any more."""
        with self._lock:
            over = () if self._failures else tuple(self._troubles)
        for name in over:
            self._troubles.discard(name)
            self._post(Trouble(name, ""))

    def _note_trouble(self, name: str, detail: str) -> None:
        log.warning("%s: %s", name, detail)
        if name not in self._troubles:
            self._troubles.add(name)
            self._post(Trouble(name, detail))

    def _retry_later(self, one: Wanted) -> None:
        with self._lock:
            failures = self._failures.get(one.sha256, 0)
            wait_s = _BACKOFF_S[min(failures, len(_BACKOFF_S) - 1)] * random.uniform(0.75, 1.25)  # noqa: S311
            self._failures[one.sha256] = failures + 1
            self._retry_at_s[one.sha256] = self._monotonic() + wait_s

    def _clear_away(self, grace_s: float) -> None:
        """Delete what no plan has needed for `grace_s`; before the first plan, nothing."""
        with self._lock:
            if self._wanted is None:
                return
            needed = frozenset(self._wanted)
        strays = [path for path in self._folder.iterdir() if path.stem not in needed]
        now_s = self._monotonic()
        self._unneeded_since_s = {path: self._unneeded_since_s.get(path, now_s) for path in strays}
        for path, since_s in self._unneeded_since_s.items():
            if now_s - since_s >= grace_s:
                self._delete(path)

    def _delete(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()
        with self._lock:
            self._held.discard(path.stem)
        if path.suffix == ".opus":
            self._post(ClipDropped(path.stem, "not_needed"))


def _urgency(one: Wanted) -> tuple[bool, float]:
    return one.needed_at is None, one.needed_at.timestamp() if one.needed_at else 0.0


def _hash(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_READ_BYTES):
        digest.update(piece)
    return digest.hexdigest()
