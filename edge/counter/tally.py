"""What was pressed and what counted, kept durably: each press and the sums with it reach the disk as one."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from edge.clock import Clock
from edge.counter.presses import Judged
from edge.errors import LedgerError
from edge.journal import Journal
from edge.ledger import Ledger
from edge.wire.entries import Pressed, Totals

__all__ = ["Tally"]

log = logging.getLogger(__name__)

_KEPT = "totals"
_KEYS_KEPT = 32
_BEST, _WORST = 1, 5


@dataclass(frozen=True)
class _Sums:
    """Per level, and the last touches with whether they counted."""

    ledger: str
    raw: Mapping[str, int] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[str, bool] = field(default_factory=dict)

    def plus(self, level: int, *, counted: bool, key: str = "") -> "_Sums":
        name = str(level)
        keys = {**self.keys, key: counted} if key else dict(self.keys)
        return replace(
            self,
            raw={**self.raw, name: self.raw.get(name, 0) + 1},
            counted={**self.counted, name: self.counted.get(name, 0) + 1} if counted else self.counted,
            keys=dict(list(keys.items())[-_KEYS_KEPT:]),
        )


class Tally:
    """Used by the node's thread only. All but `keep` raise `LedgerError` where the ledger cannot be read."""

    def __init__(self, *, ledger: Ledger, journal: Journal, clock: Clock, levels: int) -> None:
        self._ledger = ledger
        self._journal = journal
        self._clock = clock
        self._levels = levels
        self._sums = _read(ledger.kept(_KEPT)) or _Sums("")

    def keep(self, judged: Sequence[Judged]) -> bool:
        """Make these presses durable, all or none; False when that failed: then thank for none of them."""
        try:
            sums = self._current()
        except LedgerError as error:
            log.warning("the sums cannot be read: %s", error)
            return False
        bodies = [_body(one, self._levels) for one in judged]
        for one, body in zip(judged, bodies, strict=True):
            sums = sums.plus(body.level, counted=body.counted, key=one.press.key)
        reading = self._clock.reading()

        def work() -> None:
            for one, body in zip(judged, bodies, strict=True):
                self._ledger.append(body, at=one.press.at, clock=reading)
            self._ledger.keep(_KEPT, _written(sums))

        return self._try(work, sums)

    def counted(self, key: str) -> bool | None:
        """Whether the touch of this key counted; None for one that was not kept, or long ago."""
        return self._sums.keys.get(key) if key else None

    def totals(self) -> Totals:
        """The sums since the ledger began."""
        sums = self._current()
        return Totals(raw=dict(sums.raw), counted=dict(sums.counted))

    def _try(self, work: Callable[[], None], sums: _Sums) -> bool:
        is_kept = self._journal.together(work)
        if is_kept:
            self._sums = sums
        return is_kept

    def _current(self) -> _Sums:
        """The sums of this ledger: one that just began anew still holds every entry that is its own."""
        identity = str(self._ledger.id)
        if self._sums.ledger != identity:
            self._sums = replace(_recount(self._ledger), keys=self._sums.keys)
            with suppress(LedgerError):  # the next press keeps them too
                self._ledger.keep(_KEPT, _written(self._sums))
        return self._sums


def _body(one: Judged, levels: int) -> Pressed:
    press = one.press
    return Pressed(
        level=min(max(press.level, _BEST), _WORST),
        levels=levels,
        source=press.source,
        counted=one.reason is None,
        reason=one.reason,
        held_ms=press.held_ms,
        dossier=press.dossier,
    )


def _recount(ledger: Ledger) -> _Sums:
    sums, after = _Sums(str(ledger.id)), 0
    while (batch := ledger.batch(after, 1_000)) is not None:
        after = batch.entries[-1].seq
        for entry in batch.entries:
            if entry.kind == Pressed.kind:
                sums = sums.plus(int(entry.body["level"]), counted=bool(entry.body["counted"]))
    return sums


def _written(sums: _Sums) -> bytes:
    return json.dumps(vars(sums)).encode()


def _read(raw: bytes | None) -> _Sums | None:
    try:
        found: dict[str, Any] = json.loads(raw or b"null")
        counts = {name: {str(k): int(v) for k, v in found[name].items()} for name in ("raw", "counted")}
        keys = {str(key): bool(counted) for key, counted in found["keys"].items()}
        return _Sums(str(found["ledger"]), counts["raw"], counts["counted"], keys)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
