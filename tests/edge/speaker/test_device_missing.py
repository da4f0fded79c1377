"""A device that is not there when it is first asked for, long before the play is due."""

from collections.abc import Callable
from pathlib import Path

import pytest

from edge.speaker.device_output import DeviceOutput
from edge.speaker.errors import DeviceBusy, DeviceMissing
from edge.speaker.output import Finished, OutputEvent, Performance, Started, Stopped
from edge.speaker.track import Track
from tests.factories_sound import noise, write_recording
from tests.fakes_card import CardPace, FakeCard
from tests.fakes_sound import Reports, due_in, is_near

AWAY = [DeviceMissing("no loa"), DeviceBusy("taken")]


def heard(
    track: Track, fault: Exception, act: Callable[[FakeCard, Performance], None], *, after_s: float
) -> list[OutputEvent]:
    """What is reported of a play that is due in fifty seconds, when `act` is done after `after_s` of them."""
    card, reports = FakeCard(), Reports()
    pace = CardPace(card)
    output = DeviceOutput("loa", pace=pace, opener=card.open)
    card.fault = fault
    with pace.standing_still():
        performance = output.arm(track, play_id="p", due=due_in(50), report=reports)
        pace.after(after_s, lambda: act(card, performance))
    try:
        return reports.until_end()
    finally:
        output.close()


@pytest.fixture
def track(tmp_path: Path) -> Track:
    return Track(files=(write_recording(tmp_path / "a.opus", noise(1.0)),))


def plug_in(card: FakeCard, _performance: Performance) -> None:
    card.fault = None


def stop(_card: FakeCard, performance: Performance) -> None:
    performance.stop()


@pytest.mark.parametrize("fault", AWAY)
def test_one_that_comes_back_in_time_sounds_when_due(track: Track, fault: Exception) -> None:
    started, finished = heard(track, fault, plug_in, after_s=20)
    assert isinstance(started, Started)
    assert is_near(started.at, due_in(50))
    assert isinstance(finished, Finished)


@pytest.mark.parametrize("fault", AWAY)
def test_a_stop_while_it_is_waited_for_ends_the_play(track: Track, fault: Exception) -> None:
    (end,) = heard(track, fault, stop, after_s=20)
    assert isinstance(end, Stopped)
