"""Situations for the conductor in tests, and what is read of its decision."""

from datetime import UTC, datetime, timedelta
from typing import Any

from edge.speaker.conductor import decide
from edge.speaker.situation import Closing, Situation
from edge.speaker.standing import InForce
from edge.wire.base import Priority
from edge.wire.entries import Reason
from edge.wire.house_rules import HouseRules, QuietHours
from edge.wire.plan import Misfire, MisfireRule, PlannedOccurrence
from tests import factories as make

DUE = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # 17:00 in Việt Nam
STOPPED = InForce(stopped=make.stop_mark())
LATE_5_MIN = Misfire(rule=MisfireRule.LATE, late_s=300)


def item(name: str = "o-1", after_s: float = 0, **changes: Any) -> PlannedOccurrence:
    return make.occurrence(id=name, due_at=DUE + timedelta(seconds=after_s), **changes)


def at(
    seconds: float, *items: PlannedOccurrence, rules: HouseRules | None = None, **changes: Any
) -> Situation:
    """The situation so many seconds after `DUE`, everything in order unless changed."""
    occurrences = tuple(sorted(items or (item(),), key=lambda o: o.due_at))
    fields: dict[str, Any] = {
        "now": DUE + timedelta(seconds=seconds),
        "clock": make.reading(),
        "plan": make.plan(occurrences=occurrences, house_rules=rules or make.house_rules()),
        "held": frozenset({make.SHA256}),
    }
    return Situation(**fields | changes)


def armed(situation: Situation) -> str | None:
    decision = decide(situation)
    return decision.arm.id if decision.arm else None


def cut(situation: Situation, name: str = "o-1") -> Reason | None:
    """Why what the output holds under that name is cut, if it is."""
    return decide(situation).cuts.get(name)


def closed(situation: Situation) -> tuple[str, str] | None:
    """Outcome and reason of the one occurrence that is closed, if any."""
    match decide(situation).closings:
        case ():
            return None
        case (Closing(outcome=outcome, reason=reason),):
            return outcome.value, reason.value
    raise AssertionError("several were closed")


def quiet_from(local: str) -> HouseRules:
    return HouseRules(quiet=(QuietHours(start=local, end="23:00"),))


def higher(after_s: float = 0, priority: Priority = Priority.PRIORITY) -> PlannedOccurrence:
    return item("higher", after_s, priority=priority)
