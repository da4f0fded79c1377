"""A hub's file after a year: loudspeakers that played twice a day, counters with their presses.

Everything passes the hub's own services: enrolment, schedules, plans, and the taking in of ledgers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from edge.wire.base import ClockState
from edge.wire.entries import Body, CameraVerdict, Outcome, Reason
from edge.wire.house_rules import HouseRules
from edge.wire.messages import LedgerBatch, LedgerEntry
from edge.wire.topics import Topics
from hub.desk import Desk
from hub.events import Events
from hub.intake import take_batch
from hub.outgoing import Courier
from hub.people.roles import Actor
from hub.programme.recurrence import occurrence_id
from hub.programme.terms import Rule
from hub.publishing import Publishing
from hub.schedules import Draft, Schedules
from hub.site import Site
from hub.store import areas, holdings, nodes, plans
from hub.store.areas import Area
from hub.store.database import Database, Store
from hub.store.nodes import Node, Report
from tests import factories as make
from tests.factories_counter import pressed, seen
from tests.factories_hub import add_bulletin

__all__ = ["Year", "make_year", "say_all_are_here"]

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SHA256 = "a" * 64
HOURS = (time(6, 30), time(17, 0))
COUNTERS = 10
NODES_PER_AREA = 8
PRESSES_A_DAY = 60
PLAYED_OF_100 = 97
ENTRIES_AT_ONCE = 1_000
READINGS = make.health().model_dump(mode="json", exclude={"v", "session", "clock"})


@dataclass(frozen=True, kw_only=True)
class Year:
    """What a page may be asked of."""

    speakers: tuple[str, ...]
    counters: tuple[str, ...]
    occurrence_over: str
    occurrence_to_come: str
    schedule: str
    bulletin: str
    recording: str
    entries: int


@dataclass
class _Clock:
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at


def make_year(desk: Desk, site: str, actor: Actor, *, count: int, days: int) -> Year:
    """Fill the file of `desk` with `count` nodes and what they did in the last `days` days."""
    now = datetime.now(UTC)
    clock = _Clock(now - timedelta(days=days + 1))
    store = desk.store
    speakers = tuple(f"loa-{number:03}" for number in range(1, count - COUNTERS + 1))
    counters = tuple(f"quay-{number:02}" for number in range(1, COUNTERS + 1))
    store.write(lambda db: _enrol(db, speakers, counters, clock()))
    courier = Courier(key=desk.key, topics=Topics(site), send=lambda _: True)
    publishing = Publishing(store=store, courier=courier, now=clock)
    services = {"store": store, "events": Events(), "now": clock, "publishing": publishing}
    Site(**services).begin(HouseRules(quiet=()))  # type: ignore[arg-type]
    schedules = Schedules(**services)  # type: ignore[arg-type]
    bulletin = store.write(lambda db: add_bulletin(db, "Bản tin hằng ngày"))
    daily = [_daily(schedules, actor, bulletin, clock(), hour) for hour in HOURS]
    entries = _live(store, site, daily, speakers, counters, begin=clock(), end=now)
    clock.at = now
    for number in range(40):
        extra = store.write(lambda db, number=number: add_bulletin(db, f"Thông báo số {number}"))
        day = (now + timedelta(days=1 + number % 30)).astimezone(ZONE).date()
        at = datetime.combine(day, time(9 + number % 3, number), ZONE)
        places = (f"to-{number % (len(speakers) // NODES_PER_AREA) + 1}",)
        schedules.create(actor, Draft(bulletin=extra, starts_at=at, areas=places))
    publishing.refresh()
    store.write(lambda db: _hold_all(db, speakers, now))
    due = [occurrence_id(schedule, at) for schedule, at in _dues(daily, now - timedelta(days=1), now)]
    ahead = [occurrence_id(schedule, at) for schedule, at in _dues(daily, now, now + timedelta(days=1))]
    recording = str(next(iter(store.read().query("SELECT id FROM recordings LIMIT 1")))["id"])
    return Year(
        speakers=speakers,
        counters=counters,
        occurrence_over=due[-1],
        occurrence_to_come=ahead[0],
        schedule=daily[0][0],
        bulletin=bulletin,
        recording=recording,
        entries=entries,
    )


def say_all_are_here(store: Store, year: Year) -> None:
    """As births and readings of every node would; a running hub believes them for four minutes."""
    store.write(lambda db: _report_all(db, (*year.speakers, *year.counters), datetime.now(UTC)))


Daily = tuple[str, time]


def _enrol(db: Database, speakers: Sequence[str], counters: Sequence[str], at: datetime) -> None:
    areas.add(db, Area(id="phuong", name="Phường"))
    for number in range(len(speakers) // NODES_PER_AREA + 1):
        areas.add(db, Area(id=f"to-{number + 1}", name=f"Tổ dân phố {number + 1}", parent="phuong"))
    for kind, names in (("speaker", speakers), ("counter", counters)):
        for number, name in enumerate(names):
            area = f"to-{number // NODES_PER_AREA + 1}" if kind == "speaker" else "phuong"
            node = Node(id=name, kind=kind, name=f"Cụm {name}", area=area, enrolled_at=at)
            nodes.add(db, node, secret_hash="", broker_hash="")


def _daily(schedules: Schedules, actor: Actor, bulletin: str, now: datetime, hour: time) -> Daily:
    first = (now + timedelta(days=1)).astimezone(ZONE).date()
    starts_at = datetime.combine(first, hour, ZONE).astimezone(UTC)
    made = schedules.create(
        actor, Draft(bulletin=bulletin, starts_at=starts_at, rule=Rule.DAILY, areas=("phuong",))
    )
    return made.schedule.id, hour


def _dues(daily: Sequence[Daily], begin: datetime, end: datetime) -> list[tuple[str, datetime]]:
    first = begin.astimezone(ZONE).date()
    found = (
        (schedule, datetime.combine(first + timedelta(days=day), hour, ZONE))
        for day in range((end - begin).days + 2)
        for schedule, hour in daily
    )
    return sorted((each for each in found if begin < each[1] < end), key=lambda each: each[1])


def _live(
    store: Store,
    site: str,
    daily: Sequence[Daily],
    speakers: Sequence[str],
    counters: Sequence[str],
    *,
    begin: datetime,
    end: datetime,
) -> int:
    """Every node's ledger of the whole time, taken in as it would be; how many entries."""
    dues = _dues(daily, begin, end)
    count = 0
    for place, node in enumerate((*speakers, *counters)):
        told = _played(dues, place) if node in speakers else _counted(begin, end, place)
        count += store.write(lambda db, node=node, told=told, place=place: _take(db, site, node, told, place))
    return count


def _take(db: Database, site: str, node: str, told: Iterator[tuple[datetime, Body]], place: int) -> int:
    ledger, first, topic = UUID(int=place + 1), 1, Topics(site).node(node, "ledger")
    while some := list(islice(told, ENTRIES_AT_ONCE)):
        entries = tuple(
            LedgerEntry.model_construct(
                seq=first + offset,
                at=at,
                clock=make.reading(ClockState.SYNCED, 1.0),
                boot="b1",
                kind=body.kind,
                body=body.model_dump(mode="json"),
            )
            for offset, (at, body) in enumerate(some)
        )
        batch = LedgerBatch.model_construct(ledger=ledger, first_held=1, entries=entries)
        take_batch(db, node, topic, batch, at=some[-1][0], is_plausible=lambda _: True)
        first += len(some)
    return first - 1


def _played(dues: Sequence[tuple[str, datetime]], place: int) -> Iterator[tuple[datetime, Body]]:
    for number, (schedule, at) in enumerate(dues):
        name, over_at = occurrence_id(schedule, at), at + timedelta(seconds=60)
        if (number * 7 + place * 13) % 100 >= PLAYED_OF_100:
            changes = {"outcome": Outcome.SKIPPED, "reason": Reason.POWER}
            yield over_at, make.skipped(occurrence=name, due_at=at, **changes)
            continue
        yield at, make.started(occurrence=name, due_at=at, started_at=at)
        yield over_at, make.finished(occurrence=name, due_at=at, started_at=at, finished_at=over_at)


def _counted(begin: datetime, end: datetime, place: int) -> Iterator[tuple[datetime, Body]]:
    for day in range((end - begin).days):
        morning = datetime.combine((begin + timedelta(days=day)).astimezone(ZONE).date(), time(8), ZONE)
        for number in range(PRESSES_A_DAY):
            at = morning + timedelta(minutes=8 * number)
            if number % 8 == 0:
                verdict = CameraVerdict.DARK if (day + place) % 50 == 0 else CameraVerdict.OK
                yield at, seen(verdict.value)
            yield at, pressed(1 + (number * number + day + place) % 4)


def _hold_all(db: Database, speakers: Sequence[str], at: datetime) -> None:
    for name in speakers:
        holdings.change(db, name, held=[SHA256], dropped=(), at=at)


def _report_all(db: Database, names: Sequence[str], at: datetime) -> None:
    versions = plans.plan_versions(db)
    standings = {kept.node: kept.version for kept in plans.standings(db)}
    for name in names:
        report = Report(
            node=name,
            session=make.SESSION,
            here=True,
            heard_at=at,
            since=at,
            clock_state="synced",
            clock_bound_ms=1.0,
            software="loa 0.1.0",
            output="device",
            ledger=str(UUID(int=1)),
            plan=versions.get(name, (0, ""))[0],
            standing=standings.get(name, 0),
            order=0,
        )
        nodes.keep_report(db, report)
        numbers = (report.plan, report.standing, report.order)
        nodes.health(db, name, clock=("synced", 1.0), numbers=numbers, readings=READINGS)
