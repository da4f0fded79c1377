"""The library of recordings: uploads come in, are kept as they were, and are prepared for broadcast."""

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from audio.prepare import prepare as prepare_with_ffmpeg
from hub.errors import Conflict, Invalid, NotFound, Problem
from hub.events import Events
from hub.people.roles import MAKERS, Actor
from hub.preparing import Prepare, Preparing
from hub.removal import Removal
from hub.store import audit, bulletins, recordings, removals
from hub.store.database import Database, Store, new_id
from hub.store.recordings import Recording
from hub.titles import language_problems, tidy, title_problems
from hub.uploads import MB, Upload

__all__ = ["Library"]

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_FILE_NAME = 200


class Library:
    """Recordings under `folder`: `incoming/` while they arrive, `originals/` kept, `recordings/` prepared.

    `start` after building, `stop` before the store closes.
    """

    def __init__(
        self,
        *,
        store: Store,
        folder: Path,
        events: Events,
        now: Callable[[], datetime],
        prepare: Prepare = prepare_with_ffmpeg,
        limit_bytes: int = 500 * MB,
        limit_s: float = 3 * 3600.0,
        reserve_bytes: int = 500 * MB,
    ) -> None:
        self._store = store
        self._incoming = folder / "incoming"
        self._originals = folder / "originals"
        self._prepared = folder / "recordings"
        self._events = events
        self._now = now
        self._reserve_bytes = reserve_bytes
        self._removal = Removal(store=store, folder=folder)
        self.limit_bytes = limit_bytes
        self.limit_s = limit_s
        self.preparing = Preparing(
            store=store,
            originals=self._originals,
            prepared=self._prepared,
            events=events,
            prepare=prepare,
            limit_s=limit_s,
            limit_bytes=limit_bytes,
            holding=self._removal.held,
        )

    def start(self) -> None:
        """Clear what a power cut left half received, made or deleted; take up what is unprepared."""
        for folder in (self._incoming, self._originals, self._prepared):
            folder.mkdir(parents=True, exist_ok=True)
        self._clear()
        self._removal.sweep()
        self.preparing.start()

    def stop(self) -> None:
        """Leave off preparing."""
        self.preparing.stop()

    def new_upload(self, actor: Actor) -> Upload:
        """Where a file is to be written while it arrives. Raises `Forbidden`, `Unavailable`."""
        actor.must(*MAKERS)
        return Upload(folder=self._incoming, limit_bytes=self.limit_bytes, reserve_bytes=self._reserve_bytes)

    def check(self, *, title: str, language: str) -> list[Problem]:
        """What is wrong with the words of a recording."""
        return title_problems(tidy(title)) + language_problems(language)

    def add(self, actor: Actor, *, title: str, language: str, file_name: str, upload: Upload) -> Recording:
        """Keep an upload that has arrived whole, and have it prepared.

        Raises `Forbidden`, `Invalid` naming every field (`file_empty`, `title_length`, …).
        """
        actor.must(*MAKERS)
        file_name = _plain_name(file_name)
        problems = self.check(title=title, language=language)
        if upload.bytes == 0:
            problems.append(Problem("file_empty", "file", {"name": file_name}))
        if problems:
            raise Invalid(*problems)
        recording = new_id()
        upload.keep(self._originals / recording)
        self._store.write(lambda db: self._add(db, actor, recording, tidy(title), language, file_name))
        self.preparing.add(recording)
        self._events.publish("recordings", recording)
        return self.recording(recording)

    def recording(self, recording: str) -> Recording:
        """One recording. Raises `NotFound`."""
        found = recordings.recording(self._store.read(), recording)
        if found is None:
            raise NotFound(Problem("recording_unknown", facts={"id": recording}))
        return found

    def recordings(self, *, limit: int = 50, before: str | None = None, state: str = "") -> list[Recording]:
        """The newest recordings; `before` is the id of the last of the page before."""
        return recordings.page(self._store.read(), limit=limit, before=before, state=state)

    def prepare_again(self, actor: Actor, recording: str) -> Recording:
        """Try a recording again that the hub (not the file) failed. Raises `Conflict`, `NotFound`."""
        actor.must(*MAKERS)
        known = self.recording(recording)
        if known.state != "refused":
            raise Conflict(Problem("recording_not_refused", facts={"state": known.state}))
        if not known.original:
            raise Conflict(Problem("recording_not_kept"))
        self._store.write(lambda db: self._restart(db, actor, known))
        self.preparing.add(recording)
        self._events.publish("recordings", recording)
        return self.recording(recording)

    def delete(self, actor: Actor, recording: str) -> None:
        """Delete a recording that no bulletin is made of, with its files; on a full disk too.

        Raises `Forbidden`, `NotFound`, or `Conflict`: `recording_used` names the bulletins,
        `recording_preparing`.
        """
        actor.must(*MAKERS)
        self._store.write(lambda db: self._delete(db, actor, recording), must=True)
        self._removal.sweep()
        self._events.publish("recordings", recording)

    def path_of(self, sha256: str) -> Path | None:
        """The prepared file of this content, or None."""
        if not _SHA256.fullmatch(sha256) or not recordings.has_sha256(self._store.read(), sha256):
            return None
        path = self._prepared / f"{sha256}.opus"
        return path if path.is_file() else None

    def _clear(self) -> None:
        # Whole files that no row names stay: the rows may come back with a newer copy of the hub's file.
        for half in self._incoming.iterdir():
            half.unlink()
        for half in self._prepared.iterdir():
            if half.is_dir():
                shutil.rmtree(half)

    def _add(
        self, db: Database, actor: Actor, recording: str, title: str, language: str, file_name: str
    ) -> None:
        at = self._now()
        recordings.add(
            db,
            recording=recording,
            title=title,
            language=language,
            file_name=file_name,
            original=recording,
            at=at,
            by=actor.person.id,
        )
        what = f"recording:{recording} {title}"
        audit.record(db, at=at, actor=actor, action="recording.upload", what=what, detail={"file": file_name})

    def _delete(self, db: Database, actor: Actor, recording: str) -> None:
        known = recordings.recording(db, recording)
        if known is None:
            raise NotFound(Problem("recording_unknown", facts={"id": recording}))
        if known.state == "preparing":
            raise Conflict(Problem("recording_preparing"))
        if used := bulletins.used_in(db, recording):
            facts = {"titles": [title for _, title in used], "ids": [id_ for id_, _ in used]}
            raise Conflict(Problem("recording_used", facts=facts))
        sounds = [f"recordings/{known.result.sha256}.opus"] if known.result else []
        recordings.delete(db, recording)
        removals.note(db, [f"originals/{recording}", *sounds])
        what, detail = f"recording:{known.id} {known.title}", {"file": known.file_name, "state": known.state}
        audit.record(db, at=self._now(), actor=actor, action="recording.delete", what=what, detail=detail)

    def _restart(self, db: Database, actor: Actor, known: Recording) -> None:
        recordings.restart(db, known.id)
        what = f"recording:{known.id} {known.title}"
        audit.record(db, at=self._now(), actor=actor, action="recording.retry", what=what)


def _plain_name(name: str) -> str:
    last = tidy(re.split(r"[/\\]", name)[-1])
    return "".join(letter for letter in last if letter.isprintable())[:_LONGEST_FILE_NAME]
