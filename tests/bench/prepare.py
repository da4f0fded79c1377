"""What it costs to make a recording of an upload, and how near it comes to house loudness.

The same files, spoken by espeak-ng and made quiet, loud, clipped and so on, go through `audio.prepare` and
through ffmpeg-normalize, one after the other: the processor time of each program with that of every ffmpeg it
starts, and the largest of these in memory. What came out is decoded and judged by ffmpeg's `ebur128`.
"""

import argparse
import importlib.metadata
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audio.passes import BITRATE
from tests.bench._bench import CannotRun, Figure, main, need

TARGET_LUFS, PEAK_DBTP = -16.0, -1.0
PEER = "ffmpeg-normalize"
ROOT = Path(__file__).resolve().parents[2]

TEXT = (
    "Kính thưa bà con nhân dân. Ủy ban nhân dân phường thông báo lịch tiêm chủng cho trẻ em dưới sáu tuổi "
    "vào sáng thứ bảy tuần này, tại trạm y tế phường, từ bảy giờ ba mươi đến mười một giờ. Đề nghị các gia "
    "đình mang theo sổ tiêm chủng và đưa các cháu đến đúng giờ. Xin trân trọng cảm ơn."
)

_SUMMARY = re.compile(r"I:\s+(-?[\d.]+|-inf) LUFS.*?Peak:\s+(-?[\d.]+|-inf) dBFS", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """One file through one program."""

    cpu_s: float
    peak_rss_mib: float
    lufs: float
    true_peak_dbtp: float


@dataclass(frozen=True)
class Kind:
    """How a file of the set is made of the spoken text: ffmpeg's filter, its rate, channels, name's end."""

    name: str
    filter: str
    ending: str = "wav"
    rate_hz: int = 44_100
    channels: int = 1
    length_s: float = 22.0


KINDS = (
    Kind("quiet", "volume=-24dB", ending="mp3"),
    Kind("loud", "acompressor=threshold=0.05:ratio=8:makeup=6,volume=3dB,alimiter=limit=0.98", ending="mp3"),
    Kind("clipped", "volume=24dB,aformat=sample_fmts=s16"),
    Kind("stereo", "volume=-3dB,aecho=0.8:0.6:30:0.3", channels=2, ending="m4a", length_s=60),
    Kind("telephone", "highpass=300,lowpass=3400", rate_hz=8_000, length_s=60),
    Kind("five minutes", "volume=-8dB", ending="mp3", length_s=300),
)
LONG = (
    Kind("twenty minutes", "volume=-12dB", ending="mp3", length_s=1_200),
    Kind("an hour", "volume=-6dB", ending="mp3", channels=2, length_s=3_600),
)


def run(arguments: argparse.Namespace) -> list[Figure]:
    need("ffmpeg", "espeak-ng")
    peer = _peer_program()
    kinds = (*KINDS, *(LONG if arguments.long else ()))
    ours: list[Run] = []
    theirs: list[Run] = []
    with tempfile.TemporaryDirectory(prefix="loa-bench-") as name:
        folder = Path(name)
        spoken = _spoken(folder, longest_s=max(kind.length_s for kind in kinds))
        for kind in kinds:
            source = _made(folder, spoken, kind)
            ours.append(_measured(lambda out, source=source: _our_command(source, out), folder))
            theirs.append(_measured(lambda out, source=source: _their_command(peer, source, out), folder))
            _tell(kind, ours[-1], theirs[-1])
            source.unlink()
    return _figures(ours, theirs, minutes=sum(kind.length_s for kind in kinds) / 60)


def _figures(ours: Sequence[Run], theirs: Sequence[Run], *, minutes: float) -> list[Figure]:
    peer = f"{PEER} {importlib.metadata.version(PEER)}"

    def figure(name: str, unit: str, value: Callable[[Sequence[Run]], float]) -> Figure:
        return Figure(
            name=name, value=value(ours), unit=unit, n=len(ours), peer=peer, peer_value=value(theirs)
        )

    return [
        figure("cpu_s_per_min", "s", lambda runs: sum(run.cpu_s for run in runs) / minutes),
        figure("loudness_error_max", "LU", lambda runs: max(abs(run.lufs - TARGET_LUFS) for run in runs)),
        figure("true_peak_max", "dBTP", lambda runs: max(run.true_peak_dbtp for run in runs)),
        figure("peak_rss", "MiB", lambda runs: max(run.peak_rss_mib for run in runs)),
    ]


def _tell(kind: Kind, ours: Run, theirs: Run) -> None:
    def words(found: Run) -> str:
        return f"{found.cpu_s:6.1f} s {found.lufs:6.1f} LUFS {found.true_peak_dbtp:5.1f} dBTP"

    print(f"{kind.name:16} {kind.length_s:6.0f} s   ours {words(ours)}   {PEER} {words(theirs)}", flush=True)


def _our_command(source: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "audio", str(source), "-o", str(out)]


def _their_command(program: str, source: Path, out: Path) -> list[str]:
    """Its two passes of EBU R 128 to the same target, codec and rate as ours."""
    target = [f"--target-level={TARGET_LUFS}", f"--true-peak={PEAK_DBTP}"]
    codec = ["-c:a", "libopus", "-b:a", BITRATE, "-ar", "48000", "--audio-channels", "1", "-ext", "opus"]
    return [program, str(source), "-q", "-f", *target, *codec, "-o", str(out / "theirs.opus")]


def _measured(command: Callable[[Path], list[str]], folder: Path) -> Run:
    """Run it in a folder of its own, and judge the one file it leaves there."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        out = Path(name)
        cpu_s, peak_rss_mib = _cost(command(out))
        made = list(out.glob("*.opus"))
        if len(made) != 1:
            raise CannotRun(f"wanted one file from {command(out)[0]}, found {len(made)}")
        lufs, true_peak_dbtp = _judged(made[0])
    return Run(cpu_s, peak_rss_mib, lufs, true_peak_dbtp)


def _cost(command: list[str]) -> tuple[float, float]:
    """Processor seconds of a program and all it starts, and the largest of these in memory, in MiB.

    A fork that runs the program and nothing else: the kernel then has the sum of just these children.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        try:
            _be_measured(command, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    if not said:
        raise CannotRun(f"{' '.join(command)} could not be measured")
    found = json.loads(said)
    if found["code"] != 0:
        raise CannotRun(f"{' '.join(command)} ended with {found['code']}: {found['words'][-500:]}")
    return found["cpu_s"], found["rss_mib"]


def _be_measured(command: list[str], writing: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = {
        "code": done.returncode,
        "words": done.stdout + done.stderr,
        "cpu_s": used.ru_utime + used.ru_stime,
        "rss_mib": used.ru_maxrss / 1024,
    }
    os.write(writing, json.dumps(found).encode())


def _judged(recording: Path) -> tuple[float, float]:
    """Integrated loudness and true peak of a recording, decoded, by ffmpeg's own meter."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(recording), "-af", "ebur128=peak=true"]
    done = subprocess.run([*command, "-f", "null", "-"], capture_output=True, text=True, check=False)
    found = _SUMMARY.search(done.stderr[done.stderr.rfind("Summary:") :])
    if done.returncode != 0 or found is None:
        raise CannotRun(f"ffmpeg cannot judge {recording.name}: {done.stderr[-500:]}")
    return float(found[1]), float(found[2])


def _spoken(folder: Path, *, longest_s: float) -> Path:
    """A minute and more of speech, at the loudness that espeak-ng gives it."""
    spoken = folder / "spoken.wav"
    text = " ".join([TEXT] * (4 if longest_s <= 60 else 8))
    subprocess.run(["espeak-ng", "-v", "vi", "-s", "150", "-w", str(spoken), text], check=True)
    return spoken


def _made(folder: Path, spoken: Path, kind: Kind) -> Path:
    """A file of the set: the speech again and again to the wanted length, changed as its kind says."""
    made = folder / f"{kind.name.replace(' ', '-')}.{kind.ending}"
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-stream_loop",
        "-1",
        "-i",
        str(spoken),
        "-t",
        str(kind.length_s),
    ]
    shape = ["-af", kind.filter, "-ar", str(kind.rate_hz), "-ac", str(kind.channels), str(made)]
    subprocess.run([*command, *shape], check=True)
    return made


def _peer_program() -> str:
    beside = Path(sys.executable).parent / PEER
    if not beside.exists():
        raise CannotRun(f"{PEER} is not installed; ./loa bench installs it from requirements-test.lock")
    return str(beside)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench prepare", description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true", help="also 20 minutes and an hour of sound")
    return parser


if __name__ == "__main__":
    sys.exit(main("prepare", _arguments(), run))
