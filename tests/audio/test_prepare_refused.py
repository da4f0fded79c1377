"""Which files are refused, told as flawed, or no fault of their sender; and what is left of them."""

from pathlib import Path

import pytest

from audio.errors import ToolFailed, ToolMissing
from audio.loudness import Correction
from audio.passes import Cut, encode
from audio.prepare import clear_leftovers, prepare
from audio.probe import probe
from tests.factories_sounds import SINE, Samples, codes, refusal


def test_digital_silence_is_refused(samples: Samples, tmp_path: Path) -> None:
    assert refusal(samples.generated("silence.wav", "0"), tmp_path).code == "silent"


def test_the_noise_of_an_open_line_is_refused_as_silence(samples: Samples, tmp_path: Path) -> None:
    assert refusal(samples.generated("hiss.wav", "0.0004*(random(0)-0.5)"), tmp_path).code == "silent"


def test_a_click_of_ten_milliseconds_is_too_short(samples: Samples, tmp_path: Path) -> None:
    assert refusal(samples.generated("click.wav", SINE, length_s=0.01), tmp_path).code == "too_short"


@pytest.mark.parametrize("kind", ["flac", "wav"])
def test_a_file_cut_off_in_the_middle_says_how_much_is_left(
    samples: Samples, tmp_path: Path, kind: str
) -> None:
    whole = samples.changed(f"cut.{kind}", "anull").read_bytes()
    refused = refusal(samples.written(f"cut off.{kind}", whole[: len(whole) // 2]), tmp_path)
    assert refused.code == "cut_short"
    assert 0 < float(refused.facts["found_s"]) < float(refused.facts["declared_s"])


def test_a_small_file_that_decodes_to_hours_is_refused_at_the_limit(samples: Samples, tmp_path: Path) -> None:
    # Raw AAC frames declare no length, so only decoding can tell.
    bomb = samples.generated("bomb.aac", "0.1*sin(2*PI*440*t)", "-b:a", "8k", length_s=600, rate_hz=8000)
    refused = refusal(bomb, tmp_path, limit_s=100)
    assert refused.code == "too_long"
    assert refused.facts["found_s"] == pytest.approx(101, abs=0.2)


def test_a_few_bad_bytes_are_told_not_refused(samples: Samples, tmp_path: Path) -> None:
    content = bytearray(samples.changed("bytes.mp3", "anull", "-b:a", "64k").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = b"\x00" * 400
    assert "flawed" in codes(prepare(samples.written("bad bytes.mp3", bytes(content)), tmp_path))


def test_what_a_power_cut_left_is_cleared(tmp_path: Path) -> None:
    (tmp_path / ".preparing-abc").mkdir()
    (tmp_path / ".preparing-abc" / "first.opus").write_bytes(b"half")
    (tmp_path / "kept.opus").write_bytes(b"whole")
    assert clear_leftovers(tmp_path) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["kept.opus"]


def test_a_full_disk_is_no_fault_of_the_file(samples: Samples) -> None:
    cut = Cut(start_s=0, end_s=2, channel=None, least_s=0.5)
    correction = Correction(gain_db=0, ceiling_db=None, aim_lufs=-16)
    with pytest.raises(ToolFailed, match="the disk is full"):
        encode(samples.speech(), probe(samples.speech()), Path("/dev/full"), cut=cut, correction=correction)


def test_a_refused_file_leaves_the_folder_as_it_was(samples: Samples, tmp_path: Path) -> None:
    refusal(samples.generated("silence.wav", "0"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


class Stopped(Exception):
    pass


def test_what_progress_raises_stops_the_work_and_leaves_nothing(samples: Samples, tmp_path: Path) -> None:
    def stop_while_encoding(share: float) -> None:
        if share > 0.25:
            raise Stopped

    with pytest.raises(Stopped):
        prepare(samples.speech(), tmp_path, progress=stop_while_encoding)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_ffmpeg_is_no_fault_of_the_file(
    samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = samples.speech()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="apt-get install ffmpeg"):
        prepare(source, tmp_path)
