"""The plays of this node: arms, cuts and bounds what sounds, and records each occurrence's one outcome."""

import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from edge.clock import Clock
from edge.speaker.conductor import Closing, Current
from edge.speaker.output import (
    Faulted,
    OutputEvent,
    Performance,
    Report,
    Started,
    Stopped,
    joining,
)
from edge.speaker.output import Finished as Ended
from edge.speaker.sounds import KeptSounds
from edge.speaker.track import Track
from edge.wire.base import Priority
from edge.wire.entries import Armed, Body, Finished, Outcome, Reason
from edge.wire.entries import Started as StartedEntry
from edge.wire.plan import MisfireRule, PlannedOccurrence

__all__ = ["BOUNDARY_FADE_S", "CUT_FADE_S", "Heard", "Plays", "Sounding"]

CUT_FADE_S = 0.03
BOUNDARY_FADE_S = 0.5

_OVERDUE_S = 60.0

log = logging.getLogger(__name__)


class Record(Protocol):
    """Makes entries durable, several as one; see `edge.journal.Journal.record`."""

    def __call__(self, *bodies: Body) -> object:
        """Record them."""


class Sounding(Protocol):
    """Where tracks are armed; see `edge.speaker.stage.Stage`."""

    @property
    def lead_s(self) -> float:
        """How long before it is due a track must be armed to start on the instant."""

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Performance:
        """Get ready to sound `track` at `due`."""


@dataclass(frozen=True)
class Heard:
    """What the output reported of the play with this number."""

    number: int
    event: OutputEvent


@dataclass
class _Play:
    number: int
    occurrence: PlannedOccurrence
    joined_ms: int
    performance: Performance
    given_up_s: float
    volume: int
    until: datetime | None = None
    started: StartedEntry | None = None
    cut: Reason | None = None


class Plays:
    """At most one occurrence is armed or sounding at a time. Used by the node's thread only.

    `record` makes entries durable; `post` hands an output's report to the loop, which gives it to `heard`.
    `sounds` knows what the output kept and takes it to the hub.
    """

    def __init__(
        self,
        *,
        stage: Sounding,
        path_of: Callable[[str], Path],
        sounds: KeptSounds,
        record: Record,
        post: Callable[[Heard], None],
        clock: Clock,
        settled: set[str],
    ) -> None:
        self._stage = stage
        self._path_of = path_of
        self._sounds = sounds
        self._record = record
        self._post = post
        self._clock = clock
        self._play: _Play | None = None
        self._number = 0
        self.settled = settled
        self.interrupted: set[str] = set()
        self.freed_at: datetime | None = None

    @property
    def current(self) -> Current | None:
        """What the output holds."""
        play = self._play
        if play is None:
            return None
        return Current(play.occurrence, started=play.started is not None, ending=play.cut is not None)

    def arm(self, occurrence: PlannedOccurrence, *, volume: int, until: datetime | None) -> None:
        """Get ready to sound an occurrence at its instant, at `volume` percent of the node's loudness."""
        self._number += 1
        track, due = self._track(occurrence, volume)
        performance = self._stage.arm(
            track, play_id=occurrence.id, due=due, report=self._reporter(self._number)
        )
        waits_s = max(0.0, (due - self._clock.now()).total_seconds())
        given_up_s = self._clock.monotonic() + waits_s + occurrence.duration_ms / 1000 + _OVERDUE_S
        self._play = _Play(self._number, occurrence, track.start_ms, performance, given_up_s, track.volume)
        self.bound(until)
        log.info("armed %s for %s", occurrence.id, due.isoformat())
        self._record(Armed(occurrence=occurrence.id, due_at=occurrence.due_at))

    def cut(self, reason: Reason) -> None:
        """Silence what the output holds; it is over once the output says so."""
        play = self._play
        if play is None or play.cut is not None:
            return
        play.cut = reason
        play.performance.stop(fade_s=CUT_FADE_S)

    def bound(self, until: datetime | None) -> None:
        """Have what the output holds fade out before `until`."""
        play = self._play
        if play is None or play.until == until:
            return
        play.until = until
        play.performance.until(until, fade_s=BOUNDARY_FADE_S)

    def turn(self, volume: int) -> None:
        """Have what the output holds sound at `volume` percent of the node's loudness from now on."""
        play = self._play
        if play is None or play.volume == (share := _share(volume, play.occurrence)):
            return
        play.volume = share
        play.performance.turn(share)

    def close(self, closings: Iterable[Closing]) -> None:
        """Record the outcomes of what will not sound (any more), as one: after weeks without power they are
        many, and each by itself would wait for the disk."""
        entries = [
            Finished(
                occurrence=closing.occurrence.id,
                due_at=closing.occurrence.due_at,
                outcome=closing.outcome,
                reason=closing.reason,
            )
            for closing in closings
        ]
        for entry in entries:
            self._settle(entry)
        self._record(*entries)

    def recover(self, started: StartedEntry) -> None:
        """Record that the power cut off what had started in an earlier run."""
        self._finish(
            Finished(
                occurrence=started.occurrence,
                due_at=started.due_at,
                outcome=Outcome.CUT,
                reason=Reason.POWER,
                started_at=started.started_at,
                start_error_ms=started.start_error_ms,
                clock_bound_ms=started.clock_bound_ms,
                sound_kept=self._sounds.is_kept(started.occurrence),
            )
        )

    def abandon(self) -> None:
        """The output was closed: record as cut off what sounded until now."""
        play, now = self._play, self._clock.now()
        self._play = None
        if play is not None and play.started is not None:
            played = (now - play.started.started_at).total_seconds() * 1000
            self._note_end(play, Stopped(at=now, played_ms=max(0, round(played))))

    def give_up_overdue(self) -> None:
        """Let go of an output that says nothing long after a play should have ended: that is its fault."""
        play = self._play
        if play is None or self._clock.monotonic() < play.given_up_s:
            return
        play.given_up_s = math.inf
        self._post(Heard(play.number, Faulted("internal", "the output does not end", at=self._clock.now())))
        play.performance.stop(fade_s=CUT_FADE_S)

    def heard(self, heard: Heard) -> None:
        """Take in what the output reported; reports of earlier plays change nothing."""
        play = self._play
        if play is None or heard.number != play.number:
            return
        event = heard.event
        if isinstance(event, Started):
            self._note_start(play, event)
            return
        self._play = None
        self.freed_at = self._clock.now()
        self._note_end(play, event)

    def _track(self, occurrence: PlannedOccurrence, volume: int) -> tuple[Track, datetime]:
        track = Track(
            files=tuple(self._path_of(recording) for recording in occurrence.recordings),
            gap_ms=occurrence.gap_ms,
            volume=_share(volume, occurrence),
        )
        if occurrence.misfire.rule is not MisfireRule.JOIN:
            return track, occurrence.due_at
        return joining(track, due=occurrence.due_at, now=self._clock.now(), lead_s=self._stage.lead_s)

    def _reporter(self, number: int) -> Report:
        return lambda event: self._post(Heard(number, event))

    def _note_start(self, play: _Play, event: Started) -> None:
        occurrence = play.occurrence
        play.started = StartedEntry(
            occurrence=occurrence.id,
            due_at=occurrence.due_at,
            started_at=event.at,
            start_error_ms=event.error_ms,
            clock_bound_ms=self._clock.reading().bound_ms,
        )
        log.info("started %s, %+.1f ms", occurrence.id, event.error_ms)
        self._record(play.started)

    def _note_end(self, play: _Play, event: Ended | Stopped | Faulted) -> None:
        occurrence = play.occurrence
        if isinstance(event, Stopped) and event.played_ms == 0 and play.started is None:
            return  # it never sounded: the occurrence is open again
        outcome, reason = _verdict(play, event)
        if reason is Reason.PREEMPTED and occurrence.priority is Priority.PRIORITY:
            self.interrupted.add(occurrence.id)
            return
        self._finish(
            Finished(
                occurrence=occurrence.id,
                due_at=occurrence.due_at,
                outcome=outcome,
                reason=reason,
                finished_at=event.at,
                played_ms=event.played_ms,
                joined_ms=play.joined_ms,
                sound_kept=self._sounds.is_kept(occurrence.id),
            ),
            play.started,
        )

    def _finish(self, entry: Finished, started: StartedEntry | None = None) -> None:
        if started is not None:
            entry = entry.model_copy(
                update={
                    "started_at": started.started_at,
                    "start_error_ms": started.start_error_ms,
                    "clock_bound_ms": started.clock_bound_ms,
                }
            )
        self._settle(entry)
        self._record(entry)
        if entry.sound_kept:
            self._sounds.finished(entry.occurrence)

    def _settle(self, entry: Finished) -> None:
        self.settled.add(entry.occurrence)
        self.interrupted.discard(entry.occurrence)
        log.info("%s: %s %s", entry.occurrence, entry.outcome, entry.reason or "")


def _share(volume: int, occurrence: PlannedOccurrence) -> int:
    """The volume of a play, in percent, at the node's own volume."""
    return round(volume * occurrence.volume / 100)


def _verdict(play: _Play, event: Ended | Stopped | Faulted) -> tuple[Outcome, Reason | None]:
    match event:
        case Ended():
            return Outcome.PLAYED, None
        case Stopped(at_boundary=True):
            return Outcome.CUT, Reason.QUIET_HOURS
        case Stopped():
            return Outcome.CUT, play.cut or Reason.POWER
        case Faulted(reason="unplayable"):
            return Outcome.FAILED, Reason.RECORDING
    return Outcome.FAILED, Reason.DEVICE
