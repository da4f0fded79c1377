"""The plays of this node: arms, cuts and bounds what sounds, and records each occurrence's one outcome."""

import logging
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from edge.clock import Clock
from edge.speaker.held_play import HeldPlay
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
from edge.speaker.situation import Closing, Current
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
_JUST_ORDERED = timedelta(seconds=2)

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


class Plays:
    """At most two occurrences are held, the second armed behind the first. Used by the node's thread only.

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
        self._plays: list[HeldPlay] = []
        self._number = 0
        self.settled = settled
        self.interrupted: set[str] = set()
        self.freed_at: datetime | None = None

    @property
    def held(self) -> tuple[Current, ...]:
        """What the output holds, in its order."""
        return tuple(play.as_current() for play in self._plays)

    def arm(self, occurrence: PlannedOccurrence, *, volume: int, until: datetime | None) -> None:
        """Get ready to sound an occurrence at its instant, or once what is held is over, at `volume` percent
        of the node's loudness."""
        self._number += 1
        track, due = self._track(occurrence, volume)
        performance = self._stage.arm(
            track, play_id=occurrence.id, due=due, report=self._reporter(self._number)
        )
        begins_at = max(due, self._free_at())
        play = HeldPlay(
            number=self._number,
            occurrence=occurrence,
            joined_ms=track.start_ms,
            performance=performance,
            begins_at=begins_at,
            given_up_s=self._given_up_s(occurrence, begins_at),
            volume=track.volume,
        )
        self._plays.append(play)
        _bound(play, until)
        log.info("armed %s for %s", occurrence.id, due.isoformat())
        self._record(Armed(occurrence=occurrence.id, due_at=occurrence.due_at))

    def cut(self, occurrence: str, reason: Reason) -> None:
        """Silence an occurrence that the output holds; it is over once the output says so."""
        for play in self._plays:
            if play.occurrence.id == occurrence and play.cut is None:
                play.cut = reason
                play.performance.stop(fade_s=CUT_FADE_S)

    def cut_all(self, reason: Reason) -> None:
        """Silence everything that the output holds."""
        for play in self._plays:
            self.cut(play.occurrence.id, reason)

    def bound(self, occurrence: str, until: datetime | None) -> None:
        """Have an occurrence that the output holds fade out before `until`."""
        for play in self._plays:
            if play.occurrence.id == occurrence:
                _bound(play, until)

    def turn(self, volume: int) -> None:
        """Have what the output holds sound at `volume` percent of the node's loudness from now on."""
        for play in self._plays:
            if play.volume != (share := _share(volume, play.occurrence)):
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
        plays, now = self._plays, self._clock.now()
        self._plays = []
        for play in plays:
            if play.started is not None:
                played = (now - play.started.started_at).total_seconds() * 1000
                self._note_end(play, Stopped(at=now, played_ms=max(0, round(played))))

    def give_up_overdue(self) -> None:
        """Let go of an output that says nothing long after a play should have ended: that is its fault."""
        for play in self._plays:
            if self._clock.monotonic() < play.given_up_s:
                continue
            play.given_up_s = math.inf
            fault = Faulted("internal", "the output does not end", at=self._clock.now())
            self._post(Heard(play.number, fault))
            play.performance.stop(fade_s=CUT_FADE_S)

    def heard(self, heard: Heard) -> PlannedOccurrence | None:
        """Take in what the output reported; returns the occurrence it was about. A report of an earlier play
        changes nothing and gives None."""
        play = next((play for play in self._plays if play.number == heard.number), None)
        if play is None:
            return None
        event = heard.event
        if isinstance(event, Started):
            self._note_start(play, event)
        else:
            self._plays.remove(play)
            self.freed_at = self._clock.now()
            self._note_end(play, event)
        return play.occurrence

    def _track(self, occurrence: PlannedOccurrence, volume: int) -> tuple[Track, datetime]:
        track = Track(
            files=tuple(self._path_of(recording) for recording in occurrence.recordings),
            gap_ms=occurrence.gap_ms,
            volume=_share(volume, occurrence),
            at_once=occurrence.priority is Priority.EMERGENCY,
        )
        if occurrence.misfire.rule is not MisfireRule.JOIN or self._begins_whole(occurrence):
            return track, occurrence.due_at
        lead_s = self._stage.lead_s
        now = max(self._clock.now(), self._free_at() - timedelta(seconds=lead_s))
        return joining(track, due=occurrence.due_at, now=now, lead_s=lead_s)

    def _begins_whole(self, occurrence: PlannedOccurrence) -> bool:
        """An emergency that was just ordered: nothing of it is left out."""
        is_emergency = occurrence.priority is Priority.EMERGENCY
        return is_emergency and self._clock.now() - occurrence.due_at <= _JUST_ORDERED

    def _free_at(self) -> datetime:
        """When what the output holds is over."""
        ends = (play.as_current().ends_at for play in self._plays)
        return max((at for at in ends if at is not None), default=self._clock.now())

    def _given_up_s(self, occurrence: PlannedOccurrence, begins_at: datetime) -> float:
        waits_s = max(0.0, (begins_at - self._clock.now()).total_seconds())
        return self._clock.monotonic() + waits_s + occurrence.duration_ms / 1000 + _OVERDUE_S

    def _reporter(self, number: int) -> Report:
        return lambda event: self._post(Heard(number, event))

    def _note_start(self, play: HeldPlay, event: Started) -> None:
        log.info("started %s, %+.1f ms", play.occurrence.id, event.error_ms)
        self._record(play.has_started(event, clock_bound_ms=self._clock.reading().bound_ms))

    def _note_end(self, play: HeldPlay, event: Ended | Stopped | Faulted) -> None:
        occurrence = play.occurrence
        if isinstance(event, Stopped) and event.played_ms == 0 and play.started is None:
            return  # it never sounded: the occurrence is open again
        outcome, reason = play.verdict(event)
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


def _bound(play: HeldPlay, until: datetime | None) -> None:
    if play.until != until:
        play.until = until
        play.performance.until(until, fade_s=BOUNDARY_FADE_S)
