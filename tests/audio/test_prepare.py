"""From a file that somebody sent to a recording."""

import hashlib
import os
import resource
import subprocess
from pathlib import Path

import pytest

from audio.prepare import PEAK_PAIRS, prepare
from tests.factories_sounds import SINE, Samples, codes, heard_by_ffmpeg, sample_of


def test_a_recording_is_48_khz_mono_opus_named_by_its_hash(samples: Samples, tmp_path: Path) -> None:
    prepared = prepare(samples.speech(), tmp_path)
    content = prepared.path.read_bytes()
    assert prepared.path == tmp_path / f"{prepared.sha256}.opus"
    assert (prepared.sha256, prepared.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert content[28:36] == b"OpusHead"
    assert content[37] == 1  # channels
    assert int.from_bytes(content[40:44], "little") == 48_000


def test_the_same_file_gives_the_same_bytes(samples: Samples, tmp_path: Path) -> None:
    first, second = (prepare(samples.speech(), tmp_path / name) for name in ("a", "b"))
    assert first.sha256 == second.sha256


def test_nothing_of_the_senders_tags_remains(samples: Samples, tmp_path: Path) -> None:
    tagged = samples.changed(
        "tagged.mp3", "anull", "-metadata", "title=Secret place", "-metadata", "artist=Someone"
    )
    content = prepare(tagged, tmp_path).path.read_bytes()
    assert b"Secret place" not in content
    assert b"Someone" not in content


def test_the_original_is_only_read(samples: Samples, tmp_path: Path) -> None:
    source = tmp_path / "original.wav"
    source.write_bytes(samples.speech().read_bytes())
    source.chmod(0o400)
    before = source.stat()
    prepare(source, tmp_path / "out")
    assert (source.stat().st_mtime_ns, source.stat().st_size) == (before.st_mtime_ns, before.st_size)


def test_silent_edges_are_cut_and_a_tenth_of_a_second_is_left(samples: Samples, tmp_path: Path) -> None:
    source = samples.generated("edges.wav", f"{SINE}*between(t,2,4)", length_s=7)
    prepared = prepare(source, tmp_path)
    assert prepared.duration_ms == pytest.approx(2200, abs=60)
    assert "trimmed" in codes(prepared)


def test_a_pause_in_the_middle_stays(samples: Samples, tmp_path: Path) -> None:
    source = samples.generated("pause.wav", f"{SINE}*(lt(t,1)+gt(t,3))", length_s=4)
    assert prepare(source, tmp_path).duration_ms == pytest.approx(4000, abs=60)


def test_the_cut_edges_begin_and_end_in_silence(samples: Samples, tmp_path: Path) -> None:
    prepared = prepare(samples.generated("cosine.wav", "0.3*cos(2*PI*50*t)"), tmp_path)
    raw = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", prepared.path, "-f", "s16le", "pipe:1"],
        check=True,
        capture_output=True,
        timeout=60,
    ).stdout
    ends = [int.from_bytes(raw[at : at + 2], "little", signed=True) for at in (0, len(raw) - 2)]
    assert ends == pytest.approx([0, 0], abs=1000)


@pytest.mark.parametrize("length_s", [0.06, 0.39])
def test_a_very_short_sound_is_filled_up_so_that_it_can_be_measured(
    samples: Samples, tmp_path: Path, length_s: float
) -> None:
    source = samples.generated(f"short {length_s}.wav", "0.5*sin(2*PI*997*t)", length_s=length_s)
    prepared = prepare(source, tmp_path)
    assert prepared.duration_ms == pytest.approx(500, abs=10)
    assert heard_by_ffmpeg(prepared.path)[0] == pytest.approx(-16, abs=0.5)
    assert "short" in codes(prepared)


@pytest.mark.parametrize(
    ("kind", "code"),
    [("clipped", "clipped"), ("opposite sides", "one_channel"), ("quiet", "boosted")],
)
def test_a_fault_of_the_original_is_told(samples: Samples, tmp_path: Path, kind: str, code: str) -> None:
    assert code in codes(prepare(sample_of(samples, kind), tmp_path))


@pytest.mark.parametrize("kind", ["stereo m4a", "sine", "one side"])
def test_a_good_original_gets_no_warning(samples: Samples, tmp_path: Path, kind: str) -> None:
    assert codes(prepare(sample_of(samples, kind), tmp_path)) == set()


def test_the_waveform_is_small_and_whole(samples: Samples, tmp_path: Path) -> None:
    peaks = prepare(samples.speech(), tmp_path).peaks
    assert len(peaks) == PEAK_PAIRS
    assert all(-127 <= low <= high <= 127 for low, high in peaks)
    assert max(high for _, high in peaks) > 60


def test_progress_only_grows_and_ends_at_one(samples: Samples, tmp_path: Path) -> None:
    shares: list[float] = []
    prepare(samples.speech(), tmp_path, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.long
@pytest.mark.timeout(900)
def test_two_hours_are_prepared_in_under_300_mb(samples: Samples, tmp_path: Path) -> None:
    minute = samples.changed("minute.mp3", "aloop=-1:size=2000000,atrim=end=60")
    two_hours = samples.made("two hours.mp3", "-stream_loop", "119", "-i", str(minute), "-c", "copy")
    highest_bytes = 0

    def watch(_: float) -> None:
        nonlocal highest_bytes
        highest_bytes = max(highest_bytes, resident_bytes("self") + sum(map(resident_bytes, children())))

    assert prepare(two_hours, tmp_path, progress=watch).duration_ms > 7_190_000
    assert 20e6 < highest_bytes < 300e6


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def resident_bytes(process: str) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize()
