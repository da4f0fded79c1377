"""From the programme to signed plans and standing states at the broker. Versions only grow.

Whatever is sent is in the hub's file first. Sending promises nothing: a node says what it obeys, and is told
again whenever that is too little (`met`) or the broker is new (`republish`).
"""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from edge.wire.emergency import Emergency
from edge.wire.orders import Standing
from edge.wire.plan import audience_of_node
from edge.wire.signing import SignedKind, SigningKey
from edge.wire.topics import Topics
from hub.outgoing import Outgoing, Send
from hub.programme.programme import Content
from hub.store import emergencies, faults, nodes, plans, programme, site
from hub.store.alive import StoreError
from hub.store.database import Database, Store
from hub.store.plans import KeptPlan, KeptStanding

__all__ = ["Publishing"]

_LOG = logging.getLogger(__name__)

# Plans are written in parts, so that an order waits for one part at most.
_AT_ONCE = 100

_TOO_LARGE = "plan_too_large"

# Numbers up to 2100 are believed (`hub.inbox`): going above a made-up one must leave room below that.
_MOST_FOLLOWED = int(datetime(2099, 1, 1, tzinfo=UTC).timestamp() * 1000)


class Publishing:
    """Signs and sends. Threads may share it; what is sent last is always the newest."""

    def __init__(
        self, *, store: Store, key: SigningKey, topics: Topics, send: Send, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._key = key
        self._topics = topics
        self._send = send
        self._now = now
        self._signer = f"{topics.site}:{key.key_id}"
        self._is_late = False
        self._plans = threading.Lock()
        self._standings = threading.Lock()

    def refresh(self, nodes: Iterable[str] | None = None) -> int:
        """Compute the plans of `nodes` (or of all) and send those that say something new; how many."""
        with self._plans:
            now = self._now()
            db = self._store.read()
            contents = programme.planned(db, now=now).contents(nodes, now=now)
            changed = self._changed(db, contents.items(), now)
            for at in range(0, len(changed), _AT_ONCE):
                self._publish(changed[at : at + _AT_ONCE], now)
        self._begin_standings()
        return len(changed)

    def refresh_or_later(self) -> None:
        """`refresh`, for who has just stored what it tells of: when it fails now, `catch_up` does it."""
        try:
            self.refresh()
        except (StoreError, OSError, RuntimeError):
            self._is_late = True
            _LOG.exception("plans could not be published; they will be within seconds")

    def catch_up(self) -> None:
        """Publish what `refresh_or_later` could not; nothing when it could."""
        if self._is_late:
            self.refresh()
            self._is_late = False

    def republish(self) -> None:
        """Bring the plans up to date and send every plan and standing state: the broker may have lost all."""
        self.refresh()
        self.send_plans()
        self.send_standings()

    def send_plans(self, nodes: Iterable[str] | None = None) -> None:
        """Send the kept plans of `nodes`, or all."""
        with self._plans:
            for plan in plans.plans(self._store.read(), nodes):
                self._send_plan(plan.node, plan.token)

    def send_standings(self, nodes: Iterable[str] | None = None) -> None:
        """Sign and send the standing states of `nodes`, or all, as they are in the file now."""
        with self._standings:
            db = self._store.read()
            running = emergencies.running_at(db, now=self._now())
            for standing in plans.standings(db, nodes):
                content = self._standing(standing, running.get(standing.node, ()))
                token = self._key.sign(SignedKind.STANDING, content.encode())
                topic = self._topics.node(standing.node, "standing")
                self._send(Outgoing(topic, token, retain=True))

    def met(self, node: str) -> None:
        """A node said what it obeys: send again what it lacks; go above what it has and the hub does not.

        The latter happens when the hub was restored from a backup.
        """
        db = self._store.read()
        report = nodes.report(db, node)
        if report is None:
            return
        version = plans.plan_version(db, node)
        if version == 0 or report.plan > version:
            self.refresh([node])
        elif report.plan < version:
            self.send_plans([node])
        self._meet_standing(db, node, report)

    def _meet_standing(self, db: Database, node: str, report: nodes.Report) -> None:
        standing = next(iter(plans.standings(db, [node])), None)
        beyond = _followed(max(report.standing, report.order))
        if beyond > site.last_number(db):
            self._store.write(lambda db: self._rise_above(db, node, beyond))
            self.send_standings([node])
        elif standing is None:
            self._begin_standings()
        elif report.standing < standing.version:
            self.send_standings([node])

    def _rise_above(self, db: Database, node: str, number: int) -> None:
        site.raise_number(db, number)
        for standing in plans.standings(db, [node]) or [KeptStanding(node, 1, self._now(), site.stop(db))]:
            version = site.next_number(db, now=self._now())
            plans.keep_standings(
                db,
                [KeptStanding(node, version, self._now(), standing.stopped, standing.muted, standing.volume)],
            )

    def _begin_standings(self) -> None:
        """Give a node that has none its first standing state: stopped, if the whole site is."""
        known = {standing.node for standing in plans.standings(self._store.read())}
        if all(place.node in known for place in nodes.places(self._store.read())):
            return
        self.send_standings(self._store.write(self._keep_first_standings))

    def _keep_first_standings(self, db: Database) -> list[str]:
        known = {standing.node for standing in plans.standings(db)}
        new = [place.node for place in nodes.places(db) if place.node not in known]
        version = site.next_number(db, now=self._now())
        plans.keep_standings(db, [KeptStanding(node, version, self._now(), site.stop(db)) for node in new])
        return new

    def _changed(
        self, db: Database, contents: Iterable[tuple[str, Content]], now: datetime
    ) -> list[tuple[str, Content, int]]:
        """The nodes to which their content is news, and the version it gets."""
        kept = plans.plan_versions(db)
        reported = {node: report.plan for node, report in nodes.reports(db).items()}
        new = []
        for node, content in contents:
            version, digest = kept.get(node, (0, ""))
            beyond = _followed(reported.get(node, 0))
            if digest == self._digest(content) and beyond <= version:
                continue
            rising = max(version + 1, beyond + 1, int(now.timestamp() * 1000))
            new.append((node, content, rising))
        return new

    def _publish(self, changed: Iterable[tuple[str, Content, int]], now: datetime) -> None:
        new, unsigned = [], []
        for node, content, version in changed:
            try:
                new.append(self._plan(node, content, version, now))
            except ValueError as error:  # larger than a message may be
                unsigned.append((node, str(error)))

        def keep(db: Database) -> None:
            plans.keep_plans(db, new)
            for node, detail in unsigned:
                faults.raise_fault(db, node=node, name=_TOO_LARGE, detail=detail, at=now)
            fitting = {plan.node for plan in new}
            for fault in faults.open_faults(db):
                if fault.name == _TOO_LARGE and fault.node in fitting:
                    faults.mend(db, node=fault.node, name=_TOO_LARGE, at=now)

        self._store.write(keep)
        for plan in new:
            self._send_plan(plan.node, plan.token)

    def _plan(self, node: str, content: Content, version: int, now: datetime) -> KeptPlan:
        plan = content.plan(site=self._topics.site, node=node, version=version, issued_at=now)
        token = self._key.sign(SignedKind.PLAN, plan.encode())
        return KeptPlan(node, version, self._digest(content), token, now)

    def _digest(self, content: Content) -> str:
        """What a kept plan is compared by: a plan of another key or site is not obeyed, so it is no plan."""
        return f"{content.digest}:{self._signer}"

    def _send_plan(self, node: str, token: bytes) -> None:
        self._send(Outgoing(self._topics.node(node, "plan"), token, retain=True))

    def _standing(self, kept: KeptStanding, running: tuple[Emergency, ...]) -> Standing:
        return Standing(
            site=self._topics.site,
            aud=audience_of_node(kept.node),
            version=kept.version,
            issued_at=kept.issued_at,
            stopped=kept.stopped,
            muted=kept.muted,
            volume=kept.volume,
            emergencies=running,
        )


def _followed(number: int) -> int:
    """The number to go above, or 0 for one that no hub will have given for a long time."""
    return number if number <= _MOST_FOLLOWED else 0
