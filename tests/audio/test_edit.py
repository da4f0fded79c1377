"""Chime, speech and pauses in one file."""

import wave
from pathlib import Path

import pytest

from audio.edit import Clip, Pause, join
from audio.errors import Refused
from tests.factories_sounds import Samples


def chime(samples: Samples) -> Clip:
    return Clip(path=samples.generated("chime.flac", "0.3*sin(2*PI*660*t)", length_s=1, rate_hz=44_100))


def samples_of(path: Path) -> tuple[int, bytes]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), file.readframes(file.getnframes())


def test_parts_follow_one_another(samples: Samples, tmp_path: Path) -> None:
    parts: list[Clip | Pause] = [chime(samples), Pause(length_s=0.5), chime(samples)]
    assert join(parts, tmp_path / "joined.wav") == pytest.approx(2.5, abs=0.01)


def test_the_result_is_a_48_khz_wav_with_silence_in_the_pause(samples: Samples, tmp_path: Path) -> None:
    join([chime(samples), Pause(length_s=1), chime(samples)], tmp_path / "joined.wav")
    rate_hz, data = samples_of(tmp_path / "joined.wav")
    assert rate_hz == 48_000
    assert not any(data[2 * int(1.1 * rate_hz) : 2 * int(1.9 * rate_hz)])
    assert any(data[2 * int(2.1 * rate_hz) :])


def test_a_clip_begins_and_ends_without_a_click(samples: Samples, tmp_path: Path) -> None:
    loud = Clip(path=samples.generated("step.wav", "0.9", length_s=1))
    join([loud], tmp_path / "joined.wav")
    _, data = samples_of(tmp_path / "joined.wav")
    ends = (data[:2], data[-2:])
    assert all(abs(int.from_bytes(end, "little", signed=True)) < 600 for end in ends)


def test_parts_that_grow_too_long_together_are_refused(samples: Samples, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too_long"):
        join([chime(samples), chime(samples)], tmp_path / "joined.wav", limit_s=1.5)
    assert not (tmp_path / "joined.wav").exists()


def test_a_pause_that_grows_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="too_long"):
        join([Pause(length_s=301)], tmp_path / "joined.wav")


def test_nothing_to_join_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="empty"):
        join([], tmp_path / "joined.wav")


def test_a_part_that_is_not_sound_is_refused(samples: Samples, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not_audio"):
        join([Clip(path=samples.written("words.wav", b"chao " * 900))], tmp_path / "joined.wav")
