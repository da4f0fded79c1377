from datetime import timedelta

import pytest

from edge.speaker.output import Faulted, Started, Stopped
from edge.speaker.play import Play
from edge.speaker.track import Track
from tests.fakes_sound import NOON, Reports


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def play(reports: Reports) -> Play:
    return Play(Track(files=()), due=NOON, report=reports, now=lambda: NOON)


def test_only_the_first_end_is_reported(play: Play, reports: Reports) -> None:
    play.faulted("device_lost", "gone")
    play.ended()
    play.stop()
    assert not play.may_begin(NOON)
    assert reports.events == [Faulted("device_lost", "gone", at=NOON)]


def test_the_error_of_a_start_is_what_it_is_late(play: Play, reports: Reports) -> None:
    play.place(NOON + timedelta(milliseconds=12))
    play.started()
    assert reports.events == [Started(at=NOON + timedelta(milliseconds=12), error_ms=12)]


def test_stopped_before_it_began_it_was_not_heard(play: Play, reports: Reports) -> None:
    play.stop()
    assert not play.may_begin(NOON)
    assert reports.events == [Stopped(at=NOON, played_ms=0)]


def test_a_boundary_lifted_again_allows_it(play: Play) -> None:
    play.until(NOON)
    assert not play.allows(NOON)
    play.until(None)
    assert play.allows(NOON)
