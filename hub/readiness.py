"""How a loudspeaker stands before its next item. Pure: what is known of it goes in, a verdict comes out."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from edge.wire.house_rules import HouseRules
from hub.programme.house import broken_rules
from hub.programme.terms import Occurrence
from hub.store.faults import OpenFault
from hub.store.nodes import Node, Report
from hub.store.plans import KeptStanding

__all__ = [
    "NOTES",
    "SILENCE",
    "Known",
    "believed",
    "is_forbidden",
    "missing_of",
    "node_state",
    "why_not_ready",
]

SILENCE = timedelta(minutes=4)
"""Readings come every minute: a node that missed three is away, whatever the broker says of it."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the hub knows of one node; `plan_version` is that of the plan it should obey."""

    node: Node
    report: Report | None
    standing: KeptStanding | None
    plan_version: int
    held: Collection[str]
    faults: tuple[OpenFault, ...] = ()


def believed(report: Report, now: datetime) -> Report:
    """The report, as of a node that is away if it has been silent for too long.

    A broker that dies takes the wills of nodes with it: their last word is then that they are here.
    """
    if report.here and now - report.heard_at > SILENCE:
        return replace(report, here=False, since=report.heard_at)
    return report


NOTES = frozenset({"clock_assumed"})
"""What a node tells of its settings as a fault, but which needs nobody to come: shown on its page only."""


def missing_of(known: Known, item: Occurrence) -> tuple[str, ...]:
    """The recordings of `item` that the node has no verified copy of."""
    return tuple(dict.fromkeys(c.sha256 for c in item.schedule.clips if c.sha256 not in known.held))


def why_not_ready(known: Known, item: Occurrence, *, forbidden: bool = False) -> tuple[str, ...]:
    """Why the node would not play `item`, as codes; empty when it is ready, connected or not.

    quiet_hours (where `forbidden`, by the house rules of now), never_heard, plan_not_accepted,
    recordings_missing, clock_untrusted, stopped, muted.
    """
    if known.report is None:
        return ("never_heard",)
    standing = known.standing
    reasons = {
        "quiet_hours": forbidden,
        "plan_not_accepted": known.report.plan < known.plan_version,
        "recordings_missing": bool(missing_of(known, item)),
        "clock_untrusted": known.report.clock_state == "untrusted",
        "stopped": standing is not None and standing.stopped is not None,
        "muted": standing is not None and standing.muted,
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


def is_forbidden(item: Occurrence, rules: HouseRules) -> bool:
    """Whether the house rules of now would silence `item`, or cut it short."""
    return bool(broken_rules([item], rules))


def node_state(known: Known, item: Occurrence | None) -> str:
    """The one word for a node: stopped, muted, away, fault, preparing or ready; the first that holds."""
    standing = known.standing
    if standing is not None and standing.stopped is not None:
        return "stopped"
    if standing is not None and standing.muted:
        return "muted"
    if known.report is None or not known.report.here:
        return "away"
    if any(fault.name not in NOTES for fault in known.faults):
        return "fault"
    return "preparing" if item is not None and why_not_ready(known, item) else "ready"
