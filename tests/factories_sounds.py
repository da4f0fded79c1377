"""Real files of every kind a clerk (or an attacker) may send, made once per run by ffmpeg and espeak-ng."""

import re
import subprocess
from pathlib import Path

import pytest

from audio.errors import Refused
from audio.prepare import Prepared, prepare

SPEECH = "Kính thưa bà con tổ ba. Ngày mai cắt điện từ bảy giờ đến mười một giờ. Xin cảm ơn."
SINE = "0.3*sin(2*PI*440*t)"


class Samples:
    """Makes a file by name on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def made(self, name: str, *arguments: str) -> Path:
        """`name`, written by ffmpeg with these arguments unless it stands already."""
        path = self.folder / name
        if not path.exists():
            command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, f"file:{path}"]
            subprocess.run(command, check=True, timeout=60)
        return path

    def written(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def generated(
        self, name: str, expression: str, *arguments: str, length_s: float = 3, rate_hz: int = 48_000
    ) -> Path:
        """`name`, one expression per channel (ffmpeg's aevalsrc)."""
        source = f"aevalsrc='{expression}':s={rate_hz}:d={length_s}"
        return self.made(name, "-f", "lavfi", "-i", source, *arguments)

    def speech(self) -> Path:
        """A few seconds of spoken Vietnamese, 22.05 kHz mono WAV."""
        path = self.folder / "speech.wav"
        if not path.exists():
            subprocess.run(["espeak-ng", "-v", "vi", "-w", path, SPEECH], check=True, timeout=60)
        return path

    def changed(self, name: str, filters: str, *arguments: str) -> Path:
        """The speech after some filters."""
        return self.made(name, "-i", str(self.speech()), "-af", filters, *arguments)

    def picture(self) -> Path:
        return self.made("picture.png", "-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1")

    def with_cover(self) -> Path:
        """An MP3 of the speech with a cover picture, as music shops sell them."""
        return self.made(
            "cover.mp3",
            *("-i", str(self.speech()), "-i", str(self.picture()), "-map", "0", "-map", "1"),
            *("-c:v", "copy", "-disposition:v", "attached_pic"),
        )


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


def sample_of(samples: Samples, kind: str) -> Path:
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
