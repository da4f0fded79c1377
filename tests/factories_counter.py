"""A counter at a village: its node, and what it writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from edge.wire.base import ClockState
from edge.wire.entries import Body, CameraSeen, CameraVerdict, Pressed, PressSource, Totals
from edge.wire.messages import LedgerBatch, LedgerEntry
from tests.factories import LEDGER, reading
from tests.factories_hub import Village

__all__ = ["COUNTER", "add_counter", "pressed", "seen", "totals", "wrote_at"]

COUNTER = "quay-1"


def add_counter(village: Village, id_: str = COUNTER) -> None:
    village.enrol(id_, "phuong", kind="counter", name=f"Quầy {id_[-1]}")


def pressed(level: int = 1, **changes: Any) -> Pressed:
    fields: dict[str, Any] = {"level": level, "levels": 4, "source": PressSource.BUTTON, "counted": True}
    if "reason" in changes:
        fields["counted"] = False
    return Pressed(**fields | changes)


def totals(raw: dict[str, int], counted: dict[str, int] | None = None) -> Totals:
    return Totals(raw=raw, counted=raw if counted is None else counted)


def seen(verdict: str, camera: str = "cong", **changes: Any) -> CameraSeen:
    fields: dict[str, Any] = {"camera": camera, "verdict": CameraVerdict(verdict), "frames": 20}
    return CameraSeen(**fields | changes)


def wrote_at(
    village: Village,
    bodies: Sequence[tuple[datetime, Body]],
    *,
    first: int = 1,
    clock: ClockState = ClockState.SYNCED,
    node: str = COUNTER,
) -> None:
    """The counter's ledger arrives with entries of other times than now."""
    written = tuple(
        LedgerEntry(
            seq=first + place,
            at=at,
            clock=reading(state=clock),
            boot="b1",
            kind=body.kind,
            body=body.model_dump(mode="json"),
        )
        for place, (at, body) in enumerate(bodies)
    )
    batch = LedgerBatch(ledger=LEDGER, first_held=1, entries=written)
    village.says(node, "ledger", batch.encode())
