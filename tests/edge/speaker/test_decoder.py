from pathlib import Path

import numpy as np
import pytest
import soundfile

from edge.speaker.decoder import can_decode_opus, open_recording
from edge.speaker.errors import Unplayable
from tests.factories_sound import noise, read_sound, tone, write_recording


def test_the_installed_library_decodes_opus() -> None:
    assert can_decode_opus()


def test_a_recording_keeps_its_length_to_the_sample(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.opus", tone(1.2345))
    with open_recording(path) as recording:
        assert recording.frames == round(1.2345 * 48_000)


def test_blocks_put_together_are_the_recording(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.opus", noise(1))
    with open_recording(path) as recording:
        pieces = []
        while len(piece := recording.read(1000)):
            pieces.append(piece)
    assert np.array_equal(np.concatenate(pieces), read_sound(path))


@pytest.mark.parametrize("frame", [0, 1, 961, 30_000, 47_999])
def test_after_a_seek_the_very_sample_asked_for_comes_next(tmp_path: Path, frame: int) -> None:
    path = write_recording(tmp_path / "a.opus", noise(1))
    with open_recording(path) as recording:
        recording.seek(frame)
        found = recording.read(500)
    assert np.array_equal(found, read_sound(path)[frame : frame + 500])


def test_at_the_end_nothing_is_read(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.opus", tone(0.1))
    with open_recording(path) as recording:
        recording.seek(recording.frames)
        assert len(recording.read(100)) == 0


def test_a_missing_file_is_unplayable(tmp_path: Path) -> None:
    with pytest.raises(Unplayable, match=r"gone\.opus"), open_recording(tmp_path / "gone.opus"):
        pass


def test_a_file_that_is_not_sound_is_unplayable(tmp_path: Path) -> None:
    path = tmp_path / "page.opus"
    path.write_text("<html>")
    with pytest.raises(Unplayable, match="cannot be opened"), open_recording(path):
        pass


def test_a_wav_under_the_name_of_a_recording_is_unplayable(tmp_path: Path) -> None:
    path = tmp_path / "a.opus"
    soundfile.write(path, tone(0.1), 48_000, format="WAV")
    with pytest.raises(Unplayable, match="WAV"), open_recording(path):
        pass


def test_two_channels_are_unplayable(tmp_path: Path) -> None:
    path = tmp_path / "a.opus"
    soundfile.write(path, np.zeros((4800, 2), np.float32), 48_000, format="OGG", subtype="OPUS")
    with pytest.raises(Unplayable, match="found"), open_recording(path):
        pass


def test_half_a_file_never_gives_more_than_was_there(tmp_path: Path) -> None:
    whole = write_recording(tmp_path / "whole.opus", noise(2))
    torn = tmp_path / "torn.opus"
    torn.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    count = 0
    try:
        with open_recording(torn) as recording:
            while len(piece := recording.read(4800)):
                count += len(piece)
    except Unplayable:
        pass
    assert count < 2 * 48_000
