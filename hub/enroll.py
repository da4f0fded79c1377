"""Enrolment: areas, nodes, and the settings file that makes a Pi one of the site's nodes.

The file is the only place where a node's secret stands in clear; the hub keeps two hashes of it.
"""

import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import tomli_w

from hub.broker_files import broker_hash
from hub.errors import Conflict, Invalid, NotFound, Problem
from hub.files import write_private
from hub.people.roles import Actor, Role
from hub.store import areas, audit, nodes
from hub.store.database import Database, Store

__all__ = ["Enrolment", "NewNode", "Reach", "equip", "readdress", "write_hub_settings"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_RESERVED = ("hub",)
_SECRET_BYTES = 32
_LONGEST_TITLE = 200

Kind = Literal["speaker", "counter"]


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a node reaches broker and hub."""

    broker_host: str
    broker_port: int
    url: str


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


class Enrolment:
    """Adds and removes areas and nodes. A running hub sees it in its file within seconds.

    `actor` is None on the hub's own command line only; otherwise a technician or administrator.
    """

    def __init__(self, *, store: Store, site: str, public_key: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._site = site
        self._public_key = public_key
        self._now = now

    def add_area(self, actor: Actor | None, *, id: str, name: str, parent: str | None = None) -> None:  # noqa: A002 - the glossary's word
        """Add a place. Raises `Invalid` (`topic_name`, `name_length`, `unknown_area`), `Conflict`."""
        _may(actor)
        problems = _name_problems(id, "id") + _title_problems(name)
        if problems:
            raise Invalid(*problems)

        def work(db: Database) -> None:
            if areas.area(db, id):
                raise Conflict(Problem("area_exists", "id", {"id": id}))
            if parent is not None and areas.area(db, parent) is None:
                raise Invalid(_unknown_area(db, parent, "parent"))
            position = len(areas.areas(db))
            areas.add(db, areas.Area(id=id, name=name, parent=parent, position=position))
            self._record(db, actor, "area.create", f"area:{id} {name}")

        self._store.write(work)

    def enroll(
        self, actor: Actor | None, new: NewNode, *, reach: Reach, file: Path, again: bool = False
    ) -> None:
        """Write `file` (mode 0600) with a new secret, and make the node one of the site's.

        Raises `Invalid`, and `Conflict` (`node_exists`, `file_exists`) unless `again`, which replaces the
        node's secret: what it had is refused from then on.
        """
        _may(actor)
        if problems := _name_problems(new.id, "id") + _title_problems(new.title or new.id):
            raise Invalid(*problems)
        if file.exists() and not again:
            raise Conflict(Problem("file_exists", "file", {"file": str(file)}))
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        above = self._checked_areas(new, again=again)
        write_private(file, self._settings(new, above=above, secret=secret, reach=reach))
        self._store.write(lambda db: self._add(db, actor, new, secret))

    def remove(self, actor: Actor | None, node: str) -> None:
        """Take a node out of service; its log-in ends within seconds. Raises `NotFound`."""
        _may(actor)

        def work(db: Database) -> None:
            known = nodes.node(db, node)
            if known is None:
                raise NotFound(Problem("unknown_node", facts={"found": node[:100]}))
            nodes.remove(db, node, at=self._now())
            self._record(db, actor, "node.remove", f"node:{node} {known.name}")

        self._store.write(work)

    def _checked_areas(self, new: NewNode, *, again: bool) -> tuple[str, ...]:
        db = self._store.read()
        if areas.area(db, new.area) is None:
            raise Invalid(_unknown_area(db, new.area, "area"))
        if nodes.node(db, new.id) is not None and not again:
            raise Conflict(Problem("node_exists", "id", {"id": new.id}))
        return areas.tree(db).above(new.area)

    def _add(self, db: Database, actor: Actor | None, new: NewNode, secret: str) -> None:
        node = nodes.Node(
            id=new.id, kind=new.kind, name=new.title or new.id, area=new.area, enrolled_at=self._now()
        )
        secret_hash = sha256(secret.encode()).hexdigest()
        nodes.add(db, node, secret_hash=secret_hash, broker_hash=broker_hash(secret))
        self._record(db, actor, "node.enroll", f"node:{new.id} {node.name}", kind=new.kind, area=new.area)

    def _settings(self, new: NewNode, *, above: tuple[str, ...], secret: str, reach: Reach) -> str:
        content: dict[str, Any] = {
            "node": {"site": self._site, "name": new.id, "kind": new.kind, "areas": list(above)},
            "broker": {"host": reach.broker_host, "port": reach.broker_port, "password": secret},
            "hub": {"url": reach.url},
            "keys": {"site": self._public_key},
            "clock": {"source": new.clock},
        }
        if new.kind == "speaker":
            content["sound"] = {"output": new.output}
            content["amplifier"] = {"pins": new.pins}
        else:
            content["counter"] = {"pins": new.pins}
        return tomli_w.dumps(content)

    def _record(self, db: Database, actor: Actor | None, action: str, what: str, **detail: object) -> None:
        audit.record(db, at=self._now(), actor=actor, action=action, what=what, detail=detail)


def readdress(file: Path, reach: Reach) -> None:
    """Write other addresses into a node's settings file; all else stays. Raises OSError, ValueError."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    broker: Mapping[str, Any] = {"host": reach.broker_host, "port": reach.broker_port}
    changed = {**content, "broker": {**content["broker"], **broker}, "hub": {"url": reach.url}}
    write_private(file, tomli_w.dumps(changed))


def equip(file: Path, sections: Mapping[str, Any]) -> None:
    """Put `sections` into a node's settings file, over those of the same name. Raises OSError, ValueError."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    write_private(file, tomli_w.dumps({**content, **sections}))


def write_hub_settings(file: Path, content: Mapping[str, Any]) -> None:
    """Write a hub's settings file (mode 0600) with these sections. Raises OSError."""
    write_private(file, tomli_w.dumps(content))


def _may(actor: Actor | None) -> None:
    if actor is not None:
        actor.must(Role.TECHNICIAN, Role.ADMINISTRATOR)


def _name_problems(name: str, where: str) -> list[Problem]:
    if _NAME.fullmatch(name) and name not in _RESERVED:
        return []
    return [Problem("topic_name", where, {"found": name[:80]})]


def _title_problems(title: str) -> list[Problem]:
    if 1 <= len(title) <= _LONGEST_TITLE and title.isprintable():
        return []
    return [Problem("name_length", "name", {"least": 1, "most": _LONGEST_TITLE})]


def _unknown_area(db: Database, area: str, where: str) -> Problem:
    known = [each.id for each in areas.areas(db)]
    return Problem("unknown_area", where, {"found": area[:100], "wanted": known})
