"""A device that is not there when it is first asked for, or goes away, long before the play is due."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from edge.speaker.device_output import DeviceOutput
from edge.speaker.errors import DeviceBusy, DeviceMissing
from edge.speaker.output import Faulted, Finished, OutputEvent, Performance, Started, Stopped
from edge.speaker.track import Track
from tests.factories_sound import noise, write_recording
from tests.fakes_card import CardPace, FakeCard
from tests.fakes_sound import Reports, due_in, is_near

AWAY = [DeviceMissing("no loa"), DeviceBusy("taken")]


Act = Callable[[FakeCard, Performance], None]


def heard(track: Track, acts: dict[float, Act], *, fault: Exception | None = None) -> list[OutputEvent]:
    """What is reported of a play that is due in fifty seconds, with each act done after so many of them."""
    card, reports = FakeCard(), Reports()
    pace = CardPace(card)
    output = DeviceOutput("loa", pace=pace, opener=card.open)
    card.fault = fault
    with pace.standing_still():
        performance = output.arm(track, play_id="p", due=due_in(50), report=reports)
        for after_s, act in acts.items():
            pace.after(after_s, partial(act, card, performance))
    try:
        return reports.until_end()
    finally:
        output.close()


@pytest.fixture
def track(tmp_path: Path) -> Track:
    return Track(files=(write_recording(tmp_path / "a.opus", noise(1.0)),))


def unplug(card: FakeCard, _performance: Performance) -> None:
    card.fault, card.is_unplugged = DeviceMissing("gone"), True


def plug_in(card: FakeCard, _performance: Performance) -> None:
    card.fault, card.is_unplugged = None, False


def stop(_card: FakeCard, performance: Performance) -> None:
    performance.stop()


@pytest.mark.parametrize("fault", AWAY)
def test_one_that_comes_back_in_time_sounds_when_due(track: Track, fault: Exception) -> None:
    started, finished = heard(track, {20: plug_in}, fault=fault)
    assert isinstance(started, Started)
    assert is_near(started.at, due_in(50))
    assert isinstance(finished, Finished)


@pytest.mark.parametrize("fault", AWAY)
def test_a_stop_while_it_is_waited_for_ends_the_play(track: Track, fault: Exception) -> None:
    (end,) = heard(track, {20: stop}, fault=fault)
    assert isinstance(end, Stopped)


def test_one_that_is_lost_and_comes_back_in_time_sounds_when_due(track: Track) -> None:
    started, finished = heard(track, {20: unplug, 25: plug_in})
    assert isinstance(started, Started)
    assert is_near(started.at, due_in(50))
    assert isinstance(finished, Finished)


def test_one_that_is_lost_and_stays_away_is_told(track: Track) -> None:
    (end,) = heard(track, {20: unplug})
    assert isinstance(end, Faulted)
    assert end.reason == "device_missing"
