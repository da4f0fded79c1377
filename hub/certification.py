"""Nodes on the network: each makes its key itself, and the hub signs whose it is. No secret passes between.

The papers that make a node are the same for the same key, name and place, however often they are asked for:
a run that was cut off is simply run again.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from edge.wire.papers import Admission, Application, Code, Papers
from hub.authority_names import node_of, subject_of
from hub.authority_request import Request, WrongRequest, read_request
from hub.authority_x509 import Issuer, is_due
from hub.errors import Conflict, Forbidden, Invalid, Problem, Unauthenticated
from hub.new_node import NewNode, Reach, Site, may_enroll
from hub.people.roles import Actor
from hub.store import audit, certificates, codes, nodes
from hub.store.certificates import Certificate
from hub.store.codes import CodeRow
from hub.store.database import Database, Store
from hub.store.nodes import Node

__all__ = ["CODE_HOLDS", "Certification"]

CODE_HOLDS = timedelta(hours=24)
_WRONG_MOST = 10
_CERTIFICATES_MOST = 4
_TLS = {"key": "node.key", "certificate": "node.crt", "authority": "authority.crt"}
_BY_CERTIFICATE = ""  # the hash of no password


class Certification:
    """Signs, and keeps what it signed. A running hub sees what another process signed or revoked."""

    def __init__(
        self, *, store: Store, issuer: Issuer, site: Site, reach: Reach, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._issuer = issuer
        self._site = site
        self._reach = reach
        self._now = now

    def papers(
        self, actor: Actor | None, new: NewNode, *, request: str, again: bool = False, new_card: bool = False
    ) -> Papers:
        """Make the holder of the request's key the node `new`, or say again that it is.

        Another area or title is taken over. Raises `Invalid` (also `request_wrong`) and `Conflict`:
        `node_has_other_key` unless `new_card` or `again`, which revoke what the name had before;
        `node_removed` and `key_revoked` unless `again`; `key_of_other`.
        """
        may_enroll(actor)
        new.check()
        asked = _read(request)

        def work(db: Database) -> Papers:
            if not again:
                _check_not_removed(db, new.id)
            return self._enrolled(db, actor, new, asked, again=again, new_card=new_card)

        return self._store.write(work)

    def code(self, actor: Actor | None, new: NewNode, *, again: bool = False) -> Code:
        """A one-time code by which `new` can be enrolled from its own side within 24 hours.

        Raises `Invalid`; `Conflict` (`node_exists`) unless `again`.
        """
        may_enroll(actor)
        new.check()
        return self._store.write(lambda db: self._new_code(db, actor, new, again))

    def admit(self, application: Application) -> Admission:
        """Answer a node that came with a code. Raises `Forbidden` (`code_refused`, `code_used`), and what
        `papers` raises."""
        row = self._vouched(application)
        asked = _read(application.request)
        papers = self._store.write(lambda db: self._admitted(db, row.id, asked))
        return Code(row.id, row.secret).admission(papers, to=application)

    def forget_codes(self) -> None:
        """Delete the codes whose time is over, with their secrets."""
        self._store.write(lambda db: codes.drop_over(db, now=self._now()))

    def renew(self, node: str, request: str) -> Papers:
        """New papers for a node in service whose certificate nears its end, or that has a new key.

        Raises `Invalid`, `Conflict` (`key_of_other`, `key_revoked`, `certificates_many`).
        """
        asked = _read(request)
        return self._store.write(lambda db: self._renewed(db, node, asked))

    def succession(self) -> bytes | None:
        """What the recovery key signed of the site's present keys, if it did."""
        return self._site.succession()

    def readmit(self, request: str) -> Papers:
        """New papers for a node in service that proves its key alone: a succession ended the authority of its
        certificate. Raises `Invalid`, `Unauthenticated`."""
        if self.succession() is None:
            raise Unauthenticated(Problem("node_refused"))
        asked = _read(request)
        known = certificates.of_key(self._store.read(), asked.fingerprint)
        held = [each.node for each in known if each.revoked_at is None and each.expires_at > self._now()]
        if not held:
            raise Unauthenticated(Problem("node_refused"))
        return self._store.write(lambda db: self._renewed(db, held[0], asked))

    def holder(self, serial: str, subject: str = "") -> str | None:
        """The node in service that a certificate of ours stands for; None when it is revoked.

        A hub that was restored from a backup does not know what it signed since: such a certificate stands
        for the node whose present enrolment its `subject` names.
        """
        db = self._store.read()
        known = certificates.of_serial(db, serial.upper().lstrip("0"))
        if known is None:
            node = nodes.node(db, node_of(subject))
            return node.id if node and subject == subject_of(node.id, node.enrolment) else None
        return known.node if known.revoked_at is None else None

    def former_holder(self, serial: str) -> str | None:
        """The node that a certificate of ours stands or stood for."""
        known = certificates.of_serial(self._store.read(), serial.upper().lstrip("0"))
        return known.node if known else None

    def ends_at(self, node: str) -> datetime | None:
        """When the last certificate of a node in service ends; None where it has none."""
        return next((each.expires_at for each in certificates.of_node(self._store.read(), node)), None)

    def ends(self) -> dict[str, datetime]:
        """When the last certificate ends, of each node in service that has one."""
        held = certificates.current(self._store.read())
        return {node: each.expires_at for node, each in held.items()}

    def _enrolled(
        self,
        db: Database,
        actor: Actor | None,
        new: NewNode,
        asked: Request,
        *,
        again: bool,
        new_card: bool = False,
    ) -> Papers:
        above = new.check_place(db)
        known, mine = nodes.node(db, new.id), self._of_key(db, new.id, asked, again=again)
        if known is None or mine is None or known.kind != new.kind:
            if known is not None and not (again or new_card):
                code = "node_exists" if mine else "node_has_other_key"
                raise Conflict(Problem(code, "id", {"id": new.id}))
            self._add(db, actor, new)
            mine = None
        elif (new.title or known.name, new.area) != (known.name, known.area):
            nodes.move(db, new.id, name=new.title or known.name, area=new.area)
            self._record(db, actor, "node.move", new, area=new.area)
        return self._papers(db, new, above, asked, mine)

    def _of_key(self, db: Database, node: str, asked: Request, *, again: bool) -> Certificate | None:
        """The node's certificate of this key, if it has one; refused when the key is somebody else's."""
        held = certificates.of_key(db, asked.fingerprint)
        in_force = [each for each in held if each.revoked_at is None]
        for each in in_force:
            if each.node != node:
                raise Conflict(Problem("key_of_other", "request", {"id": each.node}))
        if held and not in_force and not again:
            facts = {"id": held[0].node, "at": held[0].revoked_at}
            raise Conflict(Problem("key_revoked", "request", facts))
        return in_force[0] if in_force else None

    def _add(self, db: Database, actor: Actor | None, new: NewNode) -> None:
        at = self._now()
        revoked = certificates.revoke(db, new.id, at=at, reason="replaced")
        node = Node(id=new.id, kind=new.kind, name=new.title or new.id, area=new.area, enrolled_at=at)
        nodes.add(db, node, secret_hash=_BY_CERTIFICATE, broker_hash=_BY_CERTIFICATE)
        self._record(db, actor, "node.enroll", new, kind=new.kind, area=new.area, revoked=revoked)

    def _papers(
        self,
        db: Database,
        new: NewNode,
        above: tuple[str, ...],
        asked: Request,
        held: Certificate | None,
    ) -> Papers:
        will_do = held is not None and self._will_do(held)
        certificate = held if held is not None and will_do else self._signed(db, new.id, asked)
        return Papers(
            node=new.id,
            settings={**new.settings(self._site, self._reach, above), "tls": dict(_TLS)},
            certificate=certificate.pem,
            authority=self._issuer.certificate_pem,
            is_new=not will_do,
        )

    def _will_do(self, held: Certificate) -> bool:
        return not is_due(held.expires_at, now=self._now()) and self._issuer.has_signed(held.pem)

    def _signed(self, db: Database, node: str, asked: Request) -> Certificate:
        now, holder = self._now(), nodes.node(db, node)
        if holder is None:
            raise LookupError(f"{node} is not in service")
        issued = self._issuer.node(node, asked.key, enrolment=holder.enrolment, now=now)
        certificate = Certificate(
            serial=issued.serial,
            node=node,
            key=issued.fingerprint,
            pem=issued.pem,
            issued_at=now,
            expires_at=issued.expires_at,
        )
        certificates.add(db, certificate)
        return certificate

    def _new_code(self, db: Database, actor: Actor | None, new: NewNode, again: bool) -> Code:
        new.check_place(db)
        if not again:
            new.check_new(db)
        now = self._now()
        codes.drop_over(db, now=now)
        codes.drop_of(db, new.id)
        while True:
            code = Code.generate()
            row = CodeRow(
                id=code.id,
                secret=code.secret,
                node=new.id,
                wanted={**asdict(new), "again": again},
                expires_at=now + CODE_HOLDS,
            )
            if codes.add(db, row, at=now):
                self._record(db, actor, "node.code", new, kind=new.kind, area=new.area, code=code.id)
                return code

    def _vouched(self, application: Application) -> CodeRow:
        """The code it was made with. Who names none that is in force makes the hub write nothing."""
        row = codes.code(self._store.read(), application.code, now=self._now())
        if row is None or row.wrong >= _WRONG_MOST:
            raise Forbidden(Problem("code_refused", "code"))
        if not Code(row.id, row.secret).vouches_for(application):
            self._store.write(lambda db: codes.note_wrong(db, row.id))
            raise Forbidden(Problem("code_refused", "code"))
        return row

    def _admitted(self, db: Database, id_: str, asked: Request) -> Papers:
        row = codes.code(db, id_, now=self._now())
        if row is None or row.key not in (None, asked.fingerprint):
            raise Forbidden(Problem("code_used", "code"))
        wanted: dict[str, Any] = dict(row.wanted)
        again = wanted.pop("again")
        papers = self._enrolled(db, None, NewNode(**wanted), asked, again=again and row.key is None)
        codes.take(db, id_, key=asked.fingerprint)
        return papers

    def _renewed(self, db: Database, node: str, asked: Request) -> Papers:
        known = nodes.node(db, node)
        if known is None:
            raise Unauthenticated(Problem("node_refused"))
        held = self._of_key(db, node, asked, again=False)
        in_force = [each for each in certificates.of_node(db, node) if each.expires_at > self._now()]
        if held is None and len(in_force) >= _CERTIFICATES_MOST:
            raise Conflict(Problem("certificates_many", "request", {"id": node, "most": _CERTIFICATES_MOST}))
        kind = "speaker" if known.kind == "speaker" else "counter"
        new = NewNode(id=node, kind=kind, area=known.area, title=known.name)  # type: ignore[arg-type]
        papers = self._papers(db, new, new.check_place(db), asked, held)
        if papers.is_new:
            self._record(db, None, "node.renew", new)
        return papers

    def _record(self, db: Database, actor: Actor | None, action: str, new: NewNode, **detail: object) -> None:
        what = f"node:{new.id} {new.title}".rstrip()
        audit.record(db, at=self._now(), actor=actor, action=action, what=what, detail=detail)


def _check_not_removed(db: Database, node: str) -> None:
    at = nodes.removed_at(db, node)
    if at is not None:
        raise Conflict(Problem("node_removed", "id", {"id": node, "at": at}))


def _read(request: str) -> Request:
    try:
        return read_request(request)
    except WrongRequest as error:
        raise Invalid(Problem("request_wrong", "request", {"found": str(error)})) from error
