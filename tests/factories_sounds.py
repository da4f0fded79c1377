"""Real files of every kind a clerk (or an attacker) may send, made once per run by ffmpeg and espeak-ng."""

import subprocess
from pathlib import Path

SPEECH = "Kính thưa bà con tổ ba. Ngày mai cắt điện từ bảy giờ đến mười một giờ. Xin cảm ơn."


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
