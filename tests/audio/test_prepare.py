"""From a file that somebody sent to a recording; what comes out is judged by ffmpeg's own meter."""

import hashlib
import os
import re
import resource
import subprocess
from pathlib import Path

import pytest

from audio.errors import Refused, ToolFailed, ToolMissing
from audio.loudness import Correction
from audio.passes import Cut, encode
from audio.prepare import PEAK_PAIRS, Prepared, clear_leftovers, prepare
from audio.probe import probe
from tests.factories_sounds import Samples

SINE = "0.3*sin(2*PI*440*t)"


def codes(prepared: Prepared) -> set[str]:
    return {warning.code for warning in prepared.warnings}


def refusal(path: Path, folder: Path, **limits: float) -> Refused:
    with pytest.raises(Refused) as caught:
        prepare(path, folder, **limits)  # type: ignore[arg-type]
    return caught.value


def heard_by_ffmpeg(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak by the ebur128 filter, which shares no code with ours."""
    command = [
        "ffmpeg",
        "-nostdin",
        "-hide_banner",
        "-i",
        str(path),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stderr
    summary = said[said.rindex("Summary:") :]
    loudness, peak = re.search(r"I:\s+(-?[\d.]+)", summary), re.search(r"Peak:\s+(-?[\d.]+)", summary)
    assert loudness is not None
    assert peak is not None
    return float(loudness[1]), float(peak[1])


def make(samples: Samples, kind: str) -> Path:
    """One of the files that must come out at house loudness."""
    speech = samples.speech()
    match kind:
        case "speech":
            return speech
        case "quiet":
            return samples.changed("quiet.wav", "volume=-30dB", "-c:a", "pcm_s24le")
        case "clipped":
            return samples.changed("clipped.wav", "volume=24dB")
        case "telephone":
            return samples.changed("phone.wav", "aresample=8000", "-c:a", "pcm_mulaw")
        case "song":
            return samples.with_cover()
        case "stereo m4a":
            return samples.changed("stereo.m4a", "aformat=channel_layouts=stereo,aresample=44100")
        case "six channels":
            return samples.changed("six.wav", "pan=5.1|FL=c0|FR=c0|FC=0.5*c0", "-ar", "96000")
        case "three channels":
            return samples.made(
                "three.wav", "-i", str(speech), "-af", "pan=2.1|FL=c0|FR=c0|LFE=0*c0", "-ar", "44100"
            )
        case "one side":
            return samples.changed("left.wav", "pan=stereo|c0=c0|c1=0*c0")
        case "opposite sides":
            return samples.changed("antiphase.wav", "pan=stereo|c0=c0|c1=-1*c0")
        case "video":
            return samples.made(
                "talk.mp4", "-f", "lavfi", "-i", "testsrc=s=64x64:d=3", "-i", str(speech), "-c:v", "mpeg4"
            )
        case "sine":
            return samples.generated("sine.flac", SINE)
        case "slammed door":
            return samples.changed(
                "slam.wav", "volume=-24dB,aeval='val(0)+0.9*between(t,2,2.01)*sin(2*PI*500*t)'"
            )
        case _:
            raise ValueError(kind)


KINDS = [
    *("speech", "quiet", "clipped", "telephone", "song", "stereo m4a", "six channels", "three channels"),
    *("one side", "opposite sides", "video", "sine"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_has_house_loudness_and_room_for_its_peaks(
    samples: Samples, tmp_path: Path, kind: str
) -> None:
    heard_lufs, heard_dbtp = heard_by_ffmpeg(prepare(make(samples, kind), tmp_path).path)
    assert heard_lufs == pytest.approx(-16, abs=0.5)
    assert heard_dbtp <= -1


@pytest.mark.parametrize("kind", ["speech", "sine", "clipped"])
def test_our_meter_agrees_with_the_reference(samples: Samples, tmp_path: Path, kind: str) -> None:
    prepared = prepare(make(samples, kind), tmp_path)
    heard_lufs, heard_dbtp = heard_by_ffmpeg(prepared.path)
    assert prepared.after.integrated_lufs == pytest.approx(heard_lufs, abs=0.1)
    assert prepared.after.true_peak_dbtp == pytest.approx(heard_dbtp, abs=0.15)


@pytest.mark.parametrize("kind", ["speech", "telephone", "sine", "one side"])
def test_loudness_before_agrees_with_the_reference(samples: Samples, tmp_path: Path, kind: str) -> None:
    source = make(samples, kind)
    heard_lufs, _ = heard_by_ffmpeg(source)
    # The reference adds the power of the channels; the mean of a silent and a sounding one is 6 dB below.
    expected = heard_lufs - (6.02 if kind == "one side" else 0)
    assert prepare(source, tmp_path).before.integrated_lufs == pytest.approx(expected, abs=0.1)


def test_a_slammed_door_does_not_keep_the_speech_quiet(samples: Samples, tmp_path: Path) -> None:
    prepared = prepare(make(samples, "slammed door"), tmp_path)
    assert prepared.after.integrated_lufs >= -18
    assert prepared.after.true_peak_dbtp <= -1


def test_what_cannot_have_both_stays_quieter_and_says_so(samples: Samples, tmp_path: Path) -> None:
    clicks = samples.generated("clicks.wav", "0.9*lt(mod(t,0.5),0.0005)")
    prepared = prepare(clicks, tmp_path)
    assert prepared.after.true_peak_dbtp <= -1
    assert "quieter_than_house" in codes(prepared)


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
    assert code in codes(prepare(make(samples, kind), tmp_path))


@pytest.mark.parametrize("kind", ["stereo m4a", "sine", "one side"])
def test_a_good_original_gets_no_warning(samples: Samples, tmp_path: Path, kind: str) -> None:
    assert codes(prepare(make(samples, kind), tmp_path)) == set()


def test_the_waveform_is_small_and_whole(samples: Samples, tmp_path: Path) -> None:
    peaks = prepare(samples.speech(), tmp_path).peaks
    assert len(peaks) == PEAK_PAIRS
    assert all(-127 <= low <= high <= 127 for low, high in peaks)
    assert max(high for _, high in peaks) > 60


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


def test_progress_only_grows_and_ends_at_one(samples: Samples, tmp_path: Path) -> None:
    shares: list[float] = []
    prepare(samples.speech(), tmp_path, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_missing_ffmpeg_is_no_fault_of_the_file(
    samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = samples.speech()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="apt-get install ffmpeg"):
        prepare(source, tmp_path)


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
