import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from edge.speaker.errors import Unplayable
from edge.speaker.samples import Samples
from edge.speaker.track import AHEAD_BLOCKS, AT_ONCE_BLOCKS, BLOCK_FRAMES, Feed, Track, blocks, gain_of
from tests.factories_sound import noise, read_sound, write_recording


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write_recording(tmp_path / "one.opus", noise(0.5, seed=1)),
        write_recording(tmp_path / "two.opus", noise(0.7, seed=2)),
    )


def whole(track: Track) -> np.ndarray:
    return np.concatenate([np.zeros(0, np.float32), *blocks(track)])


def take_all(feed: Feed, size: int) -> np.ndarray:
    taken = []
    while not feed.ended:
        out = np.zeros(size, np.float32)
        taken.append(out[: feed.take(out)])
    return np.concatenate(taken)


def test_recordings_follow_each_other_without_a_gap(two: tuple[Path, Path]) -> None:
    expected = np.concatenate([read_sound(path) for path in two])
    assert np.array_equal(whole(Track(files=two)), expected)


def test_a_gap_lies_between_two_recordings_only(two: tuple[Path, Path]) -> None:
    silence = np.zeros(12_000, np.float32)
    expected = np.concatenate([read_sound(two[0]), silence, read_sound(two[1])])
    assert np.array_equal(whole(Track(files=two, gap_ms=250)), expected)


@pytest.mark.parametrize("start_ms", [1, 100, 500, 600, 749, 750, 800, 1449])
def test_an_offset_counts_over_recordings_and_gaps(two: tuple[Path, Path], start_ms: int) -> None:
    full = whole(Track(files=two, gap_ms=250))
    assert np.array_equal(whole(Track(files=two, gap_ms=250, start_ms=start_ms)), full[start_ms * 48 :])


def test_an_offset_past_the_end_leaves_nothing(two: tuple[Path, Path]) -> None:
    assert len(whole(Track(files=two, start_ms=60_000))) == 0


def test_no_block_is_longer_than_stated(two: tuple[Path, Path]) -> None:
    assert all(len(block) <= BLOCK_FRAMES for block in blocks(Track(files=two, gap_ms=900)))


def test_half_volume_is_an_eighth_of_the_amplitude() -> None:
    assert gain_of(50) == 1 / 8


def test_volume_zero_is_silence() -> None:
    assert gain_of(0) == 0


def test_full_volume_is_the_recording_as_prepared() -> None:
    assert gain_of(100) == 1.0


@pytest.mark.parametrize("wrong", [{"volume": 101}, {"volume": -1}, {"gap_ms": -1}, {"start_ms": -1}])
def test_a_track_refuses_what_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="wanted"):
        Track(files=(), **wrong)


def test_a_missing_second_recording_is_found_before_anything_sounds(two: tuple[Path, Path]) -> None:
    two[1].unlink()
    with pytest.raises(Unplayable, match="two"):
        next(blocks(Track(files=two)))


@pytest.mark.parametrize("size", [1000, BLOCK_FRAMES, 7001])
def test_a_feed_gives_the_whole_track_in_any_block_size(two: tuple[Path, Path], size: int) -> None:
    feed = Feed(Track(files=two))
    feed.open()
    assert feed.wait_ready(10)
    assert np.array_equal(take_all(feed, size), whole(Track(files=two)))
    feed.close()


def test_a_feed_is_ready_with_the_block_that_fills_its_buffer(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    def just_enough(_track: Track) -> Iterator[Samples]:
        for _ in range(AHEAD_BLOCKS):
            yield np.ones(10, np.float32)
        may_go_on.wait()

    monkeypatch.setattr("edge.speaker.track.blocks", just_enough)
    feed = Feed(Track(files=two))
    feed.open()
    is_ready = feed.wait_ready(5)
    may_go_on.set()
    feed.close()
    assert is_ready


def test_a_feed_holds_two_seconds_of_a_long_track(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "long.opus", noise(8))
    feed = Feed(Track(files=(path,)))
    feed.open()
    assert feed.wait_ready(10)
    out = np.zeros(8 * 48_000, np.float32)
    feed.take(out)
    feed.close()
    assert feed.starved_frames > 0


def test_after_a_starved_moment_the_track_goes_on_in_step(two: tuple[Path, Path]) -> None:
    feed = Feed(Track(files=two))
    early = np.ones(1000, np.float32)
    assert feed.take(early) == 1000
    assert not early.any()
    feed.open()
    assert feed.wait_ready(10)
    assert np.array_equal(take_all(feed, 4000), whole(Track(files=two))[1000:])
    feed.close()


def test_an_unplayable_track_ends_with_its_error(tmp_path: Path) -> None:
    feed = Feed(Track(files=(tmp_path / "gone.opus",)))
    feed.open()
    assert feed.wait_ready(10)
    assert feed.take(np.zeros(100, np.float32)) == 0
    assert "gone.opus" in str(feed.error)
    feed.close()


def test_a_mistake_while_decoding_is_an_error_of_the_track(
    two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(_track: Track) -> Iterator[Samples]:
        yield np.ones(10, np.float32)
        raise MemoryError("no more")

    monkeypatch.setattr("edge.speaker.track.blocks", break_down)
    feed = Feed(Track(files=two))
    feed.open()
    assert feed.wait_ready(10)
    assert "no more" in str(feed.error)
    feed.close()


def test_closing_a_feed_ends_its_thread(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "long.opus", noise(8))
    feed = Feed(Track(files=(path,)))
    feed.open()
    feed.close()
    assert "decoder" not in {thread.name for thread in threading.enumerate()}


def test_what_must_sound_at_once_is_ready_with_half_a_second(tmp_path: Path) -> None:
    """Decoding two seconds first would be heard as that much more silence."""
    feed = Feed(Track(files=(write_recording(tmp_path / "a.opus", noise(10)),), at_once=True))
    for _ in range(AT_ONCE_BLOCKS):
        feed._put(np.zeros(BLOCK_FRAMES, np.float32))
    assert feed.is_ready
