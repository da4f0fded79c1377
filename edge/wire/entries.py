"""What ledger entries say, of loudspeakers and counters. Times are UTC, durations milliseconds, and
texts are cut to 500 characters rather than refused: what happened is recorded in any case.

`read_body` turns an entry's kind and body into one of these; what it cannot read is the inbox's to keep.
"""

from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from edge.wire.base import Detail, Instant, Key, Number, Ordinal, Percent, Sha256, faults_of
from edge.wire.entries_counter import CameraSeen, CameraVerdict, Pressed, PressSource, Totals, Uncounted
from edge.wire.entry import Body
from edge.wire.errors import Unreadable

__all__ = [
    "BODIES",
    "AmplifierSwitched",
    "Armed",
    "Body",
    "Booted",
    "Cached",
    "CameraSeen",
    "CameraVerdict",
    "Dropped",
    "Fault",
    "Finished",
    "Mended",
    "Obeyed",
    "Outcome",
    "PlanAccepted",
    "PressSource",
    "Pressed",
    "Reason",
    "Refused",
    "StandingAccepted",
    "Started",
    "Totals",
    "Uncounted",
    "read_body",
]


class Outcome(StrEnum):
    """How an occurrence ended at a node; each has exactly one."""

    PLAYED = "played"
    CUT = "cut"
    SKIPPED = "skipped"
    FAILED = "failed"


class Reason(StrEnum):
    """Why an occurrence was cut, skipped or failed."""

    STOPPED = "stopped"
    MUTED = "muted"
    QUIET_HOURS = "quiet_hours"
    PREEMPTED = "preempted"
    LATE = "late"
    CLOCK = "clock"
    NOT_CACHED = "not_cached"
    POWER = "power"
    DEVICE = "device"
    RECORDING = "recording"
    WITHDRAWN = "withdrawn"


class Booted(Body):
    """The program started. `clean` tells whether it had been stopped in order before."""

    kind = "booted"
    software: Detail
    clean: bool


class PlanAccepted(Body):
    """A plan was verified and kept; from now on it is the one obeyed."""

    kind = "plan"
    version: Ordinal
    occurrences: Number
    until: Instant


class StandingAccepted(Body):
    """A standing state was verified, kept and obeyed."""

    kind = "standing"
    version: Ordinal
    stopped: bool
    muted: bool
    volume: Percent


class Obeyed(Body):
    """An order was verified, kept and obeyed; its effect on sound is over when this is written."""

    kind = "obeyed"
    seq: Ordinal
    order: Detail


class Refused(Body):
    """A plan, order or standing state was not obeyed, and why."""

    kind = "refused"
    what: Detail
    reason: Detail
    detail: Detail = ""


class Cached(Body):
    """A recording was fetched and verified against its SHA-256."""

    kind = "cached"
    recording: Sha256
    bytes: Number


class Dropped(Body):
    """A recording is no longer held: no plan needs it, or it was found damaged."""

    kind = "dropped"
    recording: Sha256
    reason: Detail


class Armed(Body):
    """The output is open and waits for the instant."""

    kind = "armed"
    occurrence: Key
    due_at: Instant


class AmplifierSwitched(Body):
    """The amplifier's power was switched."""

    kind = "amplifier"
    on: bool
    occurrence: Key | None = None


class Started(Body):
    """The first sample left the converter `start_error_ms` after the due instant (negative: before)."""

    kind = "started"
    occurrence: Key
    due_at: Instant
    started_at: Instant
    start_error_ms: float
    clock_bound_ms: float | None = None


class Finished(Body):
    """The one outcome of an occurrence. What never sounded has no `started_at`.

    `joined_ms` is how far into the item the sound began (misfire rule `join`).
    """

    kind = "finished"
    occurrence: Key
    due_at: Instant
    outcome: Outcome
    reason: Reason | None = None
    started_at: Instant | None = None
    start_error_ms: float | None = None
    clock_bound_ms: float | None = None
    finished_at: Instant | None = None
    played_ms: Number = 0
    joined_ms: Number = 0
    sound_kept: bool = False


class Fault(Body):
    """Something at the node does not work; it lasts until `mended` with the same name."""

    kind = "fault"
    name: Detail
    detail: Detail = ""


class Mended(Body):
    """A fault is over."""

    kind = "mended"
    name: Detail


BODIES: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        Booted,
        PlanAccepted,
        StandingAccepted,
        Obeyed,
        Refused,
        Cached,
        Dropped,
        Armed,
        AmplifierSwitched,
        Started,
        Finished,
        Fault,
        Mended,
        Pressed,
        Totals,
        CameraSeen,
    )
}


def read_body(kind: str, body: dict[str, Any]) -> Body:
    """The typed body of an entry. Raises `Unreadable` for what the contract does not have."""
    model = BODIES.get(kind)
    if model is None:
        raise Unreadable("unknown_kind", kind[:40])
    try:
        return model.model_validate(body, strict=False)
    except ValidationError as error:
        raise Unreadable("unreadable", f"{kind}: {faults_of(error)}") from error
