"""Where an order or an emergency goes: all of the site, or areas and single loudspeakers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from edge.wire.orders import AUDIENCE_ALL, audience_of_area
from edge.wire.plan import audience_of_node
from hub.errors import Problem
from hub.programme.terms import Areas, Place

__all__ = ["Target", "audiences", "concerned", "target_problems"]


@dataclass(frozen=True, kw_only=True)
class Target:
    """Exactly one of `everywhere`, or some `areas` and `nodes`."""

    nodes: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    everywhere: bool = False


def target_problems(target: Target, tree: Areas, places: Iterable[Place]) -> list[Problem]:
    """`unknown_area`, `unknown_node`, `all_or_some`, `target_needed`."""
    known = {place.node for place in places}
    problems = [
        Problem("unknown_area", "areas", {"found": area}) for area in target.areas if area not in tree.parents
    ]
    problems += [
        Problem("unknown_node", "nodes", {"found": node}) for node in target.nodes if node not in known
    ]
    some = bool(target.areas or target.nodes)
    if target.everywhere and some:
        problems.append(Problem("all_or_some", "all"))
    if not target.everywhere and not some:
        problems.append(Problem("target_needed", "areas"))
    return problems


def concerned(target: Target, tree: Areas, places: Iterable[Place]) -> tuple[str, ...]:
    """The loudspeakers that it is for."""
    chosen = set(target.areas)
    return tuple(
        place.node
        for place in places
        if target.everywhere or place.node in target.nodes or not chosen.isdisjoint(tree.above(place.area))
    )


def audiences(target: Target, tree: Areas, places: Iterable[Place]) -> tuple[str, ...]:
    """The fewest audiences that reach each node once."""
    if target.everywhere:
        return (AUDIENCE_ALL,)
    outermost = tree.outermost(target.areas)
    area_of = {place.node: place.area for place in places}
    alone = [
        node for node in dict.fromkeys(target.nodes) if set(tree.above(area_of[node])).isdisjoint(outermost)
    ]
    return (*map(audience_of_area, outermost), *map(audience_of_node, alone))
