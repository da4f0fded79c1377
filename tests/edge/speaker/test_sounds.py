"""Kept sounds on their way to the hub."""

from datetime import timedelta
from pathlib import Path

import pytest

from edge.errors import HubRefused
from edge.speaker.kept import SoundRing
from edge.speaker.sounds import Sounds
from tests import factories as make
from tests.fakes import FakeClock
from tests.fakes_hub import FakeHub


class Post:
    """A ring with sounds, a hub, and what carries them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ring = SoundRing(folder, limit_bytes=1_000_000)
        self.hub = FakeHub()
        self.clock = FakeClock()
        self.open()

    def open(self) -> None:
        self.sounds = Sounds(self.folder, node=make.NODE, hub=self.hub, monotonic=self.clock.monotonic)

    def keep(self, occurrence: str) -> None:
        with self.ring.begin(occurrence, make.NOW):
            pass

    def work(self, after_s: float = 0) -> None:
        self.clock.advance(after_s)
        for _ in range(100):
            if self.sounds.step() > 0:
                return
        raise AssertionError("it does not come to rest")


@pytest.fixture
def post(tmp_path: Path) -> Post:
    return Post(tmp_path)


def test_a_finished_sound_is_sent_under_its_plays_name(post: Post) -> None:
    post.keep("o.1")
    post.sounds.finished("o.1")
    post.work()
    assert post.hub.sounds[f"o.1@{make.NODE}"][1] == make.NOW


def test_what_is_still_being_played_is_not_sent(post: Post) -> None:
    post.keep("o-1")
    post.work()
    assert post.hub.sounds == {}


def test_a_sound_is_sent_once(post: Post) -> None:
    post.keep("o-1")
    post.sounds.finished("o-1")
    post.work()
    post.open()
    post.work()
    assert len(post.hub.asked) == 1


def test_what_could_not_be_sent_is_sent_later(post: Post) -> None:
    post.keep("o-1")
    post.sounds.finished("o-1")
    post.hub.is_away = True
    post.work()
    post.hub.is_away = False
    post.work(after_s=2)
    assert len(post.hub.sounds) == 1


def test_what_could_not_be_sent_before_a_restart_is_sent_after_it(post: Post) -> None:
    post.keep("o-1")
    post.open()
    post.work()
    assert len(post.hub.sounds) == 1


def test_a_reconnection_ends_the_waiting(post: Post) -> None:
    post.keep("o-1")
    post.sounds.finished("o-1")
    post.hub.is_away = True
    post.work()
    post.hub.is_away = False
    post.sounds.hurry()
    post.work()
    assert len(post.hub.sounds) == 1


def test_a_sound_that_the_hub_does_not_take_is_given_up(post: Post) -> None:
    class Choosy(FakeHub):
        def upload(self, play: str, sound: Path, *, first_sample: object) -> None:
            self.asked.append((play, 0))
            raise HubRefused("422")

    post.hub = Choosy()
    post.open()
    post.keep("o-1")
    post.sounds.finished("o-1")
    for _ in range(20):
        post.work(after_s=600)
    assert len(post.hub.asked) == 6


def test_the_mark_of_a_sound_goes_with_it(post: Post) -> None:
    post.keep("o-1")
    post.sounds.finished("o-1")
    post.work()
    for path in post.folder.glob("*.wav"):
        path.unlink()
    post.work(after_s=timedelta(hours=1).total_seconds())
    assert list(post.folder.iterdir()) == []
