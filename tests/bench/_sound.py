"""Sounds for benchmarks."""

import io
import wave
from pathlib import Path

import numpy as np
import soundfile

__all__ = ["RATE_HZ", "noise_opus", "noise_wav"]

RATE_HZ = 48_000


def noise_wav(seconds: float) -> bytes:
    """A WAV file that is loud from its first sample to its last."""
    samples = np.random.default_rng(1).normal(0, 0.15, round(seconds * RATE_HZ)).clip(-1, 1)
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((samples * 32_000).astype("<i2").tobytes())
    return file.getvalue()


def noise_opus(path: Path, seconds: float, *, level: float, dice: np.random.Generator) -> None:
    """A file in the house format of noise: no two moments of it are alike."""
    with soundfile.SoundFile(path, "w", RATE_HZ, 1, format="OGG", subtype="OPUS") as file:
        for _ in range(round(seconds)):
            file.write(dice.normal(0, level, RATE_HZ).astype(np.float32))
