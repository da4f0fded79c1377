from pathlib import Path

from audio.prepare import prepare


def test_speech_becomes_a_recording_of_house_loudness(samples, tmp_path: Path) -> None:
    prepared = prepare(samples.speech(), tmp_path)
    assert abs(prepared.after.integrated_lufs + 16) <= 0.5
    assert prepared.after.true_peak_dbtp <= -1
    assert prepared.path == tmp_path / f"{prepared.sha256}.opus"
