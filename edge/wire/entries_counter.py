"""What a counter's ledger entries say: presses, their sums, and what its cameras see."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from edge.wire.base import Detail, Name, Number
from edge.wire.entry import Body

__all__ = ["CameraSeen", "CameraVerdict", "PressSource", "Pressed", "Totals", "Uncounted"]


class PressSource(StrEnum):
    """Where a press came from; `command` is a technician's or the demo's."""

    BUTTON = "button"
    TOUCH = "touch"
    COMMAND = "command"


class Uncounted(StrEnum):
    """Why a press does not count as a rating."""

    INTERVAL = "interval"
    BURST = "burst"
    STUCK = "stuck"
    CLOSED = "closed"
    UNKNOWN_LEVEL = "unknown_level"
    TOGETHER = "together"


class CameraVerdict(StrEnum):
    """What a counter says of a camera. `degraded`: it answers, but frames do not come as they should;
    `frozen`: frames come, the picture does not change."""

    OK = "ok"
    DEGRADED = "degraded"
    FROZEN = "frozen"
    DARK = "dark"
    UNREACHABLE = "unreachable"
    AUTH_FAILED = "auth_failed"
    UNKNOWN = "unknown"


Level = Annotated[int, Field(ge=1, le=5)]
LevelName = Annotated[str, StringConstraints(pattern=r"^[1-5]$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Pressed(Body):
    """One physical press, whether it counts or not. Level 1 is the best of `levels`; `held_ms` is known for
    presses that were over when this was written; `dossier` is the code of the citizen's case, where given."""

    kind = "pressed"
    level: Level
    levels: Annotated[int, Field(ge=3, le=5)]
    source: PressSource
    counted: bool
    reason: Uncounted | None = None
    held_ms: Number | None = None
    dossier: Detail = ""


class Totals(Body):
    """How often each level was pressed, and counted, since the ledger began, this entry included. A level
    that was never pressed may be missing."""

    kind = "totals"
    raw: dict[LevelName, Number]
    counted: dict[LevelName, Number]


class CameraSeen(Body):
    """A camera's verdict with its evidence, when it changes and every hour. `brightness` and `change` are
    shares from 0 (black; the same picture) to 1; `offset_s` is its clock against the node's."""

    kind = "camera"
    camera: Name
    verdict: CameraVerdict
    frames: Number
    brightness: Share | None = None
    change: Share | None = None
    offset_s: float | None = None
    detail: Detail = ""
