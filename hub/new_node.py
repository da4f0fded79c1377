"""A node to be: what is wanted of it, whether that can be, and the settings that follow from it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from edge.wire.topics import is_name
from hub.errors import Conflict, Invalid, Problem
from hub.people.roles import Actor, Role
from hub.recovery import Recovery
from hub.store import areas, nodes
from hub.store.database import Database
from hub.titles import title_problems

__all__ = [
    "Kind",
    "NewNode",
    "Reach",
    "Site",
    "may_enroll",
    "name_problems",
    "node_title_problems",
    "unknown_area",
]

_RESERVED = ("hub",)

Kind = Literal["speaker", "counter"]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a node reaches broker and hub."""

    broker_host: str
    broker_port: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Site:
    """What every node of the site is told: its name in topics, and the key that it obeys; `recovery` tells
    what may replace that, if anything may, and `succession` that it did."""

    id: str
    public_key: str
    recovery: Callable[[], Recovery | None] = lambda: None
    succession: Callable[[], bytes | None] = lambda: None

    def keys(self) -> dict[str, Any]:
        """`[keys]` of a node. Raises `Unavailable`, OSError."""
        recovery = self.recovery()
        return {"site": self.public_key, **(recovery.pinned() if recovery else {})}


@dataclass(frozen=True, kw_only=True)
class NewNode:
    """A node to be: its name in topics, what people call it, where it hangs, and its first settings."""

    id: str
    kind: Kind
    area: str
    title: str = ""
    output: Literal["device", "file"] = "device"
    clock: Literal["chrony", "timesyncd", "assume"] = "chrony"
    pins: Literal["lgpio", "mock", "none"] = "none"

    def check(self) -> None:
        """Raises `Invalid` (`topic_name`, `name_length`)."""
        if problems := name_problems(self.id, "id") + node_title_problems(self.title or self.id):
            raise Invalid(*problems)

    def check_place(self, db: Database) -> tuple[str, ...]:
        """The areas it hears, its own first. Raises `Invalid` (`unknown_area`)."""
        if areas.area(db, self.area) is None:
            raise Invalid(unknown_area(db, self.area, "area"))
        return areas.tree(db).above(self.area)

    def check_new(self, db: Database) -> None:
        """Raises `Conflict` (`node_exists`) when a node of this name is in service."""
        if nodes.node(db, self.id) is not None:
            raise Conflict(Problem("node_exists", "id", {"id": self.id}))

    def settings(self, site: Site, reach: Reach, above: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        """The sections of its settings file, without what it proves itself by."""
        content: dict[str, dict[str, Any]] = {
            "node": {"site": site.id, "name": self.id, "kind": self.kind, "areas": list(above)},
            "broker": {"host": reach.broker_host, "port": reach.broker_port},
            "hub": {"url": reach.url},
            "keys": site.keys(),
            "clock": {"source": self.clock},
        }
        if self.kind == "speaker":
            content["sound"] = {"output": self.output}
            content["amplifier"] = {"pins": self.pins}
        else:
            content["counter"] = {"pins": self.pins}
        return content


def may_enroll(actor: Actor | None) -> None:
    """Raises `Forbidden`; nobody (None) is the hub's own command line."""
    if actor is not None:
        actor.must(Role.TECHNICIAN, Role.ADMINISTRATOR)


def name_problems(name: str, where: str) -> list[Problem]:
    """What keeps a name from standing in topics."""
    if is_name(name) and name not in _RESERVED:
        return []
    return [Problem("topic_name", where, {"found": name[:80]})]


def node_title_problems(title: str) -> list[Problem]:
    """What keeps what people call a node or an area from standing on pages."""
    return title_problems(title, code="name_length", field="name")


def unknown_area(db: Database, area: str, where: str) -> Problem:
    """There is no such area, but these."""
    known = [each.id for each in areas.areas(db)]
    return Problem("unknown_area", where, {"found": area[:100], "wanted": known})
