"""What happens at a counter, as the node's thread hears it. `at_s` is of the node's monotonic clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from edge.wire.entries import CameraSeen, PressSource

__all__ = ["Answer", "ButtonDown", "ButtonUp", "CameraLooked", "Touched"]

Answer = Literal["counted", "kept", "lost"]  # a rating; on the disk but no rating; not on the disk


@dataclass(frozen=True, slots=True)
class ButtonDown:
    """A button went down. `at_boot`: it was found down, so nobody is to be thanked."""

    level: int
    at_s: float
    at: datetime
    at_boot: bool = False


@dataclass(frozen=True, slots=True)
class ButtonUp:
    """A button came up."""

    level: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Touched:
    """A face was touched, or a press commanded. `key` names this touch: sent twice it is one. `answer` is
    called on the node's thread once the press is on the disk, or cannot be."""

    level: int
    key: str
    at_s: float
    at: datetime
    answer: Callable[[Answer], None]
    source: PressSource = PressSource.TOUCH
    dossier: str = ""


@dataclass(frozen=True, slots=True)
class CameraLooked:
    """A camera's verdict, to be recorded."""

    seen: CameraSeen
