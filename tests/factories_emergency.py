"""Emergencies at a hub without broker or pages."""

from typing import Any

from edge.wire.entries import Cached
from hub.emergencies import Begun
from hub.emergency_checks import WantedEmergency
from hub.people.roles import Role
from hub.targets import Target
from tests.factories import SHA256
from tests.factories_hub import Village, actor

__all__ = ["APPROVER", "EVERYWHERE", "begin", "bulletin_held_by"]

APPROVER = actor(Role.APPROVER, name="Hoa")
EVERYWHERE = Target(everywhere=True)


def bulletin_held_by(village: Village, *nodes: str) -> str:
    """An approved emergency bulletin of 12 s whose recording these loudspeakers hold."""
    made = village.bulletin("Sơ tán tránh lũ", priority="emergency", duration_ms=12_000)
    village.publishing.refresh()
    for node in nodes:
        village.born(node)
        village.wrote(node, [Cached(recording=SHA256, bytes=1000)])
    village.line.sent.clear()
    return made


def begin(village: Village, bulletin: str, **changes: Any) -> Begun:
    """Begin it everywhere, said again every minute, or as `changes` say."""
    fields: dict[str, Any] = {"bulletin": bulletin, "target": EVERYWHERE, "repeat_every_s": 60}
    return village.emergencies.begin(APPROVER, WantedEmergency(**fields | changes))
