from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from edge.speaker.output import Faulted, Finished, OutputEvent, Performance, Report, Started, Stopped
from edge.speaker.ring import RingOutput
from edge.speaker.track import Track
from tests.factories_sound import noise, read_sound, write_recording
from tests.fakes_sound import NOON, FakePace, Reports

SECOND = timedelta(seconds=1)


@pytest.fixture
def pace() -> FakePace:
    return FakePace()


@pytest.fixture
def output(tmp_path: Path, pace: FakePace) -> Iterator[RingOutput]:
    output = RingOutput(tmp_path / "ring", limit_bytes=10_000_000, pace=pace)
    yield output
    output.close()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "short.opus", noise(1.5))


@pytest.fixture
def reports() -> Reports:
    return Reports()


def in_both(said: list[OutputEvent], reports: Reports) -> Report:
    def report(event: OutputEvent) -> None:
        said.append(event)
        reports(event)

    return report


def kept(output: RingOutput, play_id: str = "p1") -> np.ndarray:
    sound = output.sound_of(play_id)
    assert sound is not None
    return read_sound(sound.path)


def test_a_play_starts_when_due_and_finishes_when_its_sound_does(
    output: RingOutput, recording: Path, reports: Reports
) -> None:
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON + 3 * SECOND, report=reports)
    assert reports.until_end() == [
        Started(at=NOON + 3 * SECOND, error_ms=0),
        Finished(at=NOON + 4.5 * SECOND, played_ms=1500),
    ]


def test_the_file_holds_what_sounded_from_the_first_sample_on(
    output: RingOutput, recording: Path, reports: Reports
) -> None:
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON + 3 * SECOND, report=reports)
    reports.until_end()
    output.close()
    assert np.abs(kept(output) - read_sound(recording)).max() < 1 / 16_384


def test_the_file_names_the_instant_of_its_first_sample(
    output: RingOutput, recording: Path, reports: Reports
) -> None:
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON + 3 * SECOND, report=reports)
    reports.until_end()
    sound = output.sound_of("p1")
    assert sound is not None
    assert sound.first_sample == NOON + 3 * SECOND


def test_armed_behind_another_it_starts_when_that_has_ended(
    output: RingOutput, pace: FakePace, tmp_path: Path, reports: Reports
) -> None:
    recording = write_recording(tmp_path / "long.opus", noise(20))
    said: list[OutputEvent] = []
    with pace.standing_still():
        output.arm(Track(files=(recording,)), play_id="p1", due=NOON + 3 * SECOND, report=said.append)
        output.arm(
            Track(files=(recording,)), play_id="p2", due=NOON + 4 * SECOND, report=in_both(said, reports)
        )
    reports.until_end()
    assert [type(event) for event in said] == [Started, Finished, Started, Finished]


def test_armed_behind_another_that_is_stopped_it_does_not_wait(
    output: RingOutput, pace: FakePace, recording: Path, reports: Reports
) -> None:
    with pace.standing_still():
        first = output.arm(
            Track(files=(recording,)), play_id="p1", due=NOON + 10**6 * SECOND, report=Reports()
        )
        output.arm(Track(files=(recording,)), play_id="p2", due=NOON + 4 * SECOND, report=reports)
        first.stop()
    started = reports.until_end()[0]
    assert isinstance(started, Started)
    assert started.at < NOON + 10**6 * SECOND


def test_armed_late_it_starts_at_once_and_says_how_late(
    output: RingOutput, recording: Path, reports: Reports
) -> None:
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON - 4 * SECOND, report=reports)
    assert reports.until_end()[0] == Started(at=NOON, error_ms=4000)


def test_a_fixed_delay_moves_the_start_and_is_no_error(
    tmp_path: Path, pace: FakePace, recording: Path, reports: Reports
) -> None:
    output = RingOutput(tmp_path / "ring", limit_bytes=10**7, delay_ms=40, pace=pace)
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON + SECOND, report=reports)
    assert reports.until_end()[0] == Started(at=NOON + 1.04 * SECOND, error_ms=0)


def test_a_wall_clock_put_right_while_waiting_is_followed(
    output: RingOutput, pace: FakePace, recording: Path, reports: Reports
) -> None:
    pace.after(2, lambda: pace.step_wall_clock(-3600))
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON + 10 * SECOND, report=reports)
    started = reports.until_end()[0]
    assert started == Started(at=NOON + 10 * SECOND, error_ms=0)
    assert pace.monotonic_s() > 4600


@pytest.mark.parametrize("step_s", [-86_400, -1, 1, 86_400])
def test_a_wall_clock_that_jumps_while_playing_changes_nothing(
    output: RingOutput, pace: FakePace, recording: Path, reports: Reports, step_s: float
) -> None:
    began_s = pace.monotonic_s()
    pace.after(2, lambda: pace.step_wall_clock(step_s))
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON + SECOND, report=reports)
    assert reports.until_end()[1] == Finished(at=NOON + 2.5 * SECOND, played_ms=1500)
    assert pace.monotonic_s() - began_s == pytest.approx(2.5, abs=0.1)


def test_stop_before_the_start_ends_it_unheard(
    output: RingOutput, pace: FakePace, recording: Path, reports: Reports
) -> None:
    performance: list[Performance] = []
    pace.after(1, lambda: performance[0].stop())
    track = Track(files=(recording,))
    with pace.standing_still():
        performance.append(output.arm(track, play_id="p1", due=NOON + 3600 * SECOND, report=reports))
    (end,) = reports.until_end()
    assert isinstance(end, Stopped)
    assert end.played_ms == 0
    assert output.sound_of("p1") is None


def test_stop_while_playing_ends_it_within_its_fade(
    output: RingOutput, pace: FakePace, recording: Path, reports: Reports
) -> None:
    def stop_when_heard(event: OutputEvent) -> None:
        if isinstance(event, Started):
            pace.after(1, lambda: performance[0].stop(fade_s=0.03))
        reports(event)

    performance: list[Performance] = []
    track = Track(files=(recording,))
    with pace.standing_still():
        performance.append(output.arm(track, play_id="p1", due=NOON + SECOND, report=stop_when_heard))
    end = reports.until_end()[-1]
    assert isinstance(end, Stopped)
    assert 1000 <= end.played_ms <= 1060
    assert not end.at_boundary


def test_at_the_boundary_it_is_silent(
    output: RingOutput, pace: FakePace, recording: Path, reports: Reports
) -> None:
    with pace.standing_still():
        performance = output.arm(Track(files=(recording,)), play_id="p1", due=NOON + SECOND, report=reports)
        performance.until(NOON + 1.5 * SECOND)
    assert reports.until_end()[-1] == Stopped(at=NOON + 1.5 * SECOND, played_ms=500, at_boundary=True)


def test_a_track_due_after_its_boundary_never_sounds(
    output: RingOutput, pace: FakePace, recording: Path, reports: Reports
) -> None:
    due = NOON + 9 * SECOND
    with pace.standing_still():
        output.arm(Track(files=(recording,)), play_id="p1", due=due, report=reports).until(due)
    assert reports.until_end() == [Stopped(at=NOON + 9 * SECOND, played_ms=0, at_boundary=True)]


def test_a_missing_recording_is_reported_at_once(
    output: RingOutput, pace: FakePace, tmp_path: Path, reports: Reports
) -> None:
    track = Track(files=(tmp_path / "gone.opus",))
    output.arm(track, play_id="p1", due=NOON + 3600 * SECOND, report=reports)
    (end,) = reports.until_end()
    assert isinstance(end, Faulted)
    assert end.reason == "unplayable"
    assert pace.utc() == NOON


def test_a_folder_that_went_away_is_a_storage_fault(
    output: RingOutput, tmp_path: Path, recording: Path, reports: Reports
) -> None:
    (tmp_path / "ring").rmdir()
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON, report=reports)
    end = reports.until_end()[-1]
    assert isinstance(end, Faulted)
    assert end.reason == "storage"


def test_a_play_id_that_could_leave_the_folder_is_refused(output: RingOutput, recording: Path) -> None:
    with pytest.raises(ValueError, match="play id"):
        output.arm(Track(files=(recording,)), play_id="../x", due=NOON, report=Reports())


def test_closing_stops_what_waits(output: RingOutput, recording: Path, reports: Reports) -> None:
    output.arm(Track(files=(recording,)), play_id="p1", due=NOON + 10**8 * SECOND, report=reports)
    output.close()
    assert isinstance(reports.until_end()[-1], Stopped)
