from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from edge.speaker.placement import GRACE_S, Placement
from edge.speaker.play import Play
from edge.speaker.timeline import Timeline
from edge.speaker.track import Track
from edge.speaker.voice import Voice
from tests.factories_sound import noise, read_sound, write_recording
from tests.fakes_sound import NOON, LevelFeed, Reports

BLOCK = 1200
RATE_HZ = 48_000
LATENCY_S = 0.1


class Card:
    """A sound card of which everything is known: when each sample left its converter, and what it was."""

    def __init__(self, *plays: Play, ppm_slow: float = 0.0, known_ppm: float = 0.0) -> None:
        self.timeline = Timeline(drift_ppm=known_ppm)
        self.placements = [Placement(play, self.timeline) for play in plays]
        self._slow = 1 + ppm_slow / 1e6
        self._frame = 0
        self._sound: list[np.ndarray] = []
        self.origin_s = 50.0
        self.clock_ahead_s = 0.0

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * RATE_HZ / BLOCK)):
            leaves_s = self.origin_s + self._frame / RATE_HZ * self._slow
            now_s = leaves_s - LATENCY_S
            now = NOON + timedelta(seconds=now_s + self.clock_ahead_s)
            out = np.zeros(BLOCK, np.float32)
            self.timeline.observe(self._frame, leaves_s=leaves_s, now_s=now_s)
            begin = 0
            for placement in self.placements:
                begin = placement.fill(out, begin=begin, frame=self._frame, now_s=now_s, now=now)
            self._sound.append(out)
            self._frame += BLOCK

    @property
    def sound(self) -> np.ndarray:
        return np.concatenate(self._sound)

    def instant_of(self, frame: float) -> float:
        return self.origin_s + frame / RATE_HZ * self._slow


def play_of(path: Path, *, due_s: float, ready: bool = True) -> Play:
    play = Play(Track(files=(path,)), due=NOON + timedelta(seconds=due_s), report=Reports())
    if ready:
        play.feed.open()
        assert play.feed.wait_ready(10)
    return play


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "a.opus", noise(1))


def test_a_card_that_is_known_for_its_wrong_clock_is_in_step_from_the_start(recording: Path) -> None:
    card = Card(play_of(recording, due_s=53.3), ppm_slow=100, known_ppm=100)
    card.run(5)
    assert card.instant_of(start_of(card)) == pytest.approx(53.3, abs=1 / RATE_HZ)
    assert only(card).end_s == pytest.approx(54.3, abs=1 / RATE_HZ)


def only(card: Card) -> Placement:
    (placement,) = card.placements
    return placement


def start_of(card: Card) -> int:
    return int(np.flatnonzero(card.sound)[0])


def test_the_first_sample_leaves_the_converter_at_the_due_instant(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51.234567))
    card.run(3)
    assert card.instant_of(start_of(card)) == pytest.approx(51.234567, abs=1 / RATE_HZ)


def test_what_sounds_is_the_recording_and_nothing_else(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51))
    card.run(3)
    start, expected = start_of(card), read_sound(recording)
    assert np.allclose(card.sound[start : start + len(expected)], expected, atol=0.001)
    assert not card.sound[start + len(expected) :].any()


def test_the_end_is_known_to_the_sample(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51))
    card.run(3)
    assert only(card).end_s == pytest.approx(52, abs=2 / RATE_HZ)


def test_a_late_play_starts_as_soon_as_the_instants_are_trusted(recording: Path) -> None:
    card = Card(play_of(recording, due_s=10))
    card.run(3)
    assert 50.1 < card.instant_of(start_of(card)) < 50.3


def test_it_waits_a_moment_for_a_slow_decoder(recording: Path) -> None:
    play = play_of(recording, due_s=51, ready=False)
    card = Card(play)
    card.run(1.5)
    play.feed.open()
    assert play.feed.wait_ready(10)
    card.run(1.5)
    assert card.instant_of(start_of(card)) == pytest.approx(51.5, abs=0.03)
    assert np.allclose(card.sound[start_of(card) :][:1000], read_sound(recording)[:1000], atol=0.001)


def test_it_does_not_wait_for_ever(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51, ready=False))
    card.run(1 + GRACE_S + 1)
    assert only(card).first_s == pytest.approx(51 + GRACE_S + LATENCY_S, abs=0.1)


def test_a_clock_put_right_before_the_start_is_obeyed(recording: Path) -> None:
    card = Card(play_of(recording, due_s=52))
    card.run(0.5)
    card.clock_ahead_s = 0.75
    card.run(3)
    assert card.instant_of(start_of(card)) == pytest.approx(51.25, abs=1 / RATE_HZ)


def test_a_clock_put_right_during_the_play_does_not_disturb_it(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51))
    card.run(1.3)
    card.clock_ahead_s = -3600
    card.run(2)
    start, expected = start_of(card), read_sound(recording)
    assert np.allclose(card.sound[start : start + len(expected)], expected, atol=0.001)


def test_a_stopped_play_never_starts(recording: Path) -> None:
    play = play_of(recording, due_s=51)
    play.stop()
    card = Card(play)
    card.run(3)
    assert not card.sound.any()


def test_a_play_due_at_its_boundary_never_starts(recording: Path) -> None:
    play = play_of(recording, due_s=51)
    play.until(NOON + timedelta(seconds=51))
    card = Card(play)
    card.run(3)
    assert not card.sound.any()


def test_a_play_right_behind_another_starts_when_due(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51), play_of(recording, due_s=52))
    card.run(4)
    expected = read_sound(recording)
    second = card.sound[start_of(card) + len(expected) :][: len(expected)]
    assert np.allclose(second, expected, atol=0.001)
    assert card.placements[1].first_s == pytest.approx(52, abs=1 / RATE_HZ)


def test_behind_one_that_runs_over_a_play_starts_with_the_next_sample(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51), play_of(recording, due_s=51.4))
    card.run(4)
    first, second = card.placements
    assert second.first_s == pytest.approx(first.end_s, abs=1 / RATE_HZ)


def test_a_play_behind_one_that_was_stopped_before_it_began_starts_when_due(recording: Path) -> None:
    stopped = play_of(recording, due_s=51)
    card = Card(stopped, play_of(recording, due_s=52))
    card.run(0.5)
    stopped.stop()
    card.run(3)
    assert card.instant_of(start_of(card)) == pytest.approx(52, abs=1 / RATE_HZ)


def test_what_a_card_that_ran_dry_lost_is_left_out(recording: Path) -> None:
    card = Card(play_of(recording, due_s=51))
    card.run(1.2)
    card.origin_s += 0.3
    card.run(2)
    assert only(card).slips == 1
    assert only(card).end_s == pytest.approx(52, abs=0.001)


@pytest.mark.parametrize("ppm_slow", [-150, 100])
def test_a_card_with_a_wrong_clock_stays_in_step_and_is_known_for_it(ppm_slow: float) -> None:
    play = Play(Track(files=()), due=NOON + timedelta(seconds=51), report=Reports())
    play.feed = LevelFeed(120 * RATE_HZ)
    play.voice = Voice(play.feed, fade_in=False)
    card = Card(play, ppm_slow=ppm_slow)
    card.run(123)
    placement = only(card)
    assert placement.end_s == pytest.approx(51 + 120, abs=0.0002)
    assert card.timeline.drift_ppm == pytest.approx(ppm_slow, abs=3)
    assert placement.slips == 0


def test_what_must_sound_at_once_does_not_wait_for_the_device_to_settle(recording: Path) -> None:
    track = Track(files=(recording,), at_once=True)
    play = Play(track, due=NOON, report=Reports())
    play.feed.open()
    assert play.feed.wait_ready(10)
    card = Card(play)
    card.run(0.1)
    assert np.abs(card.sound[: BLOCK * 2]).max() > 0
