"""From a counter's ledger entries to what pages show: presses, comparisons of sums, cameras."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite

from edge.wire.entries import Body, Booted, CameraSeen, Pressed, Totals
from hub.store import cameras, faults, presses
from hub.store.cameras import CameraState
from hub.store.database import Database
from hub.store.ledger import Line
from hub.store.presses import Press

__all__ = ["CounterProjection"]


@dataclass
class CounterProjection:
    """What a run of one node's ledger changes at its counter; `at` is now."""

    node: str
    ledger: str
    at: datetime
    _presses: list[Press] = field(default_factory=list)
    _totals: tuple[Line, Totals] | None = None
    _cameras: list[tuple[Line, CameraSeen | None]] = field(default_factory=list)

    @property
    def changed(self) -> Iterable[str]:
        """The names of the events that the pages should hear."""
        if self._presses or self._totals:
            yield "ratings"
        if self._cameras:
            yield "cameras"

    def note(self, line: Line, body: Body) -> None:
        """One entry; those that no counter writes are passed."""
        match body:
            case Pressed():
                self._presses.append(self._press(line, body))
            case Totals():
                self._totals = line, body
            case CameraSeen():
                self._cameras.append((line, body))
            case Booted():
                self._cameras.append((line, None))

    def write(self, db: Database) -> None:
        """Put it into the file, in the transaction of the entries themselves."""
        if self._presses:
            presses.keep(db, self._presses)
        if self._totals is not None:
            self._compare(db, *self._totals)
        for line, seen in self._cameras:
            if seen is None:
                cameras.unwatched_before(db, self.node, ledger=self.ledger, seq=line.seq, at=self.at)
            else:
                cameras.keep(db, self._camera(line, seen))

    def _press(self, line: Line, body: Pressed) -> Press:
        return Press(
            node=self.node,
            ledger=self.ledger,
            seq=line.seq,
            at=_placed(line, self.at),
            written_at=line.at,
            clock_state=line.clock_state,
            level=body.level,
            levels=body.levels,
            source=body.source.value,
            counted=body.counted,
            reason=body.reason.value if body.reason else None,
            held_ms=body.held_ms,
            dossier=body.dossier,
            received_at=self.at,
        )

    def _compare(self, db: Database, line: Line, totals: Totals) -> None:
        difference = presses.compare(
            db,
            node=self.node,
            ledger=self.ledger,
            seq=line.seq,
            at=self.at,
            raw={int(level): number for level, number in totals.raw.items()},
            counted={int(level): number for level, number in totals.counted.items()},
        )
        if difference:
            faults.raise_fault(db, node=self.node, name="ratings_differ", detail=difference[:500], at=self.at)
        elif difference is not None:
            faults.mend(db, node=self.node, name="ratings_differ", at=self.at)

    def _camera(self, line: Line, seen: CameraSeen) -> CameraState:
        at = _placed(line, self.at)
        return CameraState(
            node=self.node,
            camera=seen.camera,
            verdict=seen.verdict.value,
            since=at,
            at=at,
            frames=seen.frames,
            brightness=seen.brightness,
            change=seen.change,
            offset_s=seen.offset_s if seen.offset_s is not None and isfinite(seen.offset_s) else None,
            detail=seen.detail,
        )


def _placed(line: Line, received_at: datetime) -> datetime:
    """When it happened, for days and hours: by the node's clock where that is trusted; else when it came
    here. Nothing happened after it came."""
    return received_at if line.clock_state == "untrusted" else min(line.at, received_at)
