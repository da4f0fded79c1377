"""The seam to the loudspeaker's sound: what may be asked of an output, and what it tells.

A caller arms a track some seconds before it is due and keeps the :class:`Performance` it gets. The output
does the rest in its own thread and tells what happened through ``report``. For each performance it reports

* ``Started`` at most once, when the first sample has sounded, and then
* exactly one end: ``Finished``, ``Stopped`` or ``Faulted``, after which nothing follows.

``report`` is called from any thread, must not block and must not raise: it only puts the event in a queue.

One performance sounds at a time: what is armed while another is to sound begins when it is due, or, if the
other runs over, the moment that has ended.

Armed late (``due`` has passed, or is nearer than the output needs to get ready), a track starts as soon as it
can, whole, and ``Started.error_ms`` says how late. To come in where the others are, see :func:`joining`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from edge.speaker.track import Track

__all__ = [
    "CLOSE_WITHIN_S",
    "STOP_FADE_S",
    "FaultReason",
    "Faulted",
    "Finished",
    "Output",
    "OutputEvent",
    "Performance",
    "Report",
    "Started",
    "Stopped",
    "joining",
]

STOP_FADE_S = 0.03
CLOSE_WITHIN_S = 2.0

FaultReason = Literal[
    "device_missing",  # no output device of that name
    "device_busy",  # it is there, but another program holds it or it refuses the format
    "device_lost",  # it went away, or stopped asking for sound, during the play
    "unplayable",  # a recording is missing, damaged or not in the house format
    "storage",  # the folder of a file output cannot be written
    "amplifier",  # the amplifier could not be switched on
    "internal",  # a mistake in the program itself
]


@dataclass(frozen=True, slots=True)
class Started:
    """The first sample sounded ``at``; ``error_ms`` is that less the due instant (positive: late)."""

    at: datetime
    error_ms: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The last sample sounded ``at``, after ``played_ms`` of sound."""

    at: datetime
    played_ms: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """Silent since ``at``, because of :meth:`Performance.stop`, or of ``until`` when ``at_boundary``.

    ``played_ms`` is 0 if it had not started.
    """

    at: datetime
    played_ms: int
    at_boundary: bool = False


@dataclass(frozen=True, slots=True)
class Faulted:
    """It cannot sound, or sounds no more; ``detail`` is for the technician."""

    reason: FaultReason
    detail: str
    at: datetime
    played_ms: int = 0


OutputEvent = Started | Finished | Stopped | Faulted
Report = Callable[[OutputEvent], None]


class Performance(Protocol):
    """One track armed on an output. Every method returns at once; any thread may call, repeatedly."""

    def stop(self, *, fade_s: float = STOP_FADE_S) -> None:
        """Fade out and end; before the start, just end. No effect after the end."""

    def until(self, instant: datetime | None, *, fade_s: float = STOP_FADE_S) -> None:
        """Be silent from ``instant`` on, the fade lying before it; ``None`` lifts an earlier boundary."""

    def turn(self, volume: int) -> None:
        """Sound at this volume (0 … 100, see :class:`Track`) from now on, without a click."""


class Output(Protocol):
    """Something that makes sound at a given instant."""

    @property
    def lead_s(self) -> float:
        """How long before ``due`` a track should be armed to start on it."""

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Performance:
        """Be ready to sound the first sample of ``track`` at ``due``. Returns at once; tells faults."""

    def close(self) -> None:
        """Stop what plays and wait for it to end, ``CLOSE_WITHIN_S`` at the most: a device that hangs holds
        up no program's end. What is reported afterwards is nobody's any more."""


def joining(track: Track, *, due: datetime, now: datetime, lead_s: float) -> tuple[Track, datetime]:
    """Arguments for :meth:`Output.arm` by which a late track comes in where the others are.

    The sample that belongs ``now + lead_s`` is due then, so the node is in step from its first sample.
    A track that is not late is given back unchanged.
    """
    behind = now + timedelta(seconds=lead_s) - due
    if behind <= timedelta(0):
        return track, due
    skip_ms = -(-behind // timedelta(milliseconds=1))
    return replace(track, start_ms=track.start_ms + skip_ms), due + timedelta(milliseconds=skip_ms)
