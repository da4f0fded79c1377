"""The two things done with ffmpeg: decode and measure, decode and encode.

Channels: one is taken as it is; two are offered to the meter side by side; more are mixed to two first.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from audio import ffmpeg
from audio.errors import Refused, ToolFailed
from audio.loudness import Correction, k_weighting
from audio.meter import Measured, Meter
from audio.probe import Sound
from audio.progress import Progress

__all__ = ["BITRATE", "HOUSE_RATE_HZ", "Cut", "encode", "measure"]

HOUSE_RATE_HZ = 48_000
BITRATE = "64k"
LOWEST_RATE_HZ = 8_000
LIMITER_RATE_HZ = 4 * HOUSE_RATE_HZ
# The limiter works in double precision. Resampling in it as well would take half as long again, for nothing
# above -130 dB.
IN_FLOATS = "tsf=fltp"
FADE_S = 0.005
# A packet that had to be left out, in the words of ffmpeg 5 (Bookworm) and 7 (Trixie).
COMPLAINTS = ("Error while decoding", "Error submitting packet to decoder")


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The part to keep, which channel of two (None: the mean of both), and how long to make it at least."""

    start_s: float
    end_s: float
    channel: int | None
    least_s: float


def measure(
    source: Path,
    sound: Sound,
    *,
    limit_s: float,
    channel: int | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Decode everything once; Refused `too_long` past `limit_s`, `damaged` where nothing can be decoded."""
    rate_hz = sound.rate_hz if LOWEST_RATE_HZ <= sound.rate_hz <= HOUSE_RATE_HZ else HOUSE_RATE_HZ
    channels = 1 if sound.channels == 1 or channel is not None else 2
    meter = Meter(rate_hz=rate_hz, channels=channels)
    arguments = [
        *input_arguments(source, sound),
        *(
            "-af",
            ",".join(
                [*layout_filters(sound, channel), f"aresample={rate_hz}", *weighting(rate_hz, channels)]
            ),
        ),
        *("-t", f"{limit_s + 1:.3f}", "-flush_packets", "0", "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1"),
    ]
    with ffmpeg.ffmpeg(arguments) as process:
        for chunk in process:
            if chunk:
                meter.feed(chunk)
            if progress is not None:
                progress(meter.heard_s)
    ffmpeg.check_killed("ffmpeg", process)
    if meter.heard_s > limit_s:
        raise Refused("too_long", found_s=round(meter.heard_s, 1), limit_s=limit_s)
    measured = meter.finish(flawed=any(words in process.said for words in COMPLAINTS))
    if measured.frames == 0:
        raise Refused("damaged")
    return measured


def encode(
    source: Path,
    sound: Sound,
    target: Path,
    *,
    cut: Cut,
    correction: Correction,
    progress: Progress | None = None,
) -> None:
    """Write the corrected part to `target`, 48 kHz mono Opus in Ogg; the same input gives the same bytes."""
    arguments = [
        *input_arguments(source, sound),
        *(
            "-af",
            ",".join([*layout_filters(sound, cut.channel), *mixing(sound, cut), *shaping(cut, correction)]),
        ),
        *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"),
        *("-c:a", "libopus", "-b:a", BITRATE, "-vbr", "on", "-ac", "1", "-f", "ogg"),
        *("-progress", "pipe:1", "-y", f"file:{target}"),
    ]
    report = b""
    with ffmpeg.ffmpeg(arguments) as process:
        for chunk in process:
            report = (report + chunk)[-4096:]
            reached = re.findall(rb"out_time_us=(\d+)", report)
            if progress is not None:
                progress(int(reached[-1]) / 1e6 if reached else 0.0)
    ffmpeg.check_killed("ffmpeg", process)
    if process.code != 0:
        raise ToolFailed("ffmpeg", f"could not encode (code {process.code})", process.said)


def input_arguments(source: Path, sound: Sound) -> list[str]:
    return [*ffmpeg.source_arguments(source), "-map", f"0:{sound.stream}", "-vn", "-sn", "-dn"]


def layout_filters(sound: Sound, channel: int | None) -> list[str]:
    """One channel, or exactly two."""
    if sound.channels == 1:
        return ["aformat=sample_fmts=fltp"]
    if sound.channels == 2:
        stereo = ["aformat=sample_fmts=fltp"]
    elif sound.channels in (6, 8):
        stereo = ["aformat=sample_fmts=fltp:channel_layouts=stereo"]
    else:
        stereo = ["aformat=sample_fmts=fltp", "pan=stereo|c0=c0|c1=c1"]
    return stereo if channel is None else [*stereo, f"pan=mono|c0=c{channel}"]


def weighting(rate_hz: int, channels: int) -> list[str]:
    """Append the K-weighted mean as one more channel, which alone the two biquads of BS.1770 touch."""
    if channels == 1:
        layout, copies, weighted = "stereo", "FL=c0|FR=c0", "FR"
    else:
        layout, copies, weighted = "2.1", "FL=c0|FR=c1|LFE=0.5*c0+0.5*c1", "LFE"
    biquads = [
        "biquad="
        + ":".join(
            f"{name}={value!r}"
            for name, value in zip(("b0", "b1", "b2", "a0", "a1", "a2"), stage, strict=True)
        )
        + f":c={weighted}:precision=f64"
        for stage in k_weighting(rate_hz)
    ]
    return [f"pan={layout}|{copies}", *biquads]


def mixing(sound: Sound, cut: Cut) -> list[str]:
    return ["pan=mono|c0=0.5*c0+0.5*c1"] if sound.channels > 1 and cut.channel is None else []


def shaping(cut: Cut, correction: Correction) -> list[str]:
    """Cut, raise, limit at four times the rate where needed, and fade the cut edges."""
    length_s = cut.end_s - cut.start_s
    fade_s = min(FADE_S, length_s / 4)
    steps = [
        f"atrim=start={cut.start_s:.6f}:end={cut.end_s:.6f}",
        "asetpts=PTS-STARTPTS",
        f"volume={correction.gain_db:.4f}dB:precision=float",
        f"afade=t=in:d={fade_s:.6f}",
        f"afade=t=out:st={length_s - fade_s:.6f}:d={fade_s:.6f}",
    ]
    if length_s < cut.least_s:
        steps.append(f"apad=whole_dur={cut.least_s:.6f}")
    if correction.ceiling_db is not None:
        limit = 10 ** (correction.ceiling_db / 20)
        steps += [
            f"aresample={LIMITER_RATE_HZ}:{IN_FLOATS}:osf=dbl",
            f"alimiter=limit={limit:.6f}:attack=5:release=50:level=0:latency=1",
        ]
    return [*steps, f"aresample={HOUSE_RATE_HZ}:{IN_FLOATS}:osf=flt"]
