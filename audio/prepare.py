"""From any upload to a broadcast-ready recording: probe, measure, trim, correct, encode, check, finish."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from audio.errors import Fact, Refused, ToolFailed
from audio.loudness import (
    TARGET_LUFS,
    TOLERANCE_LU,
    Correction,
    Loudness,
    better,
    corrected_again,
    correction_for,
    finishing_gain_db,
    integrated_lufs,
    is_acceptable,
    loudness_of,
    sounding_span,
    to_db,
)
from audio.meter import Floats, Measured
from audio.opus_head import set_gain
from audio.passes import HOUSE_RATE_HZ, Cut, encode, measure
from audio.probe import LIMIT_BYTES, LIMIT_S, Sound, probe
from audio.progress import Progress, Stages

__all__ = ["PEAK_PAIRS", "WARNINGS", "Prepared", "Warned", "clear_leftovers", "prepare"]

WARNINGS = ("boosted", "clipped", "flawed", "one_channel", "quieter_than_house", "short", "trimmed")

PEAK_PAIRS = 400
SHORTEST_S = 0.05
# Shorter recordings are filled up with silence: BS.1770 measures nothing under 400 ms.
LEAST_S = 0.5
SILENT_LUFS = -60.0
EDGE_S = 0.1
TRIM_AT_MOST_S = 60.0
TRIM_WORTH_TELLING_S = 0.5
# Sound this far below the recording's own loudness is taken for silence at its edges, never below the floor.
SILENCE_BELOW_LU = 35.0
SILENCE_FLOOR_LUFS = -65.0
BOOSTED_DB = 20.0
CLIPPED_WINDOWS = 3
# A stereo file whose difference is this much stronger than its mean cancels itself when mixed.
ANTIPHASE_RATIO = 4.0
MISSING_S = 0.5
MISSING_SHARE = 0.02
BESIDE = ".preparing-"


@dataclass(frozen=True, kw_only=True)
class Warned:
    """What the clerk should know of a recording that was prepared all the same; see `audio.words.say`."""

    code: str
    facts: dict[str, Fact]


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A recording: 48 kHz mono Opus in Ogg at `path`, named by its SHA-256.

    `after` was measured on the encoded file, decoded again, and tells of it with the gain in its head.
    `peaks` holds up to PEAK_PAIRS pairs of (lowest, highest) as whole numbers from -127 to 127, evenly
    spread over the recording.
    """

    sha256: str
    path: Path
    bytes: int
    duration_ms: int
    before: Loudness
    after: Loudness
    peaks: tuple[tuple[int, int], ...]
    warnings: tuple[Warned, ...]


def prepare(
    source: Path,
    folder: Path,
    *,
    limit_s: float = LIMIT_S,
    limit_bytes: int = LIMIT_BYTES,
    progress: Progress | None = None,
) -> Prepared:
    """Make the recording of `source` in `folder`; `source` is only read.

    Raises Refused when the file cannot be broadcast, ToolMissing, ToolFailed; nothing stays in `folder` then.
    `progress` gets a share from 0 to 1, at least every half second; what it raises stops the work at once.
    """
    sound = probe(source, limit_s=limit_s, limit_bytes=limit_bytes)
    stages = Stages(progress, length_s=sound.declared_s)
    measured, channel = measured_mono(source, sound, limit_s, stages)
    check_whole(sound, measured)
    span = kept_span(measured)
    energy, peak = (filled_up(each[slice(*span)], measured) for each in (measured.energy, measured.peak))
    cut = Cut(
        start_s=span[0] * measured.window_s,
        end_s=min(span[1] * measured.window_s, measured.duration_s),
        channel=channel,
        least_s=LEAST_S,
    )
    before = loudness_of(measured)
    correction = correction_for(energy, peak, true_peak_dbtp=before.true_peak_dbtp)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=BESIDE, dir=folder) as beside:
        part, result = encoded(source, sound, Path(beside), cut, correction, stages)
        stages.done()
        sha256, size = settle(part, folder)
    after = loudness_of(result)
    return Prepared(
        sha256=sha256,
        path=folder / f"{sha256}.opus",
        bytes=size,
        duration_ms=round(result.duration_s * 1000),
        before=before,
        after=after,
        peaks=waveform(result),
        warnings=tuple(warnings_of(measured, cut, correction, after)),
    )


def clear_leftovers(folder: Path) -> int:
    """Remove what a power cut left half made in `folder`; how many. Not while something is prepared there."""
    leftovers = list(folder.glob(f"{BESIDE}*"))
    for each in leftovers:
        shutil.rmtree(each)
    return len(leftovers)


def measured_mono(source: Path, sound: Sound, limit_s: float, stages: Stages) -> tuple[Measured, int | None]:
    """The measurement to decide on; stereo that would cancel itself is measured again by one channel."""
    measured = measure(source, sound, limit_s=limit_s, progress=stages.at("measure"))
    stages.length_s = measured.duration_s
    lost = sum(measured.channel_squares) / len(measured.channel_squares) - measured.mid_square
    if lost <= ANTIPHASE_RATIO * measured.mid_square:
        return measured, None
    channel = measured.channel_squares.index(max(measured.channel_squares))
    return measure(source, sound, limit_s=limit_s, channel=channel, progress=stages.at("measure")), channel


def check_whole(sound: Sound, measured: Measured) -> None:
    """Refuse a file of which a part is missing, or that holds nothing to hear."""
    found_s = measured.duration_s
    if (
        sound.declared_s is not None
        and sound.declared_s - found_s > MISSING_S + MISSING_SHARE * sound.declared_s
    ):
        raise Refused("cut_short", found_s=round(found_s, 1), declared_s=round(sound.declared_s, 1))
    if found_s < SHORTEST_S:
        raise Refused("too_short", found_s=round(found_s, 3), limit_s=SHORTEST_S)
    if integrated_lufs(measured.energy) < SILENT_LUFS:
        raise Refused("silent", peak_dbtp=round(to_db(measured.true_peak), 1))


def kept_span(measured: Measured) -> tuple[int, int]:
    """Windows from just before the first sound to just after the last; at most a minute goes at each end."""
    threshold = max(integrated_lufs(measured.energy) - SILENCE_BELOW_LU, SILENCE_FLOOR_LUFS)
    first, last = sounding_span(measured.energy, threshold_lufs=threshold)
    edge, most = round(EDGE_S / measured.window_s), round(TRIM_AT_MOST_S / measured.window_s)
    count = len(measured.energy)
    return min(max(0, first - edge), most), max(min(count, last + edge), count - most)


def filled_up(windows: Floats, measured: Measured) -> Floats:
    missing = max(0, round(LEAST_S / measured.window_s) - len(windows))
    return np.pad(windows, (0, missing))


def encoded(
    source: Path, sound: Sound, beside: Path, cut: Cut, correction: Correction, stages: Stages
) -> tuple[Path, Measured]:
    """Encode into `beside` and measure, once more where the first try missed; the better of both."""
    first, second = beside / "first.opus", beside / "second.opus"
    result = encoded_once(source, sound, first, cut, correction, stages)
    if is_acceptable(loudness_of(result), correction.aim_lufs):
        return first, result
    again = corrected_again(correction, loudness_of(result))
    other = encoded_once(source, sound, second, cut, again, stages)
    return (second, other) if better(loudness_of(result), loudness_of(other)) else (first, result)


def encoded_once(
    source: Path, sound: Sound, part: Path, cut: Cut, correction: Correction, stages: Stages
) -> Measured:
    """Encode and measure; what was measured is put right by a gain in the file's head, and told so."""
    encode(source, sound, part, cut=cut, correction=correction, progress=stages.at("encode"))
    made = Sound(container="ogg", codec="opus", stream=0, rate_hz=HOUSE_RATE_HZ, channels=1, declared_s=None)
    try:
        result = measure(
            part, made, limit_s=cut.end_s - cut.start_s + cut.least_s, progress=stages.at("verify")
        )
    except Refused as error:
        raise ToolFailed("ffmpeg", f"cannot read back what it wrote: {error}") from error
    return result.raised(set_gain(part, finishing_gain_db(loudness_of(result))))


def settle(part: Path, folder: Path) -> tuple[str, int]:
    """Name the file by its content, so that a power cut leaves it whole or not at all; SHA-256 and size."""
    with part.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        size = file.tell()
    part.rename(folder / f"{sha256}.opus")
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return sha256, size


def waveform(measured: Measured) -> tuple[tuple[int, int], ...]:
    """The shape for a page, in at most PEAK_PAIRS pairs."""
    count = min(PEAK_PAIRS, len(measured.low))
    starts = np.arange(count) * len(measured.low) // max(count, 1)
    low = np.clip(np.minimum.reduceat(measured.low, starts) * 127, -127, 127)
    high = np.clip(np.maximum.reduceat(measured.high, starts) * 127, -127, 127)
    return tuple((round(float(a)), round(float(b))) for a, b in zip(low, high, strict=True))


def warnings_of(measured: Measured, cut: Cut, correction: Correction, after: Loudness) -> list[Warned]:
    """What the clerk should know."""
    lead_s, tail_s = cut.start_s, measured.duration_s - cut.end_s
    length_s = cut.end_s - cut.start_s
    found: list[tuple[bool, str, dict[str, Fact]]] = [
        (measured.clipped >= CLIPPED_WINDOWS, "clipped", {"times": measured.clipped}),
        (measured.flawed, "flawed", {}),
        (cut.channel is not None, "one_channel", {}),
        (
            max(lead_s, tail_s) > TRIM_WORTH_TELLING_S,
            "trimmed",
            {"lead_s": round(lead_s, 1), "tail_s": round(tail_s, 1)},
        ),
        (length_s < LEAST_S, "short", {"found_s": round(length_s, 2)}),
        (correction.gain_db > BOOSTED_DB, "boosted", {"gain_db": round(correction.gain_db, 1)}),
        (
            after.integrated_lufs < TARGET_LUFS - TOLERANCE_LU,
            "quieter_than_house",
            {"integrated_lufs": round(after.integrated_lufs, 1), "target_lufs": TARGET_LUFS},
        ),
    ]
    return [Warned(code=code, facts=facts) for applies, code, facts in found if applies]
