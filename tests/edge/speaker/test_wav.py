import shutil
import wave
from pathlib import Path

import numpy as np

from edge.speaker.wav import WavWriter
from tests.factories_sound import noise, read_sound, tone


def test_what_is_written_is_read_back_to_one_step_of_sixteen_bits(tmp_path: Path) -> None:
    samples = tone(0.5)
    with WavWriter(tmp_path / "a.wav") as wav:
        for at in range(0, len(samples), 700):
            wav.append(samples[at : at + 700])
    assert np.abs(read_sound(tmp_path / "a.wav") - samples).max() < 1 / 16_384


def test_it_is_sixteen_bit_mono_at_48_kilohertz(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "a.wav") as wav:
        wav.append(tone(0.1))
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getsampwidth(), file.getnchannels(), file.getframerate()) == (2, 1, 48_000)


def test_it_can_be_read_at_every_moment_while_it_grows(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "a.wav") as wav:
        for count in range(4):
            shutil.copy(tmp_path / "a.wav", tmp_path / "copy.wav")
            assert len(read_sound(tmp_path / "copy.wav")) == count * 480
            wav.append(noise(0.01))


def test_a_cut_between_sound_and_header_loses_only_that_block(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "a.wav") as wav:
        wav.append(tone(0.1))
    with (tmp_path / "a.wav").open("ab") as file:
        file.write(b"\x01\x02\x03" * 333)
    assert len(read_sound(tmp_path / "a.wav")) == 4800


def test_too_loud_is_clipped_and_never_wraps_around(tmp_path: Path) -> None:
    with WavWriter(tmp_path / "a.wav") as wav:
        wav.append(np.array([2.0, -2.0], np.float32))
    high, low = read_sound(tmp_path / "a.wav")
    assert high > 0.99
    assert low < -0.99
