"""From the programme to signed plans and standing states at the broker. Versions only grow.

Whatever is sent is in the hub's file first. Sending promises nothing: a node says what it obeys, and is told
again whenever that is too little (`met`) or the broker is new (`republish`).
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import UTC, datetime

from edge.wire.emergency import Emergency
from edge.wire.orders import Standing
from edge.wire.plan import PlanHead, audience_of_node
from edge.wire.signing import Ending, SignedKind
from edge.wire.topics import Topics
from hub.joining import join, joining
from hub.outgoing import Courier, Outgoing
from hub.programme.programme import Content, plan_reaches_back_to
from hub.store import cards, emergencies, faults, nodes, plans, programme, site
from hub.store.alive import StoreError
from hub.store.database import Database, Store
from hub.store.plans import KeptPlan, KeptStanding

__all__ = ["Publishing"]

_LOG = logging.getLogger(__name__)

_TOO_LARGE = "plan_too_large"

# Numbers up to 2100 are believed (`hub.inbox`): going above a made-up one must leave room below that.
_MOST_FOLLOWED = int(datetime(2099, 1, 1, tzinfo=UTC).timestamp() * 1000)


class Publishing:
    """Signs and sends. Threads may share it; what is sent last is always the newest."""

    def __init__(self, *, store: Store, courier: Courier, now: Callable[[], datetime]) -> None:
        self._store = store
        self._courier = courier
        self._key = courier.key
        self._topics = courier.topics
        self._now = now
        self._signer = f"{courier.topics.site}:{courier.key.key_id}"
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
            if changed:
                self._publish(changed, now)
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
            self._is_late = False  # first: what fails from now on is late anew
            try:
                self.refresh()
            except BaseException:
                self._is_late = True
                raise

    def republish(self) -> None:
        """Bring the plans up to date and send every plan and standing state: the broker may have lost all."""
        self.refresh_or_later()
        self.send_plans()
        self.send_standings()

    def send_plans(self, nodes: Iterable[str] | None = None) -> None:
        """Send the kept plans of `nodes`, or all."""
        with self._plans:
            db = self._store.read()
            kept = plans.plans(db, nodes)
            self._send_plans(kept, plans.plan_endings(db, (plan.content for plan in kept)))

    def send_standings(self, nodes: Iterable[str] | None = None) -> None:
        """Sign and send the standing states of `nodes`, or all, as they are in the file now."""
        with self._standings:
            db = self._store.read()
            running = emergencies.running_at(db, now=self._now())
            for standing in plans.standings(db, nodes):
                content = self._standing(standing, running.get(standing.node, ()))
                token = self._key.sign(SignedKind.STANDING, content.encode())
                self._send_lasting(standing.node, "standing", token)

    def met(self, node: str) -> None:
        """A node said what it obeys: send again what it lacks, or what fits its new card; go above what it
        has and the hub does not, as happens when the hub was restored from a backup."""
        db = self._store.read()
        report = nodes.report(db, node)
        if report is None:
            return
        version = plans.plan_version(db, node)
        since = plan_reaches_back_to(self._now())
        has_new_card = bool(cards.told_before(db, since=since, node=node))
        is_unfit = version == 0 or report.plan > version or has_new_card
        if not (is_unfit and self.refresh([node])) and report.plan < version:
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
        """Give a node that has none its first standing state: stopped, if the whole site is, and with the
        emergencies that run where it hangs."""
        db = self._store.read()
        if plans.without_standing(db) or joining(db, now=self._now()):
            self.send_standings(self._store.write(self._keep_first_standings))

    def _keep_first_standings(self, db: Database) -> set[str]:
        now, new = self._now(), plans.without_standing(db)
        version = site.next_number(db, now=now)
        plans.keep_standings(db, [KeptStanding(node, version, now, site.stop(db)) for node in new])
        return {*new, *join(db, now=now)}

    def _changed(
        self, db: Database, contents: Iterable[tuple[str, Content]], now: datetime
    ) -> list[tuple[KeptPlan, Content]]:
        """The nodes to which their content is news, as the plans that they get."""
        kept, reported = plans.plan_versions(db), nodes.plans_obeyed(db)
        new = []
        for node, content in contents:
            version, name = kept.get(node, (0, ""))
            beyond = _followed(reported.get(node, 0))
            if name == self._name(content) and beyond <= version:
                continue
            rising = max(version + 1, beyond + 1, int(now.timestamp() * 1000))
            new.append((KeptPlan(node, rising, self._name(content), now), content))
        return new

    def _publish(self, changed: Iterable[tuple[KeptPlan, Content]], now: datetime) -> None:
        """Write the plans, all at once, then send them; one larger than a message may be is a fault."""
        new: list[KeptPlan] = []
        too_large: dict[str, str] = {}
        endings: dict[str, bytes] = {}
        for plan, content in changed:
            try:
                self._key.check_size(SignedKind.PLAN, len(_head(plan, self._topics)) + len(content.ending))
            except ValueError as error:
                too_large[plan.node] = str(error)
                continue
            new.append(plan)
            endings[plan.content] = content.ending

        def keep(db: Database) -> None:
            plans.keep_plans(db, new, endings)
            _note_too_large(db, too_large, {plan.node for plan in new}, at=now)

        self._store.write(keep)
        self._send_plans(new, endings)

    def _name(self, content: Content) -> str:
        """What a kept plan is compared by: a plan of another key or site is not obeyed, so it is no plan."""
        return f"{content.digest}:{self._signer}"

    def _send_plans(self, kept: Iterable[KeptPlan], texts: Mapping[str, bytes]) -> None:
        endings = {name: Ending(text) for name, text in texts.items()}
        for plan in kept:
            if (ending := endings.get(plan.content)) is not None:
                token = self._key.sign(SignedKind.PLAN, _head(plan, self._topics), ending=ending)
                self._send_lasting(plan.node, "plan", token)

    def _send_lasting(self, node: str, leaf: str, token: bytes) -> None:
        self._courier.send(Outgoing(self._topics.node(node, leaf), token, retain=True, many=True))

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


def _head(plan: KeptPlan, topics: Topics) -> bytes:
    head = PlanHead(
        site=topics.site,
        aud=audience_of_node(plan.node),
        version=plan.version,
        issued_at=plan.issued_at,
    )
    return head.beginning()


def _note_too_large(db: Database, too_large: Mapping[str, str], fitting: Set[str], *, at: datetime) -> None:
    for node, detail in too_large.items():
        faults.raise_fault(db, node=node, name=_TOO_LARGE, detail=detail, at=at)
    for fault in faults.open_faults(db):
        if fault.name == _TOO_LARGE and fault.node in fitting:
            faults.mend(db, node=fault.node, name=_TOO_LARGE, at=at)


def _followed(number: int) -> int:
    """The number to go above, or 0 for one that no hub will have given for a long time."""
    return number if number <= _MOST_FOLLOWED else 0
