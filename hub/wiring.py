"""The place that builds the running hub: parts in order, started in order, stopped in reverse."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date

from edge.wire.house_rules import HouseRules
from edge.wire.link import Broker
from edge.wire.signing import SigningKey
from edge.wire.topics import Topics
from hub.alarms import BROKER_LOST, Alarms
from hub.backup.watch import BackupWatch
from hub.bulletins import Bulletins
from hub.cameras import Cameras
from hub.clock import may_be_handed_on
from hub.config import HubSettings
from hub.counters import Counters
from hub.coverage import Coverages
from hub.day_check import DayChecks
from hub.desk import Desk, open_desk, utc_now
from hub.dispatch import Dispatch
from hub.embedded import embedded_broker
from hub.emergencies import Emergencies
from hub.emergency_course import Courses
from hub.events import Events
from hub.expiry import Expiry
from hub.faults import Faults
from hub.figures import add_figures
from hub.fleet import Fleet
from hub.inbox import Inbox
from hub.library import Library
from hub.metrics import Metrics
from hub.orders import Orders
from hub.outgoing import Courier, Outgoing
from hub.parts import Parts
from hub.plays import Plays
from hub.pruning import Pruning
from hub.publishing import Publishing
from hub.schedules import Schedules
from hub.service import Life, Service
from hub.site import Site
from hub.sounds import Sounds
from hub.store import accounts, areas, certificates
from hub.store.accounts import BrokerAccount
from hub.store.alive import StoreError
from hub.store.areas import Area
from hub.switchboard import Switchboard
from hub.ticker import Job, Ticker

__all__ = ["running_hub"]

_ACCOUNTS_EVERY_S = 1
_PLANS_EVERY_S = 600
_DAY_EVERY_S = 20
_LATE_EVERY_S = 2
_SETTLE_EVERY_S = 600
_BACKUPS_EVERY_S = 60
_CERTIFICATES_EVERY_S = 3600
_PROVE_EVERY_S = 5
_RESERVE_EVERY_S = 10
_PRUNE_EVERY_S = 60
_BROKER_STARTS_WITHIN_S = 2.0  # later, the link finds it by itself


@contextmanager
def running_hub(settings: HubSettings, *, life: Life | None = None) -> Iterator[Parts]:
    """The whole hub at work but for its pages; hold the folder first. Raises what `open_desk` raises.

    `life` is given proof that the hub lives.
    """
    with ExitStack() as stack:
        desk = stack.enter_context(open_desk(settings))
        engine = _Engine(settings, desk, life or Life(Service({})))
        engine.start(stack)
        yield engine.parts


class _Engine:
    """Builds the parts and runs those that have a life of their own."""

    def __init__(self, settings: HubSettings, desk: Desk, life: Life) -> None:
        self._settings = settings
        self._life = life
        self._store = desk.store
        self._topics = Topics(settings.site.id)
        self._events = Events()
        self._metrics = Metrics()
        self._switchboard: Switchboard | None = None
        self._faults = Faults(store=desk.store, events=self._events, now=utc_now)
        self._alarms = Alarms(self._faults)
        self._expiry = Expiry(store=desk.store, faults=self._faults, now=utc_now)
        self._backups = BackupWatch(
            data=settings.data, faults=self._faults, now=utc_now, is_wanted=settings.backup is not None
        )
        self._embedded = embedded_broker(
            settings, desk.store, self._topics, issuer=desk.issuer, on_fault=self._alarms.raise_
        )
        self.parts = self._parts(desk)
        self._pruning = Pruning(
            store=desk.store,
            keep=settings.keep,
            now=utc_now,
            zone=lambda: self.parts.site.zone,
            knows_time=self._knows_time,
        )
        self._switchboard = self._make_switchboard(desk.key)
        self._today: date | None = None
        self._enrolled: tuple[list[BrokerAccount], list[Area], list[str]] | None = None
        self._ticker = Ticker(self._jobs())
        add_figures(self.parts, dropped=lambda: self._switchboard.dropped if self._switchboard else 0)

    def start(self, stack: ExitStack) -> None:
        """Start everything; `stack` stops it, in reverse."""
        parts, rules = self.parts, HouseRules(timezone=self._settings.site.timezone)
        parts.site.begin(rules)
        self._store.write(lambda db: accounts.nobody_here(db, at=utc_now()))
        parts.library.start()
        stack.callback(parts.library.stop)
        if self._embedded is not None:
            self._embedded.start()
            stack.callback(self._embedded.stop)
            self._embedded.wait_until_listening(_BROKER_STARTS_WITHIN_S)
        assert self._switchboard is not None  # noqa: S101 - made in __init__
        self._switchboard.start()
        stack.callback(self._switchboard.stop)
        self._backups.look()
        self._store.keep_reserve()
        self._ticker.start()
        stack.callback(self._ticker.stop)
        stack.callback(self._events.close)

    def _parts(self, desk: Desk) -> Parts:
        store, events = self._store, self._events
        courier = Courier(key=desk.key, topics=self._topics, send=self._send)
        publishing = Publishing(store=store, courier=courier, now=utc_now)
        dispatch = Dispatch(courier=courier, publishing=publishing, events=events, now=utc_now)
        site = Site(store=store, publishing=publishing, events=events, now=utc_now)
        fleet = Fleet(store=store, now=utc_now)
        cameras = Cameras(store=store, zone=lambda: site.zone, now=utc_now)
        coverages = Coverages(store=store, now=utc_now)
        return Parts(
            settings=self._settings,
            store=store,
            now=utc_now,
            events=events,
            people=desk.people,
            library=self._library(),
            bulletins=Bulletins(
                store=store, events=events, now=utc_now, on_standby=publishing.refresh_or_later
            ),
            schedules=Schedules(store=store, publishing=publishing, events=events, now=utc_now),
            fleet=fleet,
            counters=Counters(store=store, zone=lambda: site.zone, now=utc_now),
            cameras=cameras,
            day_checks=DayChecks(store=store, fleet=fleet, cameras=cameras, events=events, now=utc_now),
            orders=Orders(store=store, dispatch=dispatch, now=utc_now),
            emergencies=Emergencies(store=store, dispatch=dispatch, publishing=publishing, now=utc_now),
            coverages=coverages,
            courses=Courses(store=store, coverages=coverages, now=utc_now),
            plays=Plays(store=store, now=utc_now),
            publishing=publishing,
            inbox=self._inbox(courier, publishing),
            faults=self._faults,
            site=site,
            sounds=Sounds(folder=self._settings.data / "sounds"),
            enrolment=desk.enrolment,
            certification=desk.certification,
            send=self._send,
            is_linked=lambda: self._switchboard is not None and self._switchboard.linked,
            alarm=self._alarms.passing,
            metrics=self._metrics,
        )

    def _library(self) -> Library:
        return Library(
            store=self._store,
            folder=self._settings.data,
            events=self._events,
            now=utc_now,
            limit_bytes=self._settings.uploads.max_bytes,
            limit_s=self._settings.uploads.max_minutes * 60.0,
        )

    def _inbox(self, courier: Courier, publishing: Publishing) -> Inbox:
        return Inbox(
            store=self._store,
            courier=courier,
            publishing=publishing,
            events=self._events,
            now=utc_now,
            knows_time=self._knows_time,
        )

    def _make_switchboard(self, key: SigningKey) -> Switchboard:
        broker = self._settings.broker
        outside = Broker(host=broker.host, port=broker.port, user=broker.user, password=broker.password)
        return Switchboard(
            broker=self._embedded.address if self._embedded else outside,
            topics=self._topics,
            key_id=key.key_id,
            now=utc_now,
            receive=self.parts.inbox.receive,
            on_linked=self._linked,
            on_lost=self._lost,
        )

    def _knows_time(self) -> bool:
        return may_be_handed_on(rtc=self._settings.clock.rtc)

    def _send(self, message: Outgoing) -> bool:
        return self._switchboard is not None and self._switchboard.send(message)

    def _linked(self) -> None:
        self.parts.publishing.republish()
        with suppress(StoreError):  # `settle` does it once it can be stored; the greeting is not said again
            self._alarms.linked()
        self._events.publish("nodes")

    def _lost(self, reason: str) -> None:
        self._alarms.raise_(BROKER_LOST, reason)
        self._events.publish("nodes")

    def _jobs(self) -> list[Job]:
        return [
            Job("accounts", _ACCOUNTS_EVERY_S, self._refresh_accounts),
            Job("new day", _DAY_EVERY_S, self._refresh_plans_of_new_day),
            Job("plans", _PLANS_EVERY_S, lambda: _ignore(self.parts.publishing.refresh())),
            Job("late plans", _LATE_EVERY_S, self.parts.publishing.catch_up),
            Job("certificates", _CERTIFICATES_EVERY_S, self._look_after_certificates),
            Job("settle", _SETTLE_EVERY_S, self._settle),
            Job("backups", _BACKUPS_EVERY_S, self._backups.look),
            Job("old lines", _PRUNE_EVERY_S, self._pruning.step),
            Job("reserve", _RESERVE_EVERY_S, self._store.keep_reserve),
            Job("life", _PROVE_EVERY_S, lambda: self._life.prove(lambda: self._store.submit(_ignore))),
        ]

    def _settle(self) -> None:
        self._alarms.settle()
        if self.parts.is_linked():
            self._alarms.linked()

    def _refresh_accounts(self) -> None:
        """Enrolments and removals may come from the command line: they are in the file, nobody calls."""
        db = self._store.read()
        found = (accounts.broker_accounts(db), areas.areas(db), certificates.revoked_serials(db))
        if found == self._enrolled:
            return
        if self._embedded is not None:
            self._embedded.refresh()
        self._enrolled = found
        self.parts.publishing.refresh()
        self._events.publish("nodes")

    def _look_after_certificates(self) -> None:
        if self._embedded is not None:
            self._embedded.renew()
        self._expiry.look()
        if self.parts.certification is not None:
            self.parts.certification.forget_codes()

    def _refresh_plans_of_new_day(self) -> None:
        today = utc_now().astimezone(self.parts.site.zone).date()
        if self._today != today:
            self.parts.publishing.refresh()
            self._today = today


def _ignore(_value: object) -> None:
    return None
