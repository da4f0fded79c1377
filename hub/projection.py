"""From ledger entries to what pages show: plays, holdings, faults, what a node obeys; `projection_counter`
has what counters write.

Entries come in the order of their ledger, each once; `write` puts the sum of a batch into the file.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from edge.wire.entries import (
    Armed,
    Body,
    Cached,
    Dropped,
    Fault,
    Finished,
    Mended,
    Obeyed,
    PlanAccepted,
    Refused,
    StandingAccepted,
    Started,
    read_body,
)
from edge.wire.errors import Unreadable
from hub.finite import finite
from hub.programme.recurrence import schedule_of
from hub.projection_counter import CounterProjection
from hub.store import faults, holdings, nodes, plays
from hub.store.database import Database
from hub.store.faults import Unread
from hub.store.ledger import Line
from hub.store.plays import Play

__all__ = ["Projection"]

_NOT_FAULTS = ("replayed", "expired", "unproven", "wrong_nonce")
_RANK = {"armed": 1, "playing": 2, "finished": 3}


@dataclass
class Projection:
    """What a run of one node's entries changes. `is_plausible` judges the numbers a node says it obeys."""

    node: str
    topic: str
    ledger: str
    at: datetime
    is_plausible: Callable[[int], bool]
    _counter: CounterProjection = field(init=False)
    _plays: dict[str, Play] = field(default_factory=dict)
    _held: dict[str, bool] = field(default_factory=dict)
    _faults: dict[str, str | None] = field(default_factory=dict)
    _obeyed: list[int] = field(default_factory=lambda: [0, 0, 0])
    _unread: list[Unread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._counter = CounterProjection(node=self.node, ledger=self.ledger, at=self.at)

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the events that the pages should hear."""
        seen = {
            "plays": bool(self._plays),
            "nodes": bool(self._held) or any(self._obeyed),
            "orders": any(self._obeyed[1:]),
            "faults": bool(self._faults) or bool(self._unread),
        }
        return (*(name for name, is_so in seen.items() if is_so), *self._counter.changed)

    def take(self, line: Line) -> None:
        """One entry. What cannot be read is kept as such and passed."""
        try:
            read = read_body(line.kind, line.body)
        except (Unreadable, OverflowError) as error:
            reason = error.reason if isinstance(error, Unreadable) else "unreadable"
            raw = json.dumps(line.body).encode()
            self._unread.append(Unread(self.at, self.topic, reason, f"entry {line.seq}: {error}", raw))
            return
        self._note(read)
        self._counter.note(line, read)

    def write(self, db: Database) -> None:
        """Put it into the file, in the transaction of the entries themselves."""
        if self._plays:
            plays.keep(db, self._plays.values())
        if self._held:
            held = [sha256 for sha256, is_held in self._held.items() if is_held]
            holdings.change(db, self.node, held=held, dropped=self._held.keys() - set(held), at=self.at)
        for name, detail in self._faults.items():
            if detail is None:
                faults.mend(db, node=self.node, name=name, at=self.at)
            else:
                faults.raise_fault(db, node=self.node, name=name, detail=detail, at=self.at)
        if any(self._obeyed):
            plan, standing, order = self._obeyed
            nodes.obeyed(db, [(plan, standing, order, self.node)])
        self._counter.write(db)
        for unread in self._unread:
            faults.keep_unreadable(db, unread)

    def _note(self, body: Body) -> None:
        match body:
            case Armed():
                self._play(self._armed(body.occurrence, body.due_at))
            case Started():
                self._play(_started(body, self._armed(body.occurrence, body.due_at)))
            case Finished():
                self._play(_finished(body, self._armed(body.occurrence, body.due_at)))
            case Cached():
                self._held[body.recording] = True
            case Dropped():
                self._held[body.recording] = False
            case Fault():
                self._faults[body.name[:100]] = body.detail[:500]
            case Mended():
                self._faults[body.name[:100]] = None
            case PlanAccepted():
                self._obeys(0, body.version, "plan")
            case StandingAccepted():
                self._obeys(1, body.version, "standing")
            case Obeyed():
                self._obeys(2, body.seq, "order")
            case Refused() if body.reason not in _NOT_FAULTS:
                self._faults[f"refused_{body.what[:50]}"] = f"{body.reason} {body.detail}".strip()[:500]

    def _armed(self, occurrence: str, due_at: datetime) -> Play:
        schedule = schedule_of(occurrence)
        return Play(node=self.node, occurrence=occurrence, schedule=schedule, due_at=due_at, state="armed")

    def _obeys(self, place: int, number: int, what: str) -> None:
        if self.is_plausible(number):
            self._obeyed[place] = max(self._obeyed[place], number)
        self._faults[f"refused_{what}"] = None

    def _play(self, told: Play) -> None:
        before = self._plays.get(told.occurrence)
        if before is None:
            self._plays[told.occurrence] = told
        elif before.outcome is None and _RANK[told.state] >= _RANK[before.state]:
            self._plays[told.occurrence] = replace(
                told,
                started_at=told.started_at or before.started_at,
                start_error_ms=_first(told.start_error_ms, before.start_error_ms),
                clock_bound_ms=_first(told.clock_bound_ms, before.clock_bound_ms),
            )


def _started(body: Started, armed: Play) -> Play:
    return replace(
        armed,
        state="playing",
        started_at=body.started_at,
        start_error_ms=finite(body.start_error_ms),
        clock_bound_ms=finite(body.clock_bound_ms),
    )


def _finished(body: Finished, armed: Play) -> Play:
    return replace(
        armed,
        state="finished",
        started_at=body.started_at,
        start_error_ms=finite(body.start_error_ms),
        clock_bound_ms=finite(body.clock_bound_ms),
        finished_at=body.finished_at,
        outcome=body.outcome.value,
        reason=body.reason.value if body.reason else None,
        played_ms=min(max(body.played_ms, 0), 2**53),
    )


def _first(one: float | None, other: float | None) -> float | None:
    return other if one is None else one
