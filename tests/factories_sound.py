"""Recordings made for a test."""

from pathlib import Path

import numpy as np
import soundfile

RATE_HZ = 48_000


def tone(seconds: float, *, hz: float = 440.0, level: float = 0.5) -> np.ndarray:
    """A sine that begins and ends at zero when ``seconds * hz`` is whole."""
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def noise(seconds: float, *, level: float = 0.1, seed: int = 1) -> np.ndarray:
    """White noise of that RMS: no two moments of it are alike."""
    return np.random.default_rng(seed).normal(0, level, round(seconds * RATE_HZ)).astype(np.float32)


def write_recording(path: Path, samples: np.ndarray, *, rate_hz: int = RATE_HZ) -> Path:
    """A recording in the house format."""
    with soundfile.SoundFile(path, "w", rate_hz, 1, format="OGG", subtype="OPUS") as file:
        file.write(samples)
    return path


def read_sound(path: Path) -> np.ndarray:
    """All samples of any sound file."""
    samples, _ = soundfile.read(path, dtype="float32")
    return np.asarray(samples)
