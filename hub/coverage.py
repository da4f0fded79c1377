"""At which loudspeakers a running emergency is heard, and why not at the others."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from edge.wire.entries import Outcome
from hub.knowledge import known_nodes
from hub.orders import is_confirmed
from hub.readiness import Known
from hub.store import emergencies, nodes, plays
from hub.store.database import Store
from hub.store.emergencies import KeptEmergency
from hub.store.plays import Play

__all__ = ["HEARD", "Coverages", "Covered"]

HEARD = ("sounding", "heard")


@dataclass(frozen=True, kw_only=True)
class Covered:
    """One loudspeaker in an emergency.

    `state`: sounding, heard (its last repetition played whole), waiting (it will sound), muted, stopped (a
    stop ended it there), not_played (`reason` is that of its play), missing (recordings), away, unconfirmed.
    """

    node: str
    name: str
    state: str
    reason: str | None = None


class Coverages:
    """Reads what ledgers and nodes told."""

    def __init__(self, *, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def of(self, kept: KeptEmergency) -> tuple[Covered, ...]:
        """Every loudspeaker that the emergency is for, by name."""
        db, now = self._store.read(), self._now()
        names = {node.id: node.name for node in nodes.nodes(db)}
        known = known_nodes(db, now=now)
        told = plays.latest(db, kept.id, since=_since(kept, now))
        found = [
            _covered(kept, node, names[node], known[node], told.get(node), is_stopped=stopped)
            for node, stopped in emergencies.nodes_of(db, kept.id).items()
            if node in names
        ]
        return tuple(sorted(found, key=lambda covered: (covered.name, covered.node)))


def _since(kept: KeptEmergency, now: datetime) -> datetime:
    """What is due since then is of the last two repetitions."""
    content = kept.content
    if content.repeat_every_s is None:
        return content.starts_at
    at = kept.ended_at or min(now, content.until)
    return max(content.starts_at, at - 2 * timedelta(seconds=content.repeat_every_s))


def _covered(
    kept: KeptEmergency, node: str, name: str, known: Known, told: Play | None, *, is_stopped: bool
) -> Covered:
    state, reason = _state(kept, known, told, is_stopped=is_stopped)
    return Covered(node=node, name=name, state=state, reason=reason)


def _state(
    kept: KeptEmergency, known: Known, told: Play | None, *, is_stopped: bool
) -> tuple[str, str | None]:
    standing, report = known.standing, known.report
    if is_stopped:
        return "stopped", None
    if standing is not None and standing.muted:
        return "muted", None
    if told is not None:
        return _of_play(told)
    if not set(kept.content.recordings) <= set(known.held):
        return "missing", None
    if report is None or not report.here:
        return "away", None
    confirmed = standing is None or is_confirmed(standing, report)
    return ("waiting" if confirmed else "unconfirmed"), None


def _of_play(told: Play) -> tuple[str, str | None]:
    if told.outcome is None:
        return "sounding", None
    return ("heard", None) if told.outcome == Outcome.PLAYED else ("not_played", told.reason)
