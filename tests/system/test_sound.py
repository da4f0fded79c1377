"""What the loudspeakers really sound, recorded on the square.

Limits are wide enough for a busy machine: these tests tell right from wrong, the benchmarks tell good from
better.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.factories_sound import noise, read_sound, write_recording
from tests.system.rig import FIRST, RATE_HZ, Capture, Captured, SoundServer

ROOT = Path(__file__).resolve().parents[2]
LEAD_S = 6.0  # a sound server tells a new stream wrong instants at first
SECONDS = 4.0
TRIO = ("loa1", "loa4", "loa8")
# Speech from two loudspeakers fuses below about 40 ms.
IN_STEP_S = 0.04
# A device that ran dry on a busy machine is back in step after that.
RECOVERS_WITHIN_S = 0.5


class Player:
    """A loudspeaker program on one device of the rig; plays once it is told when."""

    def __init__(self, server: SoundServer, device: str, file: Path, *options: str) -> None:
        program = [*FIRST, sys.executable, "-m", "tests.system.sound_player"]
        self._process = subprocess.Popen(
            [*program, device, str(file), *options],
            cwd=ROOT,
            env=server.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def wait_until_ready(self) -> None:
        """Returns when all it is made of is loaded, however long that takes."""
        assert self.next_event()["event"] == "Ready"

    def play(self, due: datetime) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{due.isoformat()}\n")
        self._process.stdin.flush()

    def next_event(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        event: dict[str, Any] = json.loads(self._process.stdout.readline())
        return event

    def events(self) -> list[dict[str, Any]]:
        """Everything else that it reports; waits for its end."""
        said, _ = self._process.communicate(timeout=60)
        return [json.loads(line) for line in said.splitlines()]


class Heard:
    """A recording of the square, and where in it each device sounds."""

    def __init__(self, captured: Captured, file: Path, due: datetime) -> None:
        self.captured = captured
        self.sound = read_sound(file)
        self.due = due
        self.events: dict[str, list[dict[str, Any]]] = {}

    def start_row(self, device: str, *, after_s: float = 0) -> int:
        """Where the recording begins in the channel of a device, by cross-correlation; about ``after_s`` from
        the due instant, give or take a second."""
        channel = self.captured.channel(device)
        begin = max(0, self.captured.row_at(self.due.timestamp() + after_s) - RATE_HZ)
        size = 1 << 19
        spectrum = np.fft.rfft(channel[begin:][:size], size)
        likeness = np.fft.irfft(spectrum * np.conj(np.fft.rfft(self.sound[:RATE_HZ], size)), size)
        return begin + int(np.argmax(likeness[: 2 * RATE_HZ]))

    def start_error_s(self, device: str) -> float:
        return self.captured.instant_of(self.start_row(device)) - self.due.timestamp()


def rms_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def in_a_while() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=LEAD_S)


def played(server: SoundServer, file: Path, devices: dict[str, list[str]]) -> Heard:
    """Play on each device, with its options, in a program of its own, and record the square meanwhile."""
    players = {device: Player(server, device, file, *options) for device, options in devices.items()}
    for player in players.values():
        player.wait_until_ready()
    capture = Capture(server)
    try:
        due = in_a_while()
        for player in players.values():
            player.play(due)
        events = {device: player.events() for device, player in players.items()}
    finally:
        captured = capture.stop()
    heard = Heard(captured, file, due)
    heard.events = events
    return heard


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_recording(tmp_path_factory.mktemp("recordings") / "noise.opus", noise(SECONDS))


@pytest.fixture(scope="module")
def heard(sound_server: SoundServer, recording: Path) -> Heard:
    """Three programs, one recording, one due instant."""
    return played(sound_server, recording, {device: [] for device in TRIO})


@pytest.fixture(scope="module")
def cut(sound_server: SoundServer, recording: Path) -> Heard:
    """One each: stopped after a second, bounded after two, begun at an offset, turned down, missing."""
    ways = {
        "loa2": ["--stop-after-s", "1"],
        "loa3": ["--until-after-s", "2"],
        "loa5": ["--start-ms", "1500"],
        "loa6": ["--volume", "50"],
        "loa7-gone": [],
    }
    return played(sound_server, recording, ways)


@pytest.fixture(scope="module")
def row(sound_server: SoundServer, recording: Path) -> Heard:
    """Armed twice at once: due again when the first is over, and half a second too early for that."""
    ways = {"loa1": ["--again-after-s", str(SECONDS)], "loa4": ["--again-after-s", str(SECONDS - 0.5)]}
    return played(sound_server, recording, ways)


def test_what_is_due_when_the_one_before_is_over_starts_when_due(row: Heard) -> None:
    again = row.captured.instant_of(row.start_row("loa1", after_s=SECONDS))
    assert abs(again - row.due.timestamp() - SECONDS) < IN_STEP_S


def test_what_is_due_before_the_one_before_is_over_starts_the_moment_it_is(row: Heard) -> None:
    first, again = row.start_row("loa4"), row.start_row("loa4", after_s=SECONDS)
    assert abs(again - first - len(row.sound)) / RATE_HZ < 0.002


@pytest.mark.parametrize("device", TRIO)
def test_the_first_sample_sounds_when_due(heard: Heard, device: str) -> None:
    assert abs(heard.start_error_s(device)) < IN_STEP_S


@pytest.mark.parametrize(("one", "other"), list(combinations(TRIO, 2)))
def test_two_loudspeakers_sound_in_step(heard: Heard, one: str, other: str) -> None:
    assert abs(heard.start_row(one) - heard.start_row(other)) / RATE_HZ < IN_STEP_S


@pytest.mark.parametrize("device", TRIO)
def test_what_an_output_says_of_its_start_is_what_is_heard(heard: Heard, device: str) -> None:
    started, finished = heard.events[device]
    assert (started["event"], finished["event"]) == ("Started", "Finished")
    assert abs(started["error_ms"] / 1000 - heard.start_error_s(device)) < IN_STEP_S


@pytest.mark.parametrize("device", TRIO)
def test_it_sounds_as_loud_as_it_was_prepared(heard: Heard, device: str) -> None:
    start = heard.start_row(device)
    sounding = heard.captured.channel(device)[start : start + len(heard.sound)]
    assert rms_db(sounding) == pytest.approx(rms_db(heard.sound), abs=0.5)


@pytest.mark.parametrize("device", TRIO)
def test_before_and_after_there_is_silence_and_no_click(heard: Heard, device: str) -> None:
    start, channel = heard.start_row(device), heard.captured.channel(device)
    assert not np.abs(channel[: start - 2]).any()
    assert not np.abs(channel[start + len(heard.sound) + RATE_HZ // 10 :]).any()


def test_a_loudspeaker_nobody_plays_to_stays_silent(heard: Heard) -> None:
    assert not heard.captured.channel("loa2").any()


def test_stop_is_silent_within_a_second_and_fades(cut: Heard) -> None:
    started, stopped = cut.events["loa2"]
    assert stopped["event"] == "Stopped"
    last = int(np.flatnonzero(cut.captured.channel("loa2"))[-1])
    assert cut.captured.instant_of(last) < started["at"] + 2
    assert np.abs(cut.captured.channel("loa2")[last - 20 : last + 1]).max() < 0.02


def test_at_the_boundary_it_is_silent(cut: Heard) -> None:
    last = int(np.flatnonzero(cut.captured.channel("loa3"))[-1])
    boundary_s = cut.due.timestamp() + 2
    assert boundary_s - 0.1 < cut.captured.instant_of(last) < boundary_s + RECOVERS_WITHIN_S
    assert cut.events["loa3"][-1]["at_boundary"]


def test_a_track_armed_at_an_offset_sounds_from_there_when_due(cut: Heard) -> None:
    channel, offset = cut.captured.channel("loa5"), round(1.5 * RATE_HZ)
    first = int(np.flatnonzero(np.abs(channel) > 1e-4)[0])
    assert abs(cut.captured.instant_of(first) - cut.due.timestamp()) < IN_STEP_S
    found = np.correlate(channel[first : first + 9600], cut.sound[offset + 2400 : offset + 4800])
    assert abs(int(np.argmax(found)) - 2400) < 10


def test_half_the_volume_is_eighteen_decibels_less(cut: Heard) -> None:
    sounding = cut.captured.channel("loa6")
    sounding = sounding[np.flatnonzero(sounding)[0] :][: len(cut.sound)]
    assert rms_db(sounding) == pytest.approx(rms_db(cut.sound) - 18.06, abs=0.5)


def test_a_missing_device_is_a_fault_and_sounds_nowhere_else(cut: Heard) -> None:
    (fault,) = cut.events["loa7-gone"]
    assert (fault["event"], fault["reason"]) == ("Faulted", "device_missing")
    assert not cut.captured.channel("loa7").any()
    assert not cut.captured.channel("loa1").any()


@pytest.fixture
def doomed_server() -> Iterator[SoundServer]:
    server = SoundServer()
    server.start()
    yield server
    server.stop()


def test_a_sound_system_that_dies_is_a_lost_device(doomed_server: SoundServer, recording: Path) -> None:
    player = Player(doomed_server, "loa1", recording)
    player.wait_until_ready()
    player.play(datetime.now(UTC) + timedelta(seconds=2.5))
    assert player.next_event()["event"] == "Started"
    doomed_server.kill()
    (end,) = player.events()
    assert (end["event"], end["reason"]) == ("Faulted", "device_lost")
