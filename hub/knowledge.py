"""All that the hub knows of each node at one moment, gathered from its file for verdicts on readiness."""

from datetime import datetime

from hub.readiness import Known, believed
from hub.store import faults, holdings, nodes, plans
from hub.store.database import Database
from hub.store.faults import OpenFault

__all__ = ["known_nodes"]


def known_nodes(db: Database, *, now: datetime) -> dict[str, Known]:
    """Of every node in service, by its id."""
    held, versions = holdings.holdings(db), plans.plan_versions(db)
    reports = {node: believed(report, now) for node, report in nodes.reports(db).items()}
    standings = {standing.node: standing for standing in plans.standings(db)}
    broken: dict[str, list[OpenFault]] = {}
    for fault in faults.open_faults(db):
        if fault.node is not None:
            broken.setdefault(fault.node, []).append(fault)
    return {
        node.id: Known(
            report=reports.get(node.id),
            standing=standings.get(node.id),
            plan_version=versions.get(node.id, (0, ""))[0],
            held=held.get(node.id, set()),
            faults=tuple(broken.get(node.id, ())),
        )
        for node in nodes.nodes(db)
    }
