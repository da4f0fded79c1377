"""All that the hub knows of nodes at one moment, gathered from its file for verdicts on readiness."""

from collections.abc import Iterable
from datetime import datetime

from hub.readiness import Known, believed
from hub.store import faults, holdings, nodes, plans
from hub.store.database import Database
from hub.store.faults import OpenFault
from hub.store.nodes import Node

__all__ = ["known_nodes"]


def known_nodes(db: Database, wanted: Iterable[Node] | None = None, *, now: datetime) -> dict[str, Known]:
    """Of those nodes, or of every node in service by name: each by its id."""
    asked = nodes.nodes(db) if wanted is None else list(wanted)
    ids = [node.id for node in asked]
    held, versions = holdings.holdings(db), plans.plan_versions(db)
    reports = nodes.reports(db, ids)
    standings = {standing.node: standing for standing in plans.standings(db, ids)}
    broken: dict[str, list[OpenFault]] = {}
    for fault in faults.open_faults(db):
        if fault.node is not None:
            broken.setdefault(fault.node, []).append(fault)
    return {
        node.id: Known(
            node=node,
            report=believed(reports[node.id], now) if node.id in reports else None,
            standing=standings.get(node.id),
            plan_version=versions.get(node.id, (0, ""))[0],
            held=held.get(node.id, set()),
            faults=tuple(broken.get(node.id, ())),
        )
        for node in asked
    }
