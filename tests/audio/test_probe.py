"""What is refused before anything is decoded, and why."""

from pathlib import Path

import pytest

from audio.errors import Refused
from audio.probe import probe
from tests.factories_sounds import Samples

PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{other}\n#EXT-X-ENDLIST\n"
CONCAT = "ffconcat version 1.0\nfile '{other}'\n"
CONCAT_BESIDE = "ffconcat version 1.0\nfile {name}\n"
SDP = "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"
SUBTITLES = "1\n00:00:01,000 --> 00:00:02,000\nXin chào\n"


def refusal(path: Path, **limits: float) -> Refused:
    with pytest.raises(Refused) as caught:
        probe(path, **limits)  # type: ignore[arg-type]
    return caught.value


def test_speech_is_described(samples: Samples) -> None:
    sound = probe(samples.speech())
    assert (sound.container, sound.codec, sound.rate_hz, sound.channels) == ("wav", "pcm_s16le", 22050, 1)


def test_a_path_that_leads_nowhere_is_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.mp3").code == "missing"


def test_a_folder_is_missing_as_a_file(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "missing"


def test_a_file_without_bytes_is_empty(samples: Samples) -> None:
    assert refusal(samples.written("nothing.mp3", b"")).code == "empty"


def test_a_file_over_the_limit_names_both_sizes(samples: Samples) -> None:
    refused = refusal(samples.written("big.mp3", bytes(2_000_000)), limit_bytes=1_000_000)
    assert (refused.code, dict(refused.facts)) == ("too_large", {"found_mb": 2.0, "limit_mb": 1.0})


@pytest.mark.parametrize(
    "content",
    [b"Xin ch\xc3\xa0o b\xc3\xa0 con.\n" * 300, bytes(50_000), SUBTITLES.encode(), b"\xff" * 9000, b"x"],
    ids=["text", "zeros", "subtitles", "ones", "one byte"],
)
def test_what_is_not_sound_is_not_audio_whatever_its_name(samples: Samples, content: bytes) -> None:
    assert refusal(samples.written("renamed.mp3", content)).code == "not_audio"


@pytest.mark.parametrize(
    "text", [PLAYLIST, CONCAT, CONCAT_BESIDE, SDP], ids=["hls", "concat", "concat beside", "sdp"]
)
def test_a_file_that_names_other_files_is_not_opened_for_them(samples: Samples, text: str) -> None:
    beside = samples.written("beside.wav", samples.speech().read_bytes())
    trap = text.format(other=samples.speech(), name=beside.name)
    assert refusal(samples.written("trap.mp3", trap.encode())).code == "not_audio"


def test_a_picture_is_not_audio(samples: Samples) -> None:
    assert refusal(samples.picture()).code == "not_audio"


def test_a_video_without_sound_has_no_sound(samples: Samples) -> None:
    video = samples.made("silent.mp4", "-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "mpeg4")
    assert refusal(video).code == "no_sound"


def test_the_cover_picture_of_a_song_is_passed_over(samples: Samples) -> None:
    assert probe(samples.with_cover()).codec == "mp3"


def test_a_declared_length_over_the_limit_is_refused_at_once(samples: Samples) -> None:
    assert refusal(samples.speech(), limit_s=1.0).code == "too_long"


@pytest.mark.parametrize("kind", ["mp3", "m4a"])
def test_the_first_half_of_a_file_is_damaged(samples: Samples, kind: str) -> None:
    whole = samples.changed(f"whole.{kind}", "anull").read_bytes()
    assert refusal(samples.written(f"half.{kind}", whole[: len(whole) // 2])).code == "damaged"


def test_a_known_container_with_an_impossible_stream_is_damaged(samples: Samples) -> None:
    content = bytearray(samples.speech().read_bytes())
    content[24:28] = bytes(4)  # the sample rate
    assert refusal(samples.written("rate 0.wav", bytes(content))).code == "damaged"


def test_a_wav_written_to_a_pipe_declares_no_length_and_is_accepted(samples: Samples) -> None:
    whole = bytearray(samples.speech().read_bytes())
    at = whole.index(b"data") + 4
    whole[4:8] = whole[at : at + 4] = b"\xff" * 4
    assert probe(samples.written("piped.wav", bytes(whole))).declared_s is None


def test_a_video_longer_than_its_sound_declares_nothing_of_the_sound(samples: Samples) -> None:
    video = samples.made(
        "clip.mkv",
        *(
            "-f",
            "lavfi",
            "-i",
            "testsrc=s=64x64:d=6",
            "-i",
            str(samples.speech()),
            "-t",
            "6",
            "-c:v",
            "mpeg4",
        ),
        *("-af", "atrim=end=2"),
    )
    assert probe(video).declared_s is None


@pytest.mark.parametrize(
    "name",
    [
        "-i.mp3",
        "concat:a|b.mp3",
        "%d.mp3",
        "Lời chúc Tết 🎉 [tổ 3]; ls.mp3",
        "x" * 250,
        "a\nb.mp3",
    ],
)
def test_a_strange_name_is_only_a_name(samples: Samples, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(samples.changed("plain.mp3", "anull").read_bytes())
    assert probe(path).codec == "mp3"


def test_a_relative_name_that_looks_like_an_option_is_only_a_name(
    samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-version").write_bytes(samples.speech().read_bytes())
    monkeypatch.chdir(tmp_path)
    assert probe(Path("-version")).codec == "pcm_s16le"


def test_a_limit_just_above_the_length_passes(samples: Samples) -> None:
    declared_s = probe(samples.speech()).declared_s
    assert declared_s is not None
    assert probe(samples.speech(), limit_s=declared_s).declared_s == declared_s
