"""What will sound, what sounds now, and what sounded."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.views.counters import CheckRow, DayCheckDone, RatingSum
from hub.web.views.fleet import Fault
from hub.web.views.frame import NOTHING_TYPED, Form, Text

__all__ = [
    "AreaChoice",
    "Clash",
    "Day",
    "Exempted",
    "FirstSteps",
    "NodeChoice",
    "OccurrencePage",
    "OccurrenceRow",
    "OverviewFragment",
    "OverviewPage",
    "PlayRow",
    "PlaysFragment",
    "RecentPlay",
    "Refusal",
    "ScheduleFormPage",
    "SchedulePage",
    "SchedulesPage",
    "Unready",
]


@dataclass(frozen=True, kw_only=True)
class OccurrenceRow:
    """One bulletin at one instant; `ready` of `nodes` loudspeakers hold verified copies of all it needs.

    `cancelled` is shown struck out with its word; `playing` is at how many it sounds now; `heard` is how many
    played it, None before it is over everywhere.
    """

    id: str
    schedule_id: str
    title: str
    priority: str
    starts_at: datetime
    duration_ms: int
    areas: tuple[str, ...]
    nodes: int
    ready: int
    playing: int = 0
    heard: int | None = None
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class Unready:
    """A loudspeaker that is not ready, or would miss an item, and why."""

    node_id: str
    node: str
    area: str
    why: Text
    occurrence_id: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RecentPlay:
    """An occurrence that is over, or an emergency: at how many of its loudspeakers it was heard."""

    address: str
    emergency: bool = False
    title: str
    started_at: datetime
    heard: int
    nodes: int


@dataclass(frozen=True, kw_only=True)
class OverviewFragment:
    """GET /overview/live, on the events `plays`, `nodes`, `schedules`, `faults`, `orders`, `ratings` and
    `cameras`. `ratings` are today's, one for each scale; `has_counters` shows their part.
    """

    template: ClassVar[str] = "fragments/overview.html"
    next_24_h: tuple[OccurrenceRow, ...] = ()
    unready: tuple[Unready, ...] = ()
    faults: tuple[Fault, ...] = ()
    recent: tuple[RecentPlay, ...] = ()
    nodes: int = 0
    nodes_ready: int = 0
    has_counters: bool = False
    ratings: tuple[RatingSum, ...] = ()
    cameras: tuple[CheckRow, ...] = ()
    check: DayCheckDone | None = None


@dataclass(frozen=True, kw_only=True)
class FirstSteps:
    """How the viewer begins, as (address, words) in order."""

    title: Text
    steps: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, kw_only=True)
class OverviewPage:
    """GET /; `first_steps` shows how to begin while there is nothing yet."""

    template: ClassVar[str] = "overview.html"
    live: OverviewFragment = OverviewFragment()
    first_steps: FirstSteps | None = None


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of the agenda; `note` is a holiday or a lunar date, `minutes` the budget used and allowed (or
    None).
    """

    date: date
    occurrences: tuple[OccurrenceRow, ...] = ()
    note: Text | None = None
    minutes: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class SchedulesPage:
    """GET /schedules?week=2026-W47: seven days, Monday first."""

    template: ClassVar[str] = "schedules.html"
    days: tuple[Day, ...]
    week: str
    previous_week: str
    next_week: str
    this_week: str


@dataclass(frozen=True, kw_only=True)
class NodeChoice:
    id: str
    name: str
    state: str = "ready"


@dataclass(frozen=True, kw_only=True)
class AreaChoice:
    """An area, its loudspeakers, and the areas under it."""

    id: str
    name: str
    nodes: tuple[NodeChoice, ...] = ()
    areas: tuple["AreaChoice", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Clash:
    """An occurrence that stands in the way."""

    occurrence_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    areas: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a schedule was not stored (status 409): clashes, or a broken rule, and who may allow an
    exception.
    """

    clashes: tuple[Clash, ...] = ()
    broken: tuple[Text, ...] = ()
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScheduleFormPage:
    """GET /schedules/new?bulletin=ID, POST /schedules.

    Posts `bulletin`, `areas` and `nodes` (repeated), `date` (YYYY-MM-DD) and `time` (HH:MM or HH:MM:SS) in
    the site's zone, `recurs` (`once`, `daily`), `until` (a date), `misfire` (`skip`, `late`, `join`),
    `late_min` (minutes) and `volume` (0-100, empty for each node's own). An approver who met a broken rule
    is also asked for `exception_reason`.
    """

    template: ClassVar[str] = "schedule_form.html"
    bulletins: tuple[tuple[str, str, int], ...] = ()
    """(id, title, duration in ms) of approved bulletins."""
    areas: tuple[AreaChoice, ...] = ()
    form: Form = NOTHING_TYPED
    refusal: Refusal | None = None
    house_rules: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exempted:
    """Who allowed a schedule to sound in quiet hours, by name, and why."""

    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class SchedulePage:
    """GET /schedules/{id}; POST /schedules/{id}/cancel ends what has not begun."""

    template: ClassVar[str] = "schedule.html"
    id: str
    title: str
    bulletin_id: str
    priority: str
    areas: tuple[str, ...]
    recurs: str
    until: date | None
    misfire: str
    late_min: int | None
    volume: int | None
    made_by: str
    made_at: datetime
    exception: Exempted | None = None
    occurrences: tuple[OccurrenceRow, ...] = ()
    can_cancel: bool = False


@dataclass(frozen=True, kw_only=True)
class PlayRow:
    """One loudspeaker's way through one occurrence.

    `step` is the furthest reached: `planned`, `cached`, `armed`, `playing` or `finished`; once finished,
    `outcome` is `played`, `cut`, `skipped` or `failed`, and `reached` the last step known to have held
    where it did not play. `start_error_ms` is signed, late is positive; `clock_bound_ms` is how far the
    node's clock may be off. `sound_url` is set when what was played can be heard; `away` that the node is
    out of contact now.
    """

    node_id: str
    node: str
    area: str
    step: str
    outcome: str | None = None
    reached: str = "planned"
    started_at: datetime | None = None
    start_error_ms: float | None = None
    clock_bound_ms: float | None = None
    reason: Text | None = None
    sound_url: str | None = None
    away: bool = False


@dataclass(frozen=True, kw_only=True)
class PlaysFragment:
    """GET /occurrences/{id}/live, on the events `plays` and `nodes`."""

    template: ClassVar[str] = "fragments/plays.html"
    occurrence: OccurrenceRow
    rows: tuple[PlayRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OccurrencePage:
    """GET /occurrences/{id}."""

    template: ClassVar[str] = "occurrence.html"
    live: PlaysFragment
    exception: Exempted | None = None
