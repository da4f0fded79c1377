"""What is in a file that somebody sent, before any of it is decoded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from audio import ffmpeg
from audio.errors import Refused

__all__ = ["LIMIT_BYTES", "LIMIT_S", "Sound", "probe"]

LIMIT_S = 3 * 3600.0
LIMIT_BYTES = 4 << 30

# What a file of each kind begins with (offset, bytes): a file that has it and cannot be read is damaged.
SIGNATURES = (
    (4, b"ftyp"),
    (0, b"ID3"),
    (0, b"OggS"),
    (0, b"fLaC"),
    (0, b"RIFF"),
    (0, b"FORM"),
    (0, b"\x1a\x45\xdf\xa3"),
    (0, b"#!AMR"),
)
# ffprobe's words when an MP3 holds less than its header promises, and when it had to guess the length.
CUT_SHORT = "filesize and duration do not match"
# Containers whose header states the length of the sound.
DECLARES_LENGTH = ("aiff", "ape", "asf", "caf", "flac", "mov,mp4,m4a,3gp,3g2,mj2", "mp3", "w64", "wv")
CHUNKS_LOOKED_AT = 64
UNSTATED_BYTES = 0x7FFF0000
GUESSED = "Estimating duration from bitrate"


@dataclass(frozen=True, kw_only=True)
class Sound:
    """The audio stream to use. `declared_s` is the length the file claims, None where it claims none."""

    container: str
    codec: str
    stream: int
    rate_hz: int
    channels: int
    declared_s: float | None


def probe(source: Path, *, limit_s: float = LIMIT_S, limit_bytes: int = LIMIT_BYTES) -> Sound:
    """Describe the sound in `source`.

    Raises Refused: missing, empty, too_large, not_audio, no_sound, too_long, damaged.
    """
    check_size(source, limit_bytes)
    found, said = ffmpeg.probe_json(source)
    sound = choose(found, said) if found is not None else None
    if sound is None:
        raise Refused("damaged" if has_signature(source) else "not_audio")
    if sound.container == "wav":
        sound = replace(sound, declared_s=wav_length_s(source))
    if sound.declared_s is not None and sound.declared_s > limit_s:
        raise Refused("too_long", found_s=round(sound.declared_s, 1), limit_s=limit_s)
    if CUT_SHORT in said:
        raise Refused("damaged")
    return sound


def check_size(source: Path, limit_bytes: int) -> None:
    """Refuse what is no ordinary file, has no bytes, or too many of them."""
    if not source.is_file():
        raise Refused("missing")
    size = source.stat().st_size
    if size == 0:
        raise Refused("empty")
    if size > limit_bytes:
        raise Refused("too_large", found_mb=round(size / 1e6, 1), limit_mb=round(limit_bytes / 1e6, 1))


def choose(found: Mapping[str, Any], said: str) -> Sound | None:
    """The default audio stream of what ffprobe found, or the first; None when none can be decoded."""
    streams: Sequence[Mapping[str, Any]] = found.get("streams", [])
    audible = [stream for stream in streams if stream.get("codec_type") == "audio"]
    if streams and not audible:
        raise Refused("no_sound")
    usable = [stream for stream in audible if int(stream.get("sample_rate") or 0) and stream.get("channels")]
    if not usable:
        return None
    stream = max(usable, key=lambda each: each.get("disposition", {}).get("default", 0))
    length = stream.get("duration")
    container = str(found.get("format", {}).get("format_name", ""))
    trusted = container in DECLARES_LENGTH and GUESSED not in said
    return Sound(
        container=container,
        codec=str(stream.get("codec_name", "")),
        stream=int(stream["index"]),
        rate_hz=int(stream["sample_rate"]),
        channels=int(stream["channels"]),
        declared_s=float(length) if trusted and length is not None else None,
    )


def wav_length_s(source: Path) -> float | None:
    """The length that a RIFF WAVE header states, which ffprobe does not tell when the file is shorter.

    None where it states none: other kinds of wave file, and those written to a pipe.
    """
    with source.open("rb") as file:
        if file.read(12)[:4] != b"RIFF":
            return None
        bytes_per_s = 0
        for _ in range(CHUNKS_LOOKED_AT):
            head = file.read(8)
            name, size = head[:4], int.from_bytes(head[4:], "little")
            if len(head) < 8 or name == b"data":
                stated = bytes_per_s > 0 and 0 < size < UNSTATED_BYTES
                return size / bytes_per_s if stated else None
            body = file.tell()
            if name == b"fmt ":
                bytes_per_s = int.from_bytes(file.read(16)[8:12], "little")
            file.seek(body + size + size % 2)
    return None


def has_signature(source: Path) -> bool:
    """Whether the file begins like a known container."""
    with source.open("rb") as file:
        head = file.read(16)
    return any(head[offset:].startswith(mark) for offset, mark in SIGNATURES)
