"""The folder of recordings: fetched ahead, verified, kept while needed, whatever the hub and the disk do."""

import errno
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from edge.events import Trouble
from edge.speaker.clips import ClipDropped, ClipEvent, ClipHeld, Clips, Wanted
from tests import factories as make
from tests.fakes import FakeClock
from tests.fakes_hub import FakeHub

DATA = b"OggS" + bytes(range(256)) * 100
SHA = hashlib.sha256(DATA).hexdigest()
OTHER = b"OggS" + b"other" * 1_000
OTHER_SHA = hashlib.sha256(OTHER).hexdigest()
WANTED = Wanted(SHA, len(DATA))
OTHER_WANTED = Wanted(OTHER_SHA, len(OTHER))


class Shelf:
    """`Clips` in a folder, with a clock and a hub."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.hub = FakeHub(**{SHA: DATA, OTHER_SHA: OTHER})
        self.free = 10**12
        self.events: list[ClipEvent | Trouble] = []
        self.open()

    def open(self, **changes: Any) -> None:
        self.clips = Clips(
            self.folder,
            hub=changes.get("hub", self.hub),
            post=self.events.append,
            monotonic=self.clock.monotonic,
            free_bytes=lambda _folder: self.free,
            grace_s=3_600,
        )

    def work(self) -> float:
        """Step until there is nothing to do at once."""
        for _ in range(100):
            wait_s = self.clips.step()
            if wait_s > 0:
                return wait_s
        raise AssertionError("it does not come to rest")

    def want(self, *wanted: Wanted) -> None:
        self.clips.want(wanted)
        self.work()

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.work()

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "recordings")


def test_what_is_wanted_is_fetched_verified_and_told(shelf: Shelf) -> None:
    shelf.want(WANTED)
    assert shelf.clips.path_of(SHA).read_bytes() == DATA
    assert shelf.events == [ClipHeld(SHA, len(DATA))]


def test_the_soonest_needed_comes_first(shelf: Shelf) -> None:
    later = Wanted(SHA, len(DATA), make.NOW + timedelta(hours=2))
    sooner = Wanted(OTHER_SHA, len(OTHER), make.NOW + timedelta(hours=1))
    shelf.want(WANTED, later, sooner)
    assert [sha for sha, _ in shelf.hub.asked] == [OTHER_SHA, SHA]


def test_what_is_needed_some_day_comes_last(shelf: Shelf) -> None:
    shelf.want(WANTED, Wanted(OTHER_SHA, len(OTHER), make.NOW))
    assert [sha for sha, _ in shelf.hub.asked] == [OTHER_SHA, SHA]


def test_a_torn_download_goes_on_where_it_broke_off(shelf: Shelf) -> None:
    shelf.hub.breaks_after = 20_000
    shelf.want(WANTED)
    shelf.wait(10)
    assert [at for _, at in shelf.hub.asked] == [0, 20_000]
    assert shelf.events == [ClipHeld(SHA, len(DATA))]


def test_a_torn_download_goes_on_after_a_power_cut(shelf: Shelf) -> None:
    shelf.hub.breaks_after = 20_000
    shelf.want(WANTED)
    shelf.open()
    shelf.want(WANTED)
    assert [at for _, at in shelf.hub.asked] == [0, 20_000]


def test_a_download_that_was_whole_before_a_power_cut_is_not_fetched_again(shelf: Shelf) -> None:
    shelf.folder.joinpath(f"{SHA}.part").write_bytes(DATA)
    shelf.want(WANTED)
    assert shelf.hub.asked == []
    assert shelf.events == [ClipHeld(SHA, len(DATA))]


@pytest.mark.parametrize("garbage", [b"x" * len(DATA), b"x" * (len(DATA) + 1), b"x" * 10])
def test_a_part_damaged_by_a_power_cut_is_fetched_anew(shelf: Shelf, garbage: bytes) -> None:
    shelf.folder.joinpath(f"{SHA}.part").write_bytes(garbage)
    shelf.want(WANTED)
    shelf.wait(10)
    assert shelf.clips.path_of(SHA).read_bytes() == DATA


def test_a_part_that_is_too_long_is_begun_anew_without_ado(shelf: Shelf) -> None:
    shelf.folder.joinpath(f"{SHA}.part").write_bytes(b"x" * (len(DATA) + 1))
    shelf.want(WANTED)
    assert shelf.events == [ClipHeld(SHA, len(DATA))]


def test_wrong_bytes_are_never_held(shelf: Shelf) -> None:
    shelf.hub.recordings[SHA] = b"x" * len(DATA)
    shelf.want(WANTED)
    assert shelf.names() == set()
    (trouble,) = shelf.events
    assert isinstance(trouble, Trouble)
    assert trouble.name == "recordings"


def test_a_trouble_is_told_once_and_is_over_when_it_is(shelf: Shelf) -> None:
    shelf.hub.recordings[SHA] = b"x" * len(DATA)
    shelf.want(WANTED)
    shelf.wait(1_000)
    shelf.hub.recordings[SHA] = DATA
    shelf.wait(1_000)
    assert [type(event) for event in shelf.events] == [Trouble, ClipHeld, Trouble]


def test_a_recording_the_hub_does_not_have_holds_up_no_other(shelf: Shelf) -> None:
    del shelf.hub.recordings[SHA]
    shelf.want(WANTED, OTHER_WANTED)
    assert ClipHeld(OTHER_SHA, len(OTHER)) in shelf.events


def test_a_trouble_is_over_when_no_plan_wants_it_any_more(shelf: Shelf) -> None:
    del shelf.hub.recordings[SHA]
    shelf.want(WANTED)
    shelf.events.clear()
    shelf.want()
    assert shelf.events == [Trouble("recordings", "")]


def test_an_absent_hub_is_no_trouble_of_the_nodes(shelf: Shelf) -> None:
    shelf.hub.is_away = True
    shelf.want(WANTED)
    assert shelf.events == []


def test_what_failed_is_tried_again_less_and_less_often(shelf: Shelf) -> None:
    shelf.hub.is_away = True
    shelf.want(WANTED)
    for _ in range(3_600):
        shelf.wait(1)
    assert 10 < len(shelf.hub.asked) < 40


def test_a_network_that_is_back_ends_the_waiting(shelf: Shelf) -> None:
    shelf.hub.is_away = True
    shelf.want(WANTED)
    shelf.hub.is_away = False
    shelf.clips.hurry()
    shelf.work()
    assert shelf.events == [ClipHeld(SHA, len(DATA))]


def test_held_recordings_are_verified_at_the_next_start_without_fetching(shelf: Shelf) -> None:
    shelf.want(WANTED)
    shelf.open()
    shelf.events.clear()
    shelf.want(WANTED)
    assert shelf.events == [ClipHeld(SHA, len(DATA))]
    assert len(shelf.hub.asked) == 1


def test_a_recording_damaged_on_disk_is_dropped_and_fetched_again(shelf: Shelf) -> None:
    shelf.want(WANTED)
    shelf.clips.path_of(SHA).write_bytes(DATA[:-1] + b"?")
    shelf.open()
    shelf.events.clear()
    shelf.want(WANTED)
    assert shelf.events == [ClipDropped(SHA, "damaged"), ClipHeld(SHA, len(DATA))]


def test_a_suspected_recording_is_verified_again(shelf: Shelf) -> None:
    shelf.want(WANTED)
    shelf.clips.path_of(SHA).write_bytes(b"?")
    shelf.clips.suspect(SHA)
    shelf.work()
    assert shelf.events[1:] == [ClipDropped(SHA, "damaged"), ClipHeld(SHA, len(DATA))]


def test_what_no_plan_needs_goes_after_the_grace(shelf: Shelf) -> None:
    shelf.want(WANTED, OTHER_WANTED)
    shelf.want(OTHER_WANTED)
    shelf.wait(3_599)
    assert shelf.clips.path_of(SHA).exists()
    shelf.wait(1)
    assert shelf.names() == {f"{OTHER_SHA}.opus"}
    assert shelf.events[-1] == ClipDropped(SHA, "not_needed")


def test_what_is_needed_again_within_the_grace_stays(shelf: Shelf) -> None:
    shelf.want(WANTED)
    shelf.want()
    shelf.wait(3_000)
    shelf.want(WANTED)
    shelf.want()
    shelf.wait(3_000)
    assert shelf.names() == {f"{SHA}.opus"}


def test_before_the_first_plan_nothing_is_cleared_away(shelf: Shelf) -> None:
    shelf.want(WANTED)
    shelf.open()
    shelf.wait(100_000)
    assert shelf.names() == {f"{SHA}.opus"}


def test_without_room_nothing_is_fetched_and_the_disk_is_told(shelf: Shelf) -> None:
    shelf.free = 1_000
    shelf.want(WANTED)
    assert shelf.hub.asked == []
    assert [event.name for event in shelf.events if isinstance(event, Trouble) and event.why] == ["disk"]


def test_without_room_what_no_plan_needs_goes_at_once(shelf: Shelf) -> None:
    shelf.want(OTHER_WANTED)
    shelf.free = 1_000
    shelf.want(WANTED)
    assert not shelf.clips.path_of(OTHER_SHA).exists()


def test_a_disk_that_fills_up_while_fetching_is_told_and_survived(shelf: Shelf) -> None:
    class FullDisk(FakeHub):
        def download(self, sha256: str, *, size: int, into: BinaryIO, go_on: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    shelf.open(hub=FullDisk())
    shelf.want(WANTED)
    (trouble,) = shelf.events
    assert isinstance(trouble, Trouble)
    assert trouble.name == "disk"


def test_a_new_wish_is_noticed(shelf: Shelf) -> None:
    shelf.clips.changed.clear()
    shelf.clips.want([WANTED])
    assert shelf.clips.changed.is_set()
