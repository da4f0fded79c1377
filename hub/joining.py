"""Who came to where an emergency runs after it began: a loudspeaker enrolled or moved there joins it.

Where a stop has ended the emergency at every loudspeaker of the same area, a new one stays silent too.
"""

from collections.abc import Iterator
from datetime import datetime

from edge.wire.orders import AUDIENCE_ALL, audience_of_area
from hub.programme.terms import Areas, Place
from hub.store import areas, emergencies, nodes, plans, site
from hub.store.database import Database

__all__ = ["join", "joining"]


def joining(db: Database, *, now: datetime) -> dict[str, list[str]]:
    """The loudspeakers that each running emergency is for and has not reached yet, by emergency."""
    running = emergencies.running(db, now=now)
    if not running:
        return {}
    tree, places = areas.tree(db), nodes.places(db)
    found = {
        kept.id: list(_missed(kept.audiences, emergencies.nodes_of(db, kept.id), tree, places))
        for kept in running
    }
    return {id_: missed for id_, missed in found.items() if missed}


def join(db: Database, *, now: datetime) -> list[str]:
    """Have them join, and their standing states, which they all have, say so; who they are."""
    found = joining(db, now=now)
    for id_, missed in found.items():
        emergencies.add_nodes(db, id_, missed)
    joined = sorted({node for missed in found.values() for node in missed})
    if joined:
        plans.change_standings(db, joined, {}, version=site.next_number(db, now=now), at=now)
    return joined


def _missed(
    audiences: tuple[str, ...], reached: dict[str, bool], tree: Areas, places: list[Place]
) -> Iterator[str]:
    new = [place for place in places if place.node not in reached and _is_for(audiences, tree, place)]
    for place in new:
        around = [reached[each.node] for each in places if each.area == place.area and each.node in reached]
        if not around or not all(around):
            yield place.node


def _is_for(audiences: tuple[str, ...], tree: Areas, place: Place) -> bool:
    wanted = {AUDIENCE_ALL, *map(audience_of_area, tree.above(place.area))}
    return not wanted.isdisjoint(audiences)
