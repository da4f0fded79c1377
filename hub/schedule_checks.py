"""Whether a schedule may stand: its fields, its bulletin, house rules, clashes. Reads, never writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from edge.wire.base import Priority
from edge.wire.house_rules import HouseRules, QuietException
from edge.wire.plan import Misfire, MisfireRule
from hub.errors import Conflict, Forbidden, Invalid, Problem, Refused
from hub.people.roles import Actor, Role
from hub.programme.conflicts import Clash, clashes
from hub.programme.house import Broken, alternatives, broken_rules
from hub.programme.programme import LONGEST, PLAN_DAYS, Programme
from hub.programme.recurrence import latest_possible, occurrences
from hub.programme.terms import Occurrence, Rule, Scheduled
from hub.store import areas, nodes, people, programme, schedules
from hub.store.database import Database
from hub.store.schedules import BulletinToPlay
from hub.titles import tidy

__all__ = ["Draft", "Finding", "judge"]

_WINDOW = timedelta(days=PLAN_DAYS)
_MOST_AHEAD = timedelta(days=3660)
_MOST_LATE_S = 86_400
_MOST_REASON = 500
_MOST_NAMED = 20


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A schedule that someone wishes for. `exception_reason` asks, as an approver, to break quiet hours."""

    bulletin: str
    starts_at: datetime
    areas: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    rule: Rule = Rule.ONCE
    until: date | datetime | None = None
    misfire: MisfireRule = MisfireRule.SKIP
    late_s: int = 0
    volume: int = 100
    exception_reason: str | None = None


@dataclass(frozen=True)
class Finding:
    """What a draft would become, and why it may not. `schedule` is None while its fields do not hold.

    `clashes`, `broken` and `instead` (allowed instants near the first that breaks a rule) are for pages
    that explain; `problems` say the same in codes.
    """

    schedule: Scheduled | None = None
    occurrences: tuple[Occurrence, ...] = ()
    exception: QuietException | None = None
    forbidden: tuple[Problem, ...] = ()
    invalid: tuple[Problem, ...] = ()
    conflicts: tuple[Problem, ...] = ()
    clashes: tuple[Clash, ...] = ()
    broken: tuple[Broken, ...] = ()
    instead: tuple[datetime, ...] = ()
    approvers: tuple[str, ...] = field(default=())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem."""
        return self.forbidden + self.invalid + self.conflicts

    @property
    def stored(self) -> Scheduled:
        """The schedule of a draft whose fields hold."""
        if self.schedule is None:
            raise self.refusal()
        return self.schedule

    def refusal(self) -> Refused:
        """The error that names the problems."""
        if self.invalid:
            return Invalid(*self.invalid)
        return Forbidden(*self.forbidden) if self.forbidden else Conflict(*self.conflicts)


def judge(db: Database, actor: Actor, draft: Draft, *, id_: str, now: datetime) -> Finding:
    """Everything there is to say about `draft`, as the schedule `id_`."""
    bulletin = schedules.bulletin(db, draft.bulletin)
    invalid = _field_problems(db, draft, bulletin, now)
    if invalid or bulletin is None:
        return Finding(invalid=tuple(invalid))
    new = _scheduled(draft, bulletin, id_)
    end = max(now, draft.starts_at) + _WINDOW
    whole = programme.between(db, start=now - LONGEST, end=end)
    wanted = tuple(occurrences(new, zone=whole.zone, start=now, end=end))
    if not wanted:
        return Finding(invalid=(Problem("never_sounds", "until"),))
    finding = _against_house_rules(db, actor, draft, new, wanted, whole, now)
    standing = whole.occurrences(start=wanted[0].starts_at - LONGEST, end=end)
    found = clashes(wanted, standing, places=whole.places, areas=whole.areas)
    return replace(
        finding,
        schedule=new,
        occurrences=wanted,
        clashes=tuple(found),
        forbidden=finding.forbidden + _role_problems(actor, bulletin),
        conflicts=_bulletin_problems(bulletin) + finding.conflicts + _clash_problems(db, found, whole.zone),
    )


def _scheduled(draft: Draft, bulletin: BulletinToPlay, id_: str) -> Scheduled:
    return Scheduled(
        id=id_,
        bulletin=bulletin.id,
        title=bulletin.title,
        priority=bulletin.priority,
        clips=bulletin.clips,
        starts_at=draft.starts_at.astimezone(UTC),
        rule=draft.rule,
        until=draft.until if draft.rule is not Rule.ONCE else None,
        misfire=Misfire(rule=draft.misfire, late_s=draft.late_s if draft.misfire is MisfireRule.LATE else 0),
        volume=draft.volume,
        areas=tuple(dict.fromkeys(draft.areas)),
        nodes=tuple(dict.fromkeys(draft.nodes)),
    )


def _field_problems(
    db: Database, draft: Draft, bulletin: BulletinToPlay | None, now: datetime
) -> list[Problem]:
    problems = []
    if bulletin is None:
        problems.append(Problem("unknown_bulletin", "bulletin", {"found": draft.bulletin[:100]}))
    if not now - _MOST_AHEAD < draft.starts_at < now + _MOST_AHEAD:
        problems.append(Problem("too_far", "starts_at"))
    elif draft.starts_at < now:
        problems.append(Problem("in_the_past", "starts_at", {"starts_at": draft.starts_at}))
    if not 0 <= draft.volume <= 100:
        problems.append(Problem("out_of_range", "volume", {"found": draft.volume, "wanted": "0–100"}))
    if not 0 <= draft.late_s <= _MOST_LATE_S:
        wanted = f"0–{_MOST_LATE_S}"
        problems.append(Problem("out_of_range", "misfire.late_s", {"found": draft.late_s, "wanted": wanted}))
    if draft.exception_reason is not None and not 0 < len(tidy(draft.exception_reason)) <= _MOST_REASON:
        problems.append(Problem("reason_needed", "exception.reason", {"wanted": f"1–{_MOST_REASON}"}))
    return problems + _target_problems(db, draft)


def _target_problems(db: Database, draft: Draft) -> list[Problem]:
    if not draft.areas and not draft.nodes:
        return [Problem("target_needed", "areas")]
    tree = areas.tree(db)
    speakers = {place.node for place in nodes.places(db)}
    return [
        *(Problem("unknown_area", "areas", {"found": a[:100]}) for a in draft.areas if a not in tree.parents),
        *(Problem("unknown_node", "nodes", {"found": n[:100]}) for n in draft.nodes if n not in speakers),
    ]


def _role_problems(actor: Actor, bulletin: BulletinToPlay) -> tuple[Problem, ...]:
    if bulletin.priority is Priority.EMERGENCY and not actor.may(Role.APPROVER):
        return (Problem("role_needed", "bulletin", {"roles": [Role.APPROVER.value]}),)
    return ()


def _bulletin_problems(bulletin: BulletinToPlay) -> tuple[Problem, ...]:
    facts = {"title": bulletin.title}
    if not bulletin.approved:
        return (Problem("not_approved", "bulletin", facts),)
    return () if bulletin.ready else (Problem("not_ready", "bulletin", facts),)


def _against_house_rules(
    db: Database,
    actor: Actor,
    draft: Draft,
    new: Scheduled,
    wanted: Sequence[Occurrence],
    whole: Programme,
    now: datetime,
) -> Finding:
    broken = tuple(broken_rules(wanted, whole.rules))
    if not broken:
        return Finding()
    if draft.exception_reason is not None:
        return _with_exception(actor, draft, new, wanted, whole.rules)
    approvers = _approvers(db)
    instead = alternatives(broken[0].occurrence, whole.rules, now=now)
    facts = _quiet_facts(broken, instead, approvers, whole.zone)
    return Finding(
        broken=broken,
        instead=instead,
        approvers=approvers,
        conflicts=(Problem("quiet_hours", "starts_at", facts),),
    )


def _with_exception(
    actor: Actor, draft: Draft, new: Scheduled, wanted: Sequence[Occurrence], rules: HouseRules
) -> Finding:
    if not actor.may(Role.APPROVER):
        return Finding(forbidden=(Problem("role_needed", "exception", {"roles": [Role.APPROVER.value]}),))
    last = latest_possible(new, zone=ZoneInfo(rules.timezone))
    if last is None:
        return Finding(invalid=(Problem("exception_needs_until", "recurs.until"),))
    exception = QuietException(
        schedule=new.id,
        start=wanted[0].starts_at,
        end=last + timedelta(milliseconds=new.duration_ms),
        allowed_by=actor.person.name[:200],
        reason=tidy(draft.exception_reason or ""),
    )
    return Finding(exception=exception)


def _quiet_facts(
    broken: Sequence[Broken], instead: Sequence[datetime], approvers: Sequence[str], zone: ZoneInfo
) -> dict[str, object]:
    first = broken[0]
    return {
        "rule": "quiet_hours",
        "starts_at": first.occurrence.starts_at.astimezone(zone),
        "ends_at": first.occurrence.ends_at.astimezone(zone),
        "quiet_from": first.quiet.start,
        "quiet_to": first.quiet.end,
        "occurrences": len(broken),
        "instead": [at.astimezone(zone) for at in instead],
        "approvers": list(approvers),
    }


def _clash_problems(db: Database, found: Sequence[Clash], zone: ZoneInfo) -> tuple[Problem, ...]:
    names = {area.id: area.name for area in areas.areas(db)}
    return tuple(Problem("clash", "starts_at", _clash_facts(one, names, zone)) for one in found[:_MOST_NAMED])


def _clash_facts(clash: Clash, names: dict[str, str], zone: ZoneInfo) -> dict[str, object]:
    return {
        "occurrence": clash.standing.id,
        "schedule": clash.standing.schedule.id,
        "title": clash.standing.schedule.title,
        "own_title": clash.wanted.schedule.title,
        "starts_at": clash.standing.starts_at.astimezone(zone),
        "ends_at": clash.standing.ends_at.astimezone(zone),
        "areas": sorted({names[place.area] for place in clash.places}),
        "nodes": [place.node for place in clash.places][:_MOST_NAMED],
        "of_priorities": clash.of_priorities,
    }


def _approvers(db: Database) -> tuple[str, ...]:
    active = (account for account in people.accounts(db) if account.active)
    return tuple(account.person.name for account in active if Role.APPROVER in account.person.roles)
