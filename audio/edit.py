"""Joins short parts: a chime, speech, pauses. Only this file uses pydub, which holds all in memory."""

import warnings
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audio import ffmpeg
from audio.errors import Refused
from audio.passes import HOUSE_RATE_HZ, input_arguments
from audio.probe import probe

with warnings.catch_warnings():
    # pydub warns on import that it found no ffmpeg (not used here), of audioop's end, and of its own
    # regular expressions.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

__all__ = ["JOINED_AT_MOST_S", "Clip", "Pause", "join"]

JOINED_AT_MOST_S = 300.0
FADE_MS = 10


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A sound file, anything that `probe` accepts."""

    path: Path


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Silence."""

    length_s: float


def join(parts: Sequence[Clip | Pause], target: Path, *, limit_s: float = JOINED_AT_MOST_S) -> float:
    """Write the parts one after another to `target`, a 48 kHz mono WAV; returns its length in seconds.

    Every clip is faded for 10 ms at both ends so that no edge clicks. Raises Refused `too_long` when all
    of it exceeds `limit_s`, `empty` when there is nothing, and what `probe` refuses.
    """
    joined: Any = AudioSegment.empty().set_frame_rate(HOUSE_RATE_HZ)
    for part in parts:
        left_s = limit_s - joined.duration_seconds
        joined += (
            decoded(part.path, left_s, limit_s) if isinstance(part, Clip) else silence(part, left_s, limit_s)
        )
    if len(joined) == 0:
        raise Refused("empty")
    with wave.open(str(target), "wb") as file:
        file.setparams((1, 2, HOUSE_RATE_HZ, 0, "NONE", ""))
        file.writeframes(joined.raw_data)
    return float(joined.duration_seconds)


def silence(pause: Pause, left_s: float, limit_s: float) -> Any:
    if not 0 <= pause.length_s <= left_s:
        raise Refused("too_long", limit_s=limit_s)
    return AudioSegment.silent(duration=round(pause.length_s * 1000), frame_rate=HOUSE_RATE_HZ)


def decoded(path: Path, left_s: float, limit_s: float) -> Any:
    sound = probe(path)
    sample_bytes = 2 * HOUSE_RATE_HZ
    arguments = [
        *input_arguments(path, sound),
        *("-t", f"{left_s + 0.1:.3f}", "-ac", "1", "-ar", str(HOUSE_RATE_HZ), "-f", "s16le", "pipe:1"),
    ]
    data = bytearray()
    with ffmpeg.ffmpeg(arguments) as process:
        for chunk in process:
            data += chunk
    ffmpeg.check_killed("ffmpeg", process)
    if len(data) > left_s * sample_bytes:
        raise Refused("too_long", limit_s=limit_s)
    if not data:
        raise Refused("damaged")
    clip = AudioSegment(data=bytes(data), sample_width=2, frame_rate=HOUSE_RATE_HZ, channels=1)
    fade_ms = min(FADE_MS, len(clip) // 2)
    return clip.fade_in(fade_ms).fade_out(fade_ms)
