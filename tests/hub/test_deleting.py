"""What nobody needs can be deleted, its files with it; what a bulletin is made of or was broadcast cannot."""

import threading
from pathlib import Path
from typing import Any

import pytest

from audio.prepare import Prepared
from hub.bulletins import Bulletins
from hub.errors import Conflict, Forbidden, NotFound
from hub.events import Events
from hub.library import Library
from hub.people.roles import Actor, Role
from hub.store import audit, recordings, removals
from hub.store.bulletins import Bulletin
from hub.store.database import Store
from tests.factories_library import put, ready
from tests.factories_people import Clock, person_at_work
from tests.fakes_audio import FakePrepare


@pytest.fixture
def clerk(store: Store) -> Actor:
    return person_at_work(store, Role.CLERK, Role.APPROVER, login="lan")


def draft(bulletins: Bulletins, actor: Actor, *made_of: str) -> Bulletin:
    return bulletins.create(actor, title="Tin", priority="routine", language="vi", recordings=made_of)


def files(folder: Path) -> set[str]:
    return {
        path.name
        for part in ("originals", "recordings")
        for path in (folder / part).glob("*")
        if path.is_file()
    }


def start_anew(store: Store, folder: Path) -> None:
    """The hub, and end it."""
    again = Library(store=store, folder=folder, events=Events(), now=Clock(), prepare=FakePrepare())
    again.start()
    again.stop()


def test_an_unused_recording_goes_with_its_files(
    library: Library, store: Store, clerk: Actor, tmp_path: Path
) -> None:
    recording = ready(library, clerk, title="Thừa")
    assert len(files(tmp_path)) == 2
    library.delete(clerk, recording.id)
    assert files(tmp_path) == set()
    with pytest.raises(NotFound):
        library.recording(recording.id)
    line = audit.entries(store.read(), limit=1)[0]
    assert (line.action, line.what) == ("recording.delete", f"recording:{recording.id} Thừa")
    assert line.detail == {"file": "tin.mp3", "state": "ready"}


def test_a_refused_recording_goes(library: Library, clerk: Actor) -> None:
    refused = ready(library, clerk, b"text")
    library.delete(clerk, refused.id)
    assert library.recordings() == []


def test_a_recording_that_bulletins_are_made_of_stays_and_they_are_named(
    library: Library, bulletins: Bulletins, clerk: Actor, tmp_path: Path
) -> None:
    recording = ready(library, clerk)
    made = draft(bulletins, clerk, recording.id)
    with pytest.raises(Conflict) as caught:
        library.delete(clerk, recording.id)
    assert caught.value.problems[0].code == "recording_used"
    assert caught.value.problems[0].facts == {"titles": ["Tin"], "ids": [made.id]}
    assert len(files(tmp_path)) == 2


def test_a_sound_that_another_recording_has_too_stays(library: Library, clerk: Actor, tmp_path: Path) -> None:
    first, second = ready(library, clerk), ready(library, clerk)
    assert first.result is not None
    library.delete(clerk, second.id)
    assert library.path_of(first.result.sha256) is not None
    library.delete(clerk, first.id)
    assert files(tmp_path) == set()


def test_what_is_being_prepared_is_not_deleted(library: Library, clerk: Actor) -> None:
    with pytest.raises(Conflict, match="recording_preparing"):
        library.delete(clerk, put(library, clerk).id)


def test_files_that_a_power_cut_left_go_at_the_next_start(
    library: Library, store: Store, clerk: Actor, tmp_path: Path
) -> None:
    recording = ready(library, clerk)
    assert recording.result is not None
    names = [f"originals/{recording.id}", f"recordings/{recording.result.sha256}.opus"]
    store.write(lambda db: recordings.delete(db, recording.id))
    store.write(lambda db: removals.note(db, names))
    start_anew(store, tmp_path)
    assert (files(tmp_path), removals.due(store.read())) == (set(), [])


def test_files_that_nobody_deleted_stay_though_no_recording_names_them(
    library: Library, store: Store, clerk: Actor, tmp_path: Path
) -> None:
    recording = ready(library, clerk)
    store.write(lambda db: recordings.delete(db, recording.id))  # as an older copy of the hub's file has it
    start_anew(store, tmp_path)
    assert len(files(tmp_path)) == 2


class WaitingPrepare(FakePrepare):
    """Waits at the instant when the file is there and the hub does not know of it yet, once `waits`."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = False
        self.is_there, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *args: Any, **named: Any) -> Prepared:
        made = super().__call__(*args, **named)
        if self.waits:
            self.is_there.set()
            self.go_on.wait(60)
        return made


@pytest.fixture
def prepare() -> WaitingPrepare:
    return WaitingPrepare()


def test_the_same_sound_prepared_again_meanwhile_is_not_lost(
    library: Library, clerk: Actor, tmp_path: Path, prepare: WaitingPrepare
) -> None:
    first, again = ready(library, clerk), put(library, clerk)
    prepare.waits = True
    preparing = threading.Thread(target=library.preparing.prepare_one, args=[again.id])
    preparing.start()
    assert prepare.is_there.wait(60)
    library.delete(clerk, first.id)
    prepare.go_on.set()
    preparing.join()
    result = library.recording(again.id).result
    assert result is not None
    assert files(tmp_path) == {again.id, f"{result.sha256}.opus"}


def test_a_draft_goes_and_its_recordings_stay(
    library: Library, bulletins: Bulletins, store: Store, clerk: Actor
) -> None:
    recording = ready(library, clerk)
    made = draft(bulletins, clerk, recording.id)
    bulletins.delete(clerk, made.id)
    with pytest.raises(NotFound):
        bulletins.bulletin(made.id)
    assert library.recording(recording.id).state == "ready"
    line = audit.entries(store.read(), limit=1)[0]
    assert (line.action, line.what) == ("bulletin.delete", f"bulletin:{made.id} Tin")


def test_a_copy_outlives_its_origin(library: Library, bulletins: Bulletins, clerk: Actor) -> None:
    made = draft(bulletins, clerk, ready(library, clerk).id)
    copy = bulletins.copy(clerk, made.id)
    bulletins.delete(clerk, made.id)
    assert bulletins.bulletin(copy.id).copied_from is None


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_only_a_draft_is_deleted(library: Library, bulletins: Bulletins, clerk: Actor, state: str) -> None:
    made = bulletins.submit(clerk, draft(bulletins, clerk, ready(library, clerk).id).id)
    if state == "approved":
        bulletins.approve(clerk, made.id)
    with pytest.raises(Conflict, match="bulletin_state"):
        bulletins.delete(clerk, made.id)
    assert bulletins.bulletin(made.id).state == state


def test_a_draft_that_was_changed_since_is_not_deleted_unseen(
    library: Library, bulletins: Bulletins, clerk: Actor
) -> None:
    recording = ready(library, clerk)
    made = draft(bulletins, clerk, recording.id)
    said = {"title": "Mới", "priority": "routine", "language": "vi", "recordings": [recording.id]}
    bulletins.change(clerk, made.id, revision=1, **said)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="bulletin_changed"):
        bulletins.delete(clerk, made.id, revision=1)


def test_a_viewer_deletes_nothing(library: Library, bulletins: Bulletins, store: Store, clerk: Actor) -> None:
    recording, viewer = ready(library, clerk), person_at_work(store, Role.VIEWER)
    with pytest.raises(Forbidden):
        library.delete(viewer, recording.id)
    with pytest.raises(Forbidden):
        bulletins.delete(viewer, draft(bulletins, clerk, recording.id).id)
