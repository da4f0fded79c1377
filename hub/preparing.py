"""The one thread that prepares recordings, oldest first; unfinished ones are begun again after a restart."""

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

from audio.errors import Refused, ToolFailed, ToolMissing
from audio.prepare import Prepared
from hub.events import Events
from hub.finite import finite
from hub.store import recordings
from hub.store.database import Store
from hub.store.recordings import Result, Said

__all__ = ["Prepare", "Preparing"]

LOG = logging.getLogger(__name__)

TRIES = 2
_STEP = 0.02


class Prepare(Protocol):
    """`audio.prepare.prepare`, or what behaves like it."""

    def __call__(
        self,
        source: Path,
        folder: Path,
        *,
        limit_s: float,
        limit_bytes: int,
        progress: Callable[[float], None] | None,
    ) -> Prepared:
        """Prepare `source` into `folder`. Raises `audio.errors.AudioError`."""


class Stopping(Exception):
    """The hub stops; the recording stays unfinished and is begun again."""


class Preparing:
    """`start` takes up what is unfinished, `stop` leaves it so; `prepare_one` does one without the thread."""

    def __init__(
        self,
        *,
        store: Store,
        originals: Path,
        prepared: Path,
        events: Events,
        prepare: Prepare,
        limit_s: float,
        limit_bytes: int,
        holding: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._store = store
        self._originals = originals
        self._prepared = prepared
        self._events = events
        self._prepare = prepare
        self._limit_s = limit_s
        self._limit_bytes = limit_bytes
        self._holding = holding
        self._waiting: queue.Queue[str | None] = queue.Queue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many recordings wait their turn."""
        return self._waiting.qsize()

    def start(self) -> None:
        """Begin, with what an earlier run left unfinished."""
        for recording in recordings.unfinished(self._store.read()):
            self._waiting.put(recording)
        self._thread = threading.Thread(target=self._work_for_ever, name="preparing")
        self._thread.start()

    def stop(self) -> None:
        """Leave off within about a second."""
        self._stopping.set()
        self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def add(self, recording: str) -> None:
        """Prepare this recording when its turn comes."""
        self._waiting.put(recording)

    def prepare_one(self, recording: str) -> None:
        """Prepare one recording now and store the outcome; no prepared file goes meanwhile (`holding`)."""
        with self._holding():
            self._prepare_held(recording)

    def _prepare_held(self, recording: str) -> None:
        known = recordings.recording(self._store.read(), recording)
        if known is None or known.state != "preparing":
            return
        source = self._originals / known.original
        try:
            prepared = self._tried(recording, source)
        except Refused as error:
            self._refuse(recording, Said(error.code, error.facts), keeps_original=False)
            source.unlink(missing_ok=True)
        except (ToolFailed, ToolMissing) as error:
            LOG.exception("recording %s could not be prepared", recording)
            self._refuse(recording, Said("tool_failed", {"program": error.program}), keeps_original=True)
        else:
            result = _result(prepared)
            self._store.write(lambda db: recordings.finish(db, recording, result))
        self._events.publish("recordings", recording)

    def _work_for_ever(self) -> None:
        while (recording := self._waiting.get()) is not None and not self._stopping.is_set():
            try:
                self.prepare_one(recording)
            except Stopping:
                return
            except Exception:
                LOG.exception("recording %s could not be prepared", recording)
                self._give_up(recording)

    def _give_up(self, recording: str) -> None:
        # Not waited for: where even this cannot be stored, the next start takes the recording up again.
        reason = Said("tool_failed", {})
        self._store.submit(lambda db: recordings.refuse(db, recording, reason, keeps_original=True))
        self._events.publish("recordings", recording)

    def _tried(self, recording: str, source: Path) -> Prepared:
        for _ in range(TRIES - 1):
            try:
                return self._prepared_once(recording, source)
            except ToolFailed as error:
                LOG.warning("recording %s: %s; trying again", recording, error)
        return self._prepared_once(recording, source)

    def _prepared_once(self, recording: str, source: Path) -> Prepared:
        return self._prepare(
            source,
            self._prepared,
            limit_s=self._limit_s,
            limit_bytes=self._limit_bytes,
            progress=self._teller(recording),
        )

    def _teller(self, recording: str) -> Callable[[float], None]:
        told = 0.0

        def tell(progress: float) -> None:
            nonlocal told
            if self._stopping.is_set():
                raise Stopping
            if progress - told < _STEP:
                return
            told = progress
            self._store.submit(lambda db: recordings.set_progress(db, recording, progress))
            self._events.publish("recordings", recording)

        return tell

    def _refuse(self, recording: str, reason: Said, *, keeps_original: bool) -> None:
        self._store.write(lambda db: recordings.refuse(db, recording, reason, keeps_original=keeps_original))


def _result(prepared: Prepared) -> Result:
    return Result(
        sha256=prepared.sha256,
        bytes=prepared.bytes,
        duration_ms=prepared.duration_ms,
        before_lufs=finite(prepared.before.integrated_lufs),
        before_dbtp=finite(prepared.before.true_peak_dbtp),
        integrated_lufs=prepared.after.integrated_lufs,
        true_peak_dbtp=prepared.after.true_peak_dbtp,
        peaks=prepared.peaks,
        warnings=[Said(each.code, each.facts) for each in prepared.warnings],
    )
