"""A stand-in for `audio.prepare`: quick, and as strict about what it is given."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from audio.errors import Refused, ToolFailed
from audio.loudness import Loudness
from audio.prepare import Prepared, Warned

__all__ = ["FakePrepare"]


class FakePrepare:
    """Takes any file that begins with `sound`. `failures` is how often ffmpeg fails first."""

    def __init__(self, *, failures: int = 0) -> None:
        self.failures = failures
        self.sources: list[Path] = []
        self.told: list[float] = []

    def __call__(
        self,
        source: Path,
        folder: Path,
        *,
        limit_s: float,
        limit_bytes: int,
        progress: Callable[[float], None] | None,
    ) -> Prepared:
        self.sources.append(source)
        content = source.read_bytes()
        if self.failures:
            self.failures -= 1
            raise ToolFailed("ffmpeg", "made to fail")
        if not content.startswith(b"sound"):
            raise Refused("not_audio", container="text")
        for share in (0.25, 0.5, 1.0):
            self.told.append(share)
            if progress:
                progress(share)
        sha256 = hashlib.sha256(content).hexdigest()
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{sha256}.opus"
        path.write_bytes(content)
        return Prepared(
            sha256=sha256,
            path=path,
            bytes=len(content),
            duration_ms=61_250,
            before=Loudness(integrated_lufs=-27.4, true_peak_dbtp=-9.0),
            after=Loudness(integrated_lufs=-16.1, true_peak_dbtp=-1.3),
            peaks=((-60, 64), (-127, 100)),
            warnings=(Warned(code="trimmed", facts={"lead_s": 1.2, "tail_s": 0.8}),),
        )
