"""How loud a prepared recording is, judged by ffmpeg's own meter."""

from pathlib import Path
from typing import Any

import pytest

from audio.passes import encode
from audio.prepare import prepare
from audio.probe import Sound
from tests.factories_sounds import Samples, codes, heard_by_ffmpeg, sample_of

KINDS = [
    *("speech", "quiet", "clipped", "telephone", "song", "stereo m4a", "six channels", "three channels"),
    *("one side", "opposite sides", "video", "sine"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_has_house_loudness_and_room_for_its_peaks(
    samples: Samples, tmp_path: Path, kind: str
) -> None:
    heard_lufs, heard_dbtp = heard_by_ffmpeg(prepare(sample_of(samples, kind), tmp_path).path)
    assert heard_lufs == pytest.approx(-16, abs=0.5)
    assert heard_dbtp <= -1


@pytest.mark.parametrize("kind", ["speech", "quiet", "telephone", "song", "sine"])
def test_where_the_peaks_allow_it_house_loudness_is_met_to_a_tenth(
    samples: Samples, tmp_path: Path, kind: str
) -> None:
    heard_lufs, _ = heard_by_ffmpeg(prepare(sample_of(samples, kind), tmp_path).path)
    assert heard_lufs == pytest.approx(-16, abs=0.1)


def test_what_the_encoder_made_too_high_is_not_encoded_again(
    samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dense = samples.changed(
        "dense.mp3", "acompressor=threshold=0.05:ratio=8:makeup=6,volume=3dB,alimiter=limit=0.98"
    )
    tries: list[Path] = []

    def counted(source: Path, sound: Sound, target: Path, **rest: Any) -> None:
        tries.append(target)
        encode(source, sound, target, **rest)

    monkeypatch.setattr("audio.prepare.encode", counted)
    prepared = prepare(dense, tmp_path)
    assert prepared.after.true_peak_dbtp <= -1
    assert len(tries) == 1


@pytest.mark.parametrize("kind", ["speech", "sine", "clipped"])
def test_our_meter_agrees_with_the_reference(samples: Samples, tmp_path: Path, kind: str) -> None:
    prepared = prepare(sample_of(samples, kind), tmp_path)
    heard_lufs, heard_dbtp = heard_by_ffmpeg(prepared.path)
    assert prepared.after.integrated_lufs == pytest.approx(heard_lufs, abs=0.1)
    assert prepared.after.true_peak_dbtp == pytest.approx(heard_dbtp, abs=0.15)


@pytest.mark.parametrize("kind", ["speech", "telephone", "sine", "one side"])
def test_loudness_before_agrees_with_the_reference(samples: Samples, tmp_path: Path, kind: str) -> None:
    source = sample_of(samples, kind)
    heard_lufs, _ = heard_by_ffmpeg(source)
    # The reference adds the power of the channels; the mean of a silent and a sounding one is 6 dB below.
    expected = heard_lufs - (6.02 if kind == "one side" else 0)
    assert prepare(source, tmp_path).before.integrated_lufs == pytest.approx(expected, abs=0.1)


def test_a_slammed_door_does_not_keep_the_speech_quiet(samples: Samples, tmp_path: Path) -> None:
    prepared = prepare(sample_of(samples, "slammed door"), tmp_path)
    assert prepared.after.integrated_lufs >= -18
    assert prepared.after.true_peak_dbtp <= -1


def test_what_cannot_have_both_stays_quieter_and_says_so(samples: Samples, tmp_path: Path) -> None:
    clicks = samples.generated("clicks.wav", "0.9*lt(mod(t,0.5),0.0005)")
    prepared = prepare(clicks, tmp_path)
    assert prepared.after.true_peak_dbtp <= -1
    assert "quieter_than_house" in codes(prepared)
