"""Enrolment: areas, nodes, and the settings file that makes a program on this machine a node of the site.

The file is the only place where a node's secret stands in clear; the hub keeps two hashes of it. Nodes on the
network have no secret of the hub's; see `hub.certification`.
"""

import secrets
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import tomli_w

from hub.broker_files import broker_hash
from hub.errors import Conflict, Invalid, NotFound, Problem, Refused
from hub.files import write_private
from hub.new_node import (
    NewNode,
    Reach,
    Site,
    may_enroll,
    name_problems,
    node_title_problems,
    unknown_area,
)
from hub.people.roles import Actor
from hub.store import areas, audit, certificates, codes, nodes
from hub.store.areas import Area
from hub.store.database import Database, Store
from hub.titles import slug, tidy

__all__ = ["Enrolment", "NewNode", "Reach", "equip", "readdress", "write_hub_settings"]

_SECRET_BYTES = 32


class Enrolment:
    """Adds and removes areas and nodes. A running hub sees it in its file within seconds.

    `actor` is None on the hub's own command line only; otherwise a technician or administrator.
    """

    def __init__(self, *, store: Store, site: str, public_key: str, now: Callable[[], datetime]) -> None:
        self._store = store
        self._site = Site(id=site, public_key=public_key)
        self._now = now

    def add_area(
        self, actor: Actor | None, *, name: str, id_: str | None = None, parent: str | None = None
    ) -> Area:
        """Add a place behind the others; its id is made from its name unless given.

        Raises `Forbidden`, `Invalid` (`topic_name`, `name_length`, `unknown_area`), or `Conflict`
        (`area_exists`).
        """
        may_enroll(actor)
        new = Area(id=slug(name) if id_ is None else id_, name=name, parent=parent)
        if problems := _area_problems(new):
            raise Invalid(*problems)
        return self._store.write(lambda db: self._keep_area(db, actor, new))

    def add_areas(self, actor: Actor | None, wanted: Iterable[Area]) -> list[Area]:
        """Add, in order, those that are not there yet, and return them; or none of them.

        Raises `Forbidden`, or `Conflict` with every problem of `add_area` and for each that is there with
        another name or place (`area_has_other_name`, `area_has_other_parent`).
        """
        may_enroll(actor)
        tidied = [replace(each, name=tidy(each.name)) for each in wanted]

        def work(db: Database) -> list[Area]:
            added: list[Area] = []
            problems: list[Problem] = []
            for each in tidied:
                try:
                    added += self._keep_if_new(db, actor, each)
                except Refused as refused:
                    problems += refused.problems
            if problems:
                raise Conflict(*problems)
            return added

        return self._store.write(work)

    def enroll(
        self, actor: Actor | None, new: NewNode, *, reach: Reach, file: Path, again: bool = False
    ) -> None:
        """Write `file` (mode 0600) with a new secret, and make the node one of the site's.

        Raises `Invalid`, and `Conflict` (`node_exists`, `file_exists`) unless `again`, which replaces the
        node's secret: what it had is refused from then on.
        """
        may_enroll(actor)
        new.check()
        if file.exists() and not again:
            raise Conflict(Problem("file_exists", "file", {"file": str(file)}))
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        db = self._store.read()
        above = new.check_place(db)
        if not again:
            new.check_new(db)
        content = new.settings(self._site, reach, above)
        content["broker"]["password"] = secret
        write_private(file, tomli_w.dumps(content))
        self._store.write(lambda db: self._add(db, actor, new, secret))

    def remove(self, actor: Actor | None, node: str) -> None:
        """Take a node out of service; its log-in ends and its certificates are revoked, both within seconds.

        Raises `NotFound`.
        """
        may_enroll(actor)

        def work(db: Database) -> None:
            known = nodes.node(db, node)
            if known is None:
                raise NotFound(Problem("no_such_node", facts={"found": node[:100]}))
            at = self._now()
            nodes.remove(db, node, at=at)
            codes.drop_of(db, node)
            revoked = certificates.revoke(db, node, at=at, reason="removed")
            self._record(db, actor, "node.remove", f"node:{node} {known.name}", revoked=revoked)

        self._store.write(work)

    def _keep_if_new(self, db: Database, actor: Actor | None, new: Area) -> list[Area]:
        known = areas.area(db, new.id)
        problems = _differences(known, new) if known else _area_problems(new)
        if problems:
            raise Conflict(*problems)
        return [] if known else [self._keep_area(db, actor, new)]

    def _keep_area(self, db: Database, actor: Actor | None, new: Area) -> Area:
        if areas.area(db, new.id):
            raise Conflict(Problem("area_exists", "id", {"id": new.id}))
        if new.parent is not None and areas.area(db, new.parent) is None:
            raise Invalid(unknown_area(db, new.parent, "parent"))
        placed = replace(new, position=len(areas.areas(db)))
        areas.add(db, placed)
        self._record(db, actor, "area.create", f"area:{new.id} {new.name}")
        return placed

    def _add(self, db: Database, actor: Actor | None, new: NewNode, secret: str) -> None:
        node = nodes.Node(
            id=new.id, kind=new.kind, name=new.title or new.id, area=new.area, enrolled_at=self._now()
        )
        secret_hash = sha256(secret.encode()).hexdigest()
        nodes.add(db, node, secret_hash=secret_hash, broker_hash=broker_hash(secret))
        self._record(db, actor, "node.enroll", f"node:{new.id} {node.name}", kind=new.kind, area=new.area)

    def _record(self, db: Database, actor: Actor | None, action: str, what: str, **detail: object) -> None:
        audit.record(db, at=self._now(), actor=actor, action=action, what=what, detail=detail)


def _area_problems(new: Area) -> list[Problem]:
    return name_problems(new.id, "id") + node_title_problems(new.name)


def _differences(known: Area, wanted: Area) -> list[Problem]:
    sides = {
        "area_has_other_name": (tidy(known.name), wanted.name),
        "area_has_other_parent": (known.parent or "–", wanted.parent or "–"),
    }
    return [
        Problem(code, "id", {"id": known.id, "found": found, "wanted": asked})
        for code, (found, asked) in sides.items()
        if found != asked
    ]


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
