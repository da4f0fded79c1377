"""The gain in the head of an Opus file, as the programs that play recordings hear it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.errors import ToolFailed
from audio.loudness import to_db
from audio.opus_head import first_page, set_gain, with_gain
from tests.factories_sounds import Samples


def opus(samples: Samples, folder: Path) -> Path:
    """A copy of the speech as ffmpeg writes it, to be changed."""
    made = samples.changed("head.opus", "aresample=48000", "-c:a", "libopus")
    copy = folder / "copy.opus"
    copy.write_bytes(made.read_bytes())
    return copy


def peak_by_ffmpeg(path: Path) -> float:
    command = ["ffmpeg", "-nostdin", "-v", "error", "-xerror", "-i", str(path), "-f", "f32le", "pipe:1"]
    raw = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    return to_db(float(np.abs(np.frombuffer(raw, np.float32)).max()))


def peak_by_a_node(path: Path) -> float:
    return to_db(float(np.abs(soundfile.read(path, dtype="float32")[0]).max()))


@pytest.mark.parametrize("peak_of", [peak_by_ffmpeg, peak_by_a_node])
@pytest.mark.parametrize("gain_db", [-6.5, 0.25])
def test_a_decoder_plays_as_much_louder_as_the_head_says(
    samples: Samples, tmp_path: Path, gain_db: float, peak_of: Callable[[Path], float]
) -> None:
    path = opus(samples, tmp_path)
    before_db = peak_of(path)
    set_gain(path, gain_db)
    assert peak_of(path) - before_db == pytest.approx(gain_db, abs=0.01)


def test_a_head_without_gain_is_the_one_that_ffmpeg_writes(samples: Samples, tmp_path: Path) -> None:
    page = first_page(opus(samples, tmp_path).read_bytes())
    assert with_gain(with_gain(page, 300), 0) == page


def test_nothing_but_the_head_changes(samples: Samples, tmp_path: Path) -> None:
    path = opus(samples, tmp_path)
    before = path.read_bytes()
    set_gain(path, 1.0)
    head_bytes = len(first_page(before))
    assert path.read_bytes()[head_bytes:] == before[head_bytes:]


def test_a_gain_is_never_more_than_was_asked_for(samples: Samples, tmp_path: Path) -> None:
    assert set_gain(opus(samples, tmp_path), -0.001) == -1 / 256


@pytest.mark.parametrize("content", [b"", b"OggS", b"RIFF" + bytes(60), b"OggS" + bytes(22) + b"\x01\x13"])
def test_what_is_no_opus_file_is_not_touched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ToolFailed, match="Opus head"):
        set_gain(path, 1.0)
    assert path.read_bytes() == content
