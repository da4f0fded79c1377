from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from edge.speaker.track import Feed, Track
from edge.speaker.voice import Voice
from tests.factories_sound import write_recording
from tests.fakes_sound import LevelFeed

STEP = 480
Act = Callable[[], None]


def rendered(voice: Voice, *, at: dict[int, Act] | None = None) -> np.ndarray:
    """All the samples of the voice; ``at`` a block's number something is asked of it before that block."""
    out, number = [], 0
    while not voice.ended:
        (at or {}).get(number, lambda: None)()
        block = np.full(STEP, np.nan, np.float32)
        count = voice.render(block)
        assert not block[count:].any()
        out.append(block[:count])
        number += 1
    return np.concatenate(out)


def biggest_jump(samples: np.ndarray) -> float:
    return float(np.abs(np.diff(np.append(samples, 0))).max())


def test_a_track_from_its_beginning_is_not_touched() -> None:
    samples = rendered(Voice(LevelFeed(4800), fade_in=False))
    assert np.array_equal(samples, np.ones(4800, np.float32))


def test_coming_in_at_an_offset_fades_in_over_three_milliseconds() -> None:
    samples = rendered(Voice(LevelFeed(4800), fade_in=True))
    assert samples[0] == 0
    assert np.allclose(np.diff(samples[:145]), 1 / 144)
    assert (samples[144:] == 1).all()


def test_a_track_sounds_at_its_gain_from_the_first_sample() -> None:
    samples = rendered(Voice(LevelFeed(4800), fade_in=False, gain=0.25))
    assert np.array_equal(samples, np.full(4800, 0.25, np.float32))


@pytest.mark.parametrize(("before", "after"), [(1.0, 0.125), (0.125, 1.0), (1.0, 0.0)])
def test_turned_while_it_sounds_it_goes_to_the_new_gain_without_a_click(before: float, after: float) -> None:
    voice = Voice(LevelFeed(14_400), fade_in=False, gain=before)
    samples = rendered(voice, at={3: lambda: voice.turn(after)})
    assert (samples[: 3 * STEP] == before).all()
    assert (samples[3 * STEP + 4_800 :] == after).all()
    assert np.abs(np.diff(samples)).max() <= 1.001 / 4_800


def test_stop_fades_to_silence_from_the_next_sample_on() -> None:
    voice = Voice(LevelFeed(48_000), fade_in=False)
    samples = rendered(voice, at={3: lambda: voice.stop(fade_frames=1440)})
    assert len(samples) == 3 * STEP + 1440
    assert biggest_jump(samples) < 0.001


def test_a_second_stop_changes_nothing() -> None:
    voice = Voice(LevelFeed(48_000), fade_in=False)
    at = {3: lambda: voice.stop(fade_frames=1440), 4: lambda: voice.stop(fade_frames=9600)}
    assert len(rendered(voice, at=at)) == 3 * STEP + 1440


def test_at_a_boundary_it_is_silent_and_the_fade_lies_before() -> None:
    voice = Voice(LevelFeed(48_000), fade_in=False)
    voice.bound(10_000, fade_frames=2400)
    samples = rendered(voice)
    assert len(samples) == 10_000
    assert (samples[:7600] == 1).all()
    assert samples[-1] == pytest.approx(1 / 2400)


def test_a_boundary_that_ended_it_is_told_apart_from_a_stop() -> None:
    bound, stopped = Voice(LevelFeed(9600), fade_in=False), Voice(LevelFeed(9600), fade_in=False)
    bound.bound(4800, fade_frames=480)
    stopped.stop(fade_frames=480)
    rendered(bound)
    rendered(stopped)
    assert (bound.stopped, bound.at_boundary) == (True, True)
    assert (stopped.stopped, stopped.at_boundary) == (True, False)


def test_a_track_that_ends_before_its_boundary_was_not_stopped() -> None:
    voice = Voice(LevelFeed(4800), fade_in=False)
    voice.bound(9600, fade_frames=480)
    assert len(rendered(voice)) == 4800
    assert not voice.stopped


def test_a_boundary_can_be_lifted() -> None:
    voice = Voice(LevelFeed(9600), fade_in=False)
    voice.bound(4800, fade_frames=480)
    assert len(rendered(voice, at={5: lambda: voice.bound(None, fade_frames=0)})) == 9600


def test_a_boundary_in_the_past_still_ends_without_a_click() -> None:
    voice = Voice(LevelFeed(48_000), fade_in=False)
    samples = rendered(voice, at={5: lambda: voice.bound(10, fade_frames=1440)})
    assert len(samples) == 5 * STEP + 240
    assert biggest_jump(samples) < 0.005


def test_a_stop_during_the_fade_to_a_boundary_does_not_click() -> None:
    voice = Voice(LevelFeed(48_000), fade_in=False)
    voice.bound(6000, fade_frames=4000)
    samples = rendered(voice, at={8: lambda: voice.stop(fade_frames=480)})
    assert biggest_jump(samples) < 0.005


def test_after_the_end_there_is_only_silence(tmp_path: Path) -> None:
    feed = Feed(Track(files=(write_recording(tmp_path / "a.opus", np.ones(480, np.float32)),)))
    feed.open()
    voice = Voice(feed, fade_in=False)
    feed.wait_ready(10)
    rendered(voice)
    out = np.ones(100, np.float32)
    assert voice.render(out) == 0
    assert not out.any()
    feed.close()
