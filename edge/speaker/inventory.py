"""Which recordings are held, which are missing, and what the ledger says of them."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from edge.errors import LedgerError
from edge.faults import Faults
from edge.journal import Journal
from edge.ledger import Ledger
from edge.speaker.clips import ClipDropped, ClipEvent, ClipHeld, Wanted
from edge.wire.entries import Cached, Dropped
from edge.wire.plan import Plan

__all__ = ["ClipStore", "Inventory"]

_TOLD = "cached"


class ClipStore(Protocol):
    """The recordings on disk; see `edge.speaker.clips.Clips`."""

    def want(self, wanted: Iterable[Wanted]) -> None:
        """Hold these from now on."""

    def hurry(self) -> None:
        """Try at once what had failed."""

    def suspect(self, sha256: str) -> None:
        """Verify a recording again."""


class Inventory:
    """Used by the node's thread only. `held` is shared with the player: the recordings verified in this run.

    The hub is told *cached* once for each recording, however often the node starts.
    """

    def __init__(
        self,
        *,
        clips: ClipStore,
        ledger: Ledger,
        journal: Journal,
        faults: Faults,
        now: Callable[[], datetime],
        held: set[str],
    ) -> None:
        self._clips = clips
        self._ledger = ledger
        self._journal = journal
        self._faults = faults
        self._now = now
        self._held = held
        self._told = _read_names(ledger.kept(_TOLD))
        self._wanted: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What the plan needs and is not held, the soonest needed first."""
        return tuple(sha256 for sha256 in self._wanted if sha256 not in self._held)

    def follow(self, plan: Plan) -> None:
        """Hold what this plan needs."""
        needed_at = _first_needs(plan, self._now())
        wanted = [Wanted(one.sha256, one.bytes, needed_at.get(one.sha256)) for one in plan.recordings]
        never = datetime.max.replace(tzinfo=self._now().tzinfo)
        wanted.sort(key=lambda one: one.needed_at or never)
        self._wanted = tuple(one.sha256 for one in wanted)
        self._clips.want(wanted)

    def hurry(self) -> None:
        """The network is back."""
        self._clips.hurry()

    def doubt(self, recordings: Iterable[str]) -> None:
        """These could not be played: rely on none of them before it is verified again."""
        for sha256 in recordings:
            self._held.discard(sha256)
            self._clips.suspect(sha256)

    def heard(self, event: ClipEvent) -> None:
        """Take in what became of a recording."""
        match event:
            case ClipHeld():
                self._held.add(event.sha256)
                if event.sha256 not in self._told:
                    self._tell(Cached(recording=event.sha256, bytes=event.bytes), self._told | {event.sha256})
            case ClipDropped():
                self._held.discard(event.sha256)
                entry = Dropped(recording=event.sha256, reason=event.reason)
                self._tell(entry, self._told - {event.sha256})

    def _tell(self, entry: Cached | Dropped, told: set[str]) -> None:
        try:
            with self._ledger.together():
                self._ledger.keep(_TOLD, json.dumps(sorted(told)).encode())
                if self._journal.record(entry):
                    self._told = told
        except LedgerError:
            self._journal.record(entry)


def _first_needs(plan: Plan, now: datetime) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for occurrence in plan.occurrences:
        if occurrence.due_at.timestamp() * 1000 + occurrence.duration_ms >= now.timestamp() * 1000:
            for sha256 in occurrence.recordings:
                first.setdefault(sha256, occurrence.due_at)
    return first


def _read_names(raw: bytes | None) -> set[str]:
    try:
        names = json.loads(raw or b"[]")
    except ValueError:
        return set()
    return {name for name in names if isinstance(name, str)} if isinstance(names, list) else set()
