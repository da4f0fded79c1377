"""What a look at a camera says, in numbers and in one word. Pure; no picture leaves this file.

A look is some two seconds of tiny grey frames. Brightness is their mean; change is how far the most moving
spots differ, within the look and from the look before, so that a clock drawn into the picture counts as life.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from edge.wire.entries import CameraVerdict

__all__ = ["HEIGHT", "MISSES", "REPEAT_S", "WIDTH", "Frames", "Look", "Watch", "frames_of", "look_at"]

WIDTH, HEIGHT = 64, 36
MISSES = 3
REPEAT_S = 3_600.0
_FEWEST_FRAMES = 5
_MOVING_SPOTS = 12
_STILL = 3 / 255
_DARK, _DIM = 0.06, 0.05
_EVEN = 0.012  # a lens covered by a hand is not black, but the same everywhere

Frames = NDArray[np.uint8]
Problem = Literal["unreachable", "auth_failed", "degraded", "unknown"]


@dataclass(frozen=True)
class Look:
    """One look at a camera. `problem` is why there is no picture; `contrast` is the frames' spread."""

    frames: int = 0
    brightness: float | None = None
    change: float | None = None
    contrast: float | None = None
    problem: Problem | None = None
    offset_s: float | None = None
    detail: str = ""

    @property
    def verdict(self) -> CameraVerdict:
        """What this look alone says."""
        if self.problem is not None:
            return CameraVerdict(self.problem)
        if self.frames < _FEWEST_FRAMES or self.brightness is None or self.contrast is None:
            return CameraVerdict.DEGRADED
        if (self.brightness < _DARK and self.contrast < _DIM) or self.contrast < _EVEN:
            return CameraVerdict.DARK
        if self.change is not None and self.change < _STILL:
            return CameraVerdict.FROZEN
        return CameraVerdict.OK


def frames_of(raw: bytes) -> Frames:
    """The whole frames in `raw`, one byte for each point."""
    whole = len(raw) // (WIDTH * HEIGHT)
    return np.frombuffer(raw, np.uint8, count=whole * WIDTH * HEIGHT).reshape(whole, HEIGHT, WIDTH)


def look_at(frames: Frames, *, before: Frames | None) -> Look:
    """The numbers of `frames`; `before` is the last frame of the look before."""
    if not len(frames):
        return Look()
    return Look(
        frames=len(frames),
        brightness=round(float(frames.mean()) / 255, 4),
        change=_change(frames, before),
        contrast=float(frames.std(axis=(1, 2)).mean()) / 255,
    )


def _change(frames: Frames, before: Frames | None) -> float | None:
    first = frames[0].astype(np.int16)
    others: Sequence[Frames] = [*frames[1:], *([before] if before is not None else [])]
    if not others:
        return None
    return round(max(_moving(first, other) for other in others) / 255, 4)


def _moving(first: NDArray[np.int16], other: Frames) -> float:
    difference = np.abs(other.astype(np.int16) - first).ravel()
    return float(np.partition(difference, -_MOVING_SPOTS)[-_MOVING_SPOTS:].mean())


@dataclass(frozen=True)
class Watch:
    """What is held of one camera: three looks in a row must agree that it is not well, one look that it is.

    A camera that refuses the password is believed at once: asking again is what locks accounts.
    """

    verdict: CameraVerdict = CameraVerdict.UNKNOWN
    misses: int = 0
    told_s: float | None = None

    def looked(self, look: Look, *, now_s: float) -> tuple["Watch", bool]:
        """The watch after a look, and whether to record its verdict: it changed, or an hour passed."""
        found = look.verdict
        misses = 0 if found is CameraVerdict.OK else self.misses + 1
        is_sure = found in _AT_ONCE or misses >= MISSES
        verdict = found if is_sure else self.verdict
        is_told = is_sure and (verdict is not self.verdict or self.told_s is None)
        is_due = self.told_s is not None and now_s - self.told_s >= REPEAT_S
        told_s = now_s if is_told or is_due else self.told_s
        return replace(self, verdict=verdict, misses=misses, told_s=told_s), is_told or is_due


_AT_ONCE = (CameraVerdict.OK, CameraVerdict.AUTH_FAILED, CameraVerdict.UNKNOWN)
