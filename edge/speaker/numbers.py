"""What the hub is told that a loudspeaker obeys, lacks and suffers from."""

from edge.faults import Faults
from edge.journal import Journal
from edge.node import told_faults
from edge.presence import Numbers
from edge.speaker.holdings import Holdings
from edge.speaker.inventory import Inventory

__all__ = ["numbers_of"]


def numbers_of(*, holdings: Holdings, inventory: Inventory, journal: Journal, faults: Faults) -> Numbers:
    """The numbers at this moment."""
    held = holdings.held
    return Numbers(
        plan=held.plan.version if held.plan is not None else 0,
        standing=held.standing.version if held.standing is not None else 0,
        order=held.latest_order,
        missing=inventory.missing,
        faults=told_faults(journal=journal, faults=faults),
    )
