"""What a whole loudspeaker node is given in tests, and what is read of its ledger."""

from datetime import timedelta

from edge.speaker.clips import ClipHeld
from edge.wire.entries import Finished, Outcome, Reason
from edge.wire.plan import Misfire, MisfireRule, PlannedOccurrence
from tests import factories as make
from tests.fakes_node import Village

HELD = ClipHeld(make.SHA256, 96_000)
LATE_10_MIN = Misfire(rule=MisfireRule.LATE, late_s=600)


def item(name: str = "o-1", after_s: float = 60, **changes: object) -> PlannedOccurrence:
    return make.occurrence(id=name, due_at=make.NOW + timedelta(seconds=after_s), **changes)


def outcomes(village: Village) -> dict[str, tuple[Outcome, Reason | None]]:
    found = [entry for entry in village.entries(Finished) if isinstance(entry, Finished)]
    assert len({entry.occurrence for entry in found}) == len(found), "an occurrence has two outcomes"
    return {entry.occurrence: (entry.outcome, entry.reason) for entry in found}


def only(village: Village, kind: type) -> object:
    (entry,) = village.entries(kind)
    return entry
