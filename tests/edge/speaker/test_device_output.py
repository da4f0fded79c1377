import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.speaker.device import Fill
from edge.speaker.device_output import DeviceOutput
from edge.speaker.errors import DeviceBusy, DeviceMissing
from edge.speaker.output import Faulted, Finished, OutputEvent, Performance, Report, Started, Stopped
from edge.speaker.track import Track
from tests.factories_sound import noise, read_sound, write_recording
from tests.fakes_card import CardPace, CardStream, FakeCard
from tests.fakes_sound import NOON, Reports, due_in, is_near

OPEN_BEFORE_S = 3.0


@pytest.fixture(autouse=True)
def _opens_soon_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.speaker.device_output.OPEN_BEFORE_S", OPEN_BEFORE_S)


@pytest.fixture
def card() -> FakeCard:
    return FakeCard()


@pytest.fixture
def pace(card: FakeCard) -> CardPace:
    return CardPace(card)


@pytest.fixture
def output(card: FakeCard, pace: CardPace) -> Iterator[DeviceOutput]:
    output = DeviceOutput("loa", pace=pace, opener=card.open)
    yield output
    output.close()


@pytest.fixture
def track(tmp_path: Path) -> Track:
    return Track(files=(write_recording(tmp_path / "a.opus", noise(1.5)),))


@pytest.fixture
def reports() -> Reports:
    return Reports()


def test_a_play_starts_when_due_and_finishes(output: DeviceOutput, track: Track, reports: Reports) -> None:
    output.arm(track, play_id="p", due=due_in(10), report=reports)
    started, finished = reports.until_end()
    assert isinstance(started, Started)
    assert isinstance(finished, Finished)
    assert is_near(started.at, due_in(10))
    assert is_near(finished.at, due_in(11.5))
    assert abs(started.error_ms) < 0.1
    assert finished.played_ms == pytest.approx(1500, abs=1)


def test_a_device_that_hangs_holds_up_no_programs_end(
    pace: CardPace, track: Track, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.speaker.device_output.CLOSE_WITHIN_S", 0.01)
    is_open, is_over = threading.Event(), threading.Event()

    def hang(*_asked: object) -> CardStream:
        is_open.set()
        is_over.wait()
        raise DeviceBusy("at last")

    output = DeviceOutput("loa", pace=pace, opener=hang)
    output.arm(track, play_id="p", due=NOON, report=reports)
    assert is_open.wait(60)
    output.close()
    assert reports.events == []
    is_over.set()
    reports.until_end()


def test_the_device_is_open_around_the_play_only(
    output: DeviceOutput, card: FakeCard, track: Track, reports: Reports
) -> None:
    output.arm(track, play_id="p", due=due_in(3600), report=reports)
    reports.until_end()
    output.close()
    assert sum(map(len, card.sound)) / 48_000 < OPEN_BEFORE_S + 3
    assert card.stream is None


def test_the_card_sounds_the_recording_between_silences(
    output: DeviceOutput, card: FakeCard, track: Track, reports: Reports
) -> None:
    output.arm(track, play_id="p", due=due_in(5), report=reports)
    reports.until_end()
    output.close()
    sound, expected = np.concatenate(card.sound), read_sound(track.files[0])
    start = int(np.flatnonzero(sound)[0])
    assert np.allclose(sound[start : start + len(expected)], expected, atol=0.001)


def test_the_very_device_of_the_settings_is_asked_for(
    output: DeviceOutput, card: FakeCard, track: Track, reports: Reports
) -> None:
    output.arm(track, play_id="p", due=due_in(1), report=reports)
    reports.until_end()
    assert card.opened_for == ["loa"]


def test_a_fixed_delay_moves_the_start_and_is_no_error(
    card: FakeCard, pace: CardPace, track: Track, reports: Reports
) -> None:
    output = DeviceOutput("loa", delay_ms=120, pace=pace, opener=card.open)
    output.arm(track, play_id="p", due=due_in(5), report=reports)
    started = reports.until_end()[0]
    assert isinstance(started, Started)
    assert is_near(started.at, due_in(5.12))
    assert abs(started.error_ms) < 0.1


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (DeviceMissing("no loa"), "device_missing"),
        (DeviceBusy("taken"), "device_busy"),
        (OSError("?"), "internal"),
    ],
)
def test_a_device_that_will_not_open_is_a_fault_with_its_reason(
    output: DeviceOutput, card: FakeCard, track: Track, reports: Reports, fault: Exception, reason: str
) -> None:
    card.fault = fault
    output.arm(track, play_id="p", due=due_in(5), report=reports)
    (end,) = reports.until_end()
    assert isinstance(end, Faulted)
    assert end.reason == reason


def test_a_missing_recording_is_a_fault_and_opens_nothing(
    output: DeviceOutput, card: FakeCard, tmp_path: Path, reports: Reports
) -> None:
    output.arm(Track(files=(tmp_path / "gone.opus",)), play_id="p", due=due_in(50), report=reports)
    (end,) = reports.until_end()
    assert isinstance(end, Faulted)
    assert end.reason == "unplayable"
    assert card.opened_for == []


def test_a_device_that_another_program_holds_is_busy_whatever_else_is_armed(
    output: DeviceOutput, card: FakeCard, pace: CardPace, track: Track, reports: Reports
) -> None:
    with pace.standing_still():
        output.arm(track, play_id="later", due=due_in(10**6), report=Reports())
        card.fault = DeviceBusy("taken")
        output.arm(track, play_id="p", due=due_in(5), report=reports)
    end = reports.until_end()[-1]
    assert isinstance(end, Faulted)
    assert end.reason == "device_busy"


def in_a_row(
    output: DeviceOutput, pace: CardPace, track: Track, *due_s: float
) -> tuple[list[OutputEvent], ...]:
    """What was reported of plays that were all armed at once."""
    each = [Reports() for _ in due_s]
    with pace.standing_still():
        for number, (due, reports) in enumerate(zip(due_s, each, strict=True)):
            output.arm(track, play_id=f"p{number}", due=due_in(due), report=reports)
    return tuple(reports.until_end() for reports in each)


def test_a_play_right_behind_another_starts_when_due(
    output: DeviceOutput, pace: CardPace, track: Track
) -> None:
    for started, finished in in_a_row(output, pace, track, 5, 6.5, 8):
        assert isinstance(started, Started)
        assert isinstance(finished, Finished)
        assert abs(started.error_ms) < 1


def test_a_play_behind_one_that_runs_over_starts_as_soon_as_that_is_over(
    output: DeviceOutput, pace: CardPace, track: Track
) -> None:
    first, (started, _) = in_a_row(output, pace, track, 5, 6)
    assert isinstance(started, Started)
    assert is_near(started.at, first[-1].at)


def test_plays_that_follow_each_other_share_the_device(
    output: DeviceOutput, card: FakeCard, pace: CardPace, track: Track
) -> None:
    in_a_row(output, pace, track, 5, 6.5)
    output.close()
    assert len(card.opened_for) == 1
    assert card.stream is None


def test_a_device_that_is_lost_is_a_fault_of_every_play_on_it(
    output: DeviceOutput, card: FakeCard, pace: CardPace, track: Track
) -> None:
    def unplug() -> None:
        card.is_unplugged = True

    pace.after(5.5, unplug)
    first, second = in_a_row(output, pace, track, 5, 6.5)
    for end in (first[-1], second[-1]):
        assert isinstance(end, Faulted)
        assert end.reason == "device_lost"


def on_start(pace: CardPace, reports: Reports, after_s: float, act: Callable[[], object]) -> Report:
    def report(event: OutputEvent) -> None:
        if isinstance(event, Started):
            pace.after(after_s, act)
        reports(event)

    return report


def test_a_device_unplugged_during_the_play_is_lost(
    output: DeviceOutput, card: FakeCard, pace: CardPace, track: Track, reports: Reports
) -> None:
    def unplug() -> None:
        card.is_unplugged = True

    output.arm(track, play_id="p", due=due_in(5), report=on_start(pace, reports, 0.5, unplug))
    end = reports.until_end()[-1]
    assert isinstance(end, Faulted)
    assert end.reason == "device_lost"
    assert 450 < end.played_ms < 700


def test_a_device_that_falls_silent_without_a_word_is_lost(
    output: DeviceOutput, card: FakeCard, pace: CardPace, track: Track, reports: Reports
) -> None:
    def choke() -> None:
        card.ask = lambda: None  # type: ignore[method-assign]

    output.arm(track, play_id="p", due=due_in(5), report=on_start(pace, reports, 0.5, choke))
    end = reports.until_end()[-1]
    assert isinstance(end, Faulted)
    assert end.reason == "device_lost"


def test_stop_while_playing_fades_and_lets_the_device_go(
    output: DeviceOutput, card: FakeCard, pace: CardPace, track: Track, reports: Reports
) -> None:
    performance: list[Performance] = []
    report = on_start(pace, reports, 0.5, lambda: performance[0].stop())
    with pace.standing_still():
        performance.append(output.arm(track, play_id="p", due=due_in(5), report=report))
    end = reports.until_end()[-1]
    assert isinstance(end, Stopped)
    assert 500 < end.played_ms < 700
    assert card.stream is None


def test_stop_before_the_start_sounds_nothing(
    output: DeviceOutput, card: FakeCard, pace: CardPace, track: Track, reports: Reports
) -> None:
    performance: list[Performance] = []
    pace.after(4, lambda: performance[0].stop())
    with pace.standing_still():
        performance.append(output.arm(track, play_id="p", due=due_in(5), report=reports))
    assert [type(event) for event in reports.until_end()] == [Stopped]
    assert not any(block.any() for block in card.sound)


def test_at_the_boundary_it_ends_and_says_so(
    output: DeviceOutput, pace: CardPace, track: Track, reports: Reports
) -> None:
    with pace.standing_still():
        output.arm(track, play_id="p", due=due_in(5), report=reports).until(due_in(6))
    end = reports.until_end()[-1]
    assert isinstance(end, Stopped)
    assert end.at_boundary
    assert end.played_ms == pytest.approx(1000, abs=1)


def test_what_must_sound_at_once_does_so_with_the_first_sample_of_the_device(
    card: FakeCard, output: DeviceOutput, track: Track
) -> None:
    """A device fills its buffer the moment it is open: a beginning that is not there by then waits for it."""
    real = card.open

    def open_and_ask(device: str | None, latency_s: float, fill: Fill) -> CardStream:
        stream = real(device, latency_s, fill)
        card.ask()
        return stream

    output._opener = open_and_ask
    reports = Reports()
    output.arm(replace(track, at_once=True), play_id="e-1.0", due=NOON, report=reports)
    assert isinstance(reports.until_end()[-1], Finished)
    assert np.abs(card.sound[0]).max() > 0
