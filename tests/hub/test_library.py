"""The library: uploads are kept as they were and survive a restart; refused ones leave nothing."""

import threading
from pathlib import Path

import pytest

from audio.errors import ToolFailed
from hub.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge, Unavailable
from hub.events import Events
from hub.library import Library
from hub.people.roles import Actor, Role
from hub.store import audit, recordings
from hub.store.database import Store
from hub.uploads import Upload
from tests.factories_library import put, ready
from tests.factories_people import Clock, person_at_work
from tests.fakes_audio import FakePrepare


@pytest.fixture
def clerk(store: Store) -> Actor:
    return person_at_work(store, Role.CLERK, login="lan")


def files(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and "hub.db" not in path.name
    }


def test_an_upload_is_kept_as_it_was(library: Library, clerk: Actor, tmp_path: Path) -> None:
    recording = put(library, clerk, b"sound of a bell")
    assert (tmp_path / "originals" / recording.id).read_bytes() == b"sound of a bell"


def test_a_new_recording_is_being_prepared(library: Library, clerk: Actor) -> None:
    recording = put(library, clerk)
    assert (recording.state, recording.progress, recording.result) == ("preparing", 0, None)


def test_a_prepared_recording_says_what_was_measured(library: Library, clerk: Actor) -> None:
    recording = ready(library, clerk)
    assert recording.state == "ready"
    assert recording.result is not None
    assert (recording.result.before_lufs, recording.result.integrated_lufs) == (-27.4, -16.1)
    assert recording.result.peaks == [(-60, 64), (-127, 100)]
    assert [each.code for each in recording.result.warnings] == ["trimmed"]


def test_the_shape_for_a_page_lies_between_0_and_1(library: Library, clerk: Actor) -> None:
    assert ready(library, clerk).shape == pytest.approx((64 / 127, 1.0))


def test_a_refused_file_says_why_and_leaves_nothing_on_the_disk(
    library: Library, clerk: Actor, tmp_path: Path
) -> None:
    recording = ready(library, clerk, b"text, not music")
    assert recording.state == "refused"
    assert recording.reason is not None
    assert (recording.reason.code, recording.reason.facts) == ("not_audio", {"container": "text"})
    assert files(tmp_path) == set()


def test_a_stumble_of_ffmpeg_is_tried_again(library: Library, clerk: Actor, prepare: FakePrepare) -> None:
    prepare.failures = 1
    assert ready(library, clerk).state == "ready"


def test_a_file_that_ffmpeg_failed_is_kept_and_may_be_tried_again(
    library: Library, clerk: Actor, prepare: FakePrepare
) -> None:
    prepare.failures = 2
    recording = ready(library, clerk)
    assert recording.reason is not None
    assert (recording.state, recording.reason.code) == ("refused", "tool_failed")
    library.prepare_again(clerk, recording.id)
    library.preparing.prepare_one(recording.id)
    assert library.recording(recording.id).state == "ready"


def test_a_file_refused_for_good_is_not_tried_again(library: Library, clerk: Actor) -> None:
    with pytest.raises(Conflict, match="recording_not_kept"):
        library.prepare_again(clerk, ready(library, clerk, b"text").id)


def test_a_ready_recording_is_not_prepared_again(library: Library, clerk: Actor) -> None:
    with pytest.raises(Conflict, match="recording_not_refused"):
        library.prepare_again(clerk, ready(library, clerk).id)


def test_the_same_sound_twice_is_two_recordings_of_one_content(library: Library, clerk: Actor) -> None:
    one, two = ready(library, clerk), ready(library, clerk)
    assert one.id != two.id
    assert one.result is not None
    assert two.result is not None
    assert one.result.sha256 == two.result.sha256


def test_the_prepared_file_is_found_by_its_content(library: Library, clerk: Actor) -> None:
    result = ready(library, clerk, b"sound of a bell").result
    assert result is not None
    path = library.path_of(result.sha256)
    assert path is not None
    assert path.read_bytes() == b"sound of a bell"


@pytest.mark.parametrize("name", ["0" * 64, "../hub", "", "A" * 64])
def test_no_other_file_is_found(library: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / "recordings").mkdir(exist_ok=True)
    (tmp_path / "recordings" / f"{name}.opus").write_bytes(b"not of the library")
    assert library.path_of(name) is None


def test_a_restart_takes_up_what_was_unfinished(
    library: Library, clerk: Actor, store: Store, tmp_path: Path, clock: Clock
) -> None:
    recording = put(library, clerk)
    events = Events()
    again = Library(store=store, folder=tmp_path, events=events, now=clock, prepare=FakePrepare())
    again.start()
    wait_for(again, events, recording.id)
    again.stop()
    assert library.recording(recording.id).state == "ready"


def test_a_restart_clears_what_came_half(library: Library, clerk: Actor, tmp_path: Path) -> None:
    kept = ready(library, clerk)
    assert kept.result is not None
    sha256 = kept.result.sha256
    (tmp_path / "incoming" / "half.part").write_bytes(b"ha")
    (tmp_path / "recordings" / ".preparing-x").mkdir()
    (tmp_path / "recordings" / ".preparing-x" / "part.opus").write_bytes(b"ha")
    library.start()
    library.stop()
    left = files(tmp_path)
    assert left == {f"originals/{kept.id}", f"recordings/{sha256}.opus"}


def test_progress_is_told_to_open_pages(library: Library, clerk: Actor, events: Events) -> None:
    reader = events.subscribe()
    recording = ready(library, clerk)
    assert [(each.name, each.subject) for each in reader.take()] == [("recordings", recording.id)]


def test_stopping_leaves_a_recording_unfinished(library: Library, clerk: Actor, store: Store) -> None:
    recording = put(library, clerk)
    library.preparing.stop()
    library.preparing.start()
    library.preparing.stop()
    assert recordings.unfinished(store.read()) == [recording.id]


def test_a_fault_nobody_thought_of_does_not_end_the_worker(
    library: Library, clerk: Actor, events: Events, tmp_path: Path
) -> None:
    lost, good = put(library, clerk), put(library, clerk)
    (tmp_path / "originals" / lost.id).unlink()
    library.preparing.start()
    wait_for(library, events, good.id)
    library.stop()
    assert library.recording(lost.id).state == "refused"
    assert library.recording(good.id).state == "ready"


def wait_for(library: Library, events: Events, recording: str) -> None:
    """Until the worker is done with `recording`."""
    told = threading.Event()
    reader = events.subscribe(wake=told.set)
    while library.recording(recording).state == "preparing":
        assert told.wait(60), "the worker did not get there"
        told.clear()
    events.unsubscribe(reader)


def test_an_empty_file_is_refused_at_once_with_every_other_fault(
    library: Library, clerk: Actor, tmp_path: Path
) -> None:
    with library.new_upload(clerk) as upload, pytest.raises(Invalid) as caught:
        library.add(clerk, title="", language="xx", file_name="a.mp3", upload=upload)
    assert [(p.code, p.where) for p in caught.value.problems] == [
        ("title_length", "title"),
        ("spoken_language_unknown", "language"),
        ("file_empty", "file"),
    ]
    assert files(tmp_path) == set()


@pytest.mark.parametrize("title", ["", "   ", "a" * 201, "two\nlines", "half \ud800"])
def test_a_title_is_one_short_line(library: Library, title: str) -> None:
    assert [problem.where for problem in library.check(title=title, language="vi")] == ["title"]


def test_the_senders_file_name_is_only_text(library: Library, clerk: Actor) -> None:
    with library.new_upload(clerk) as upload:
        upload.write(b"sound")
        name = "..\\..\\etc/pass\x00wd\n.mp3"
        recording = library.add(clerk, title="Tin", language="vi", file_name=name, upload=upload)
    assert recording.file_name == "passwd.mp3"


def test_a_viewer_may_not_upload(library: Library, store: Store) -> None:
    with pytest.raises(Forbidden):
        library.new_upload(person_at_work(store, Role.VIEWER))


def test_an_upload_is_in_the_audit_log(library: Library, clerk: Actor, store: Store) -> None:
    recording = put(library, clerk)
    line = audit.entries(store.read(), limit=1)[0]
    assert (line.who, line.action, line.what) == ("lan", "recording.upload", f"recording:{recording.id} Tin")


def test_the_newest_come_first_page_by_page(library: Library, clerk: Actor, clock: Clock) -> None:
    ids: list[str] = []
    for _ in range(5):
        ids.insert(0, put(library, clerk).id)
        clock.pass_s(1)
    first = library.recordings(limit=3)
    second = library.recordings(limit=3, before=first[-1].id)
    assert [each.id for each in first + second] == ids


def test_an_unknown_recording_is_said(library: Library) -> None:
    with pytest.raises(NotFound, match="recording_unknown"):
        library.recording("nothing")


def test_a_file_over_the_limit_is_refused_and_gone(tmp_path: Path) -> None:
    upload = Upload(folder=tmp_path, limit_bytes=10, reserve_bytes=0)
    upload.write(b"x" * 6)
    with pytest.raises(TooLarge, match="file_too_large"), upload:
        upload.write(b"x" * 6)
    assert files(tmp_path) == set()


def test_a_nearly_full_disk_takes_nothing(tmp_path: Path) -> None:
    upload = Upload(folder=tmp_path, limit_bytes=10, reserve_bytes=2**62)
    with pytest.raises(Unavailable, match="nearly full"), upload:
        upload.write(b"x")
    assert files(tmp_path) == set()


def test_the_fake_fails_as_the_real_one_does(prepare: FakePrepare, tmp_path: Path) -> None:
    prepare.failures = 1
    (tmp_path / "a").write_bytes(b"sound")
    with pytest.raises(ToolFailed):
        prepare(tmp_path / "a", tmp_path, limit_s=1, limit_bytes=1, progress=None)
