"""Ratings at the counters, cameras, and the check at the start of a day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from hub.web.charts import Block
from hub.web.views.fleet import Fault
from hub.web.views.frame import NOTHING_TYPED, Form, Text

__all__ = [
    "CameraRow",
    "CamerasFragment",
    "CamerasPage",
    "Chart",
    "CheckPage",
    "CheckRow",
    "CounterRow",
    "CountersFragment",
    "CountersPage",
    "DayCheckDone",
    "LevelRow",
    "PressRow",
    "PressesPage",
    "RatingSum",
    "Scale",
    "SpanRow",
]


@dataclass(frozen=True, kw_only=True)
class LevelRow:
    """One level: its name, its tone (`best`, `good`, `middle`, `poor`, `bad`), how many, and its part of the
    bar (of 1000)."""

    name: Text
    tone: str
    count: int
    share: float | None
    block: Block


@dataclass(frozen=True, kw_only=True)
class RatingSum:
    """Ratings on one scale over some time. `share` is of satisfied; None without ratings."""

    levels: tuple[LevelRow, ...]
    total: int
    share: float | None
    uncounted: int


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Stacked columns: (tone, path) each, an axis up to `top`, labels under some columns, and the rows that
    say the same: (label, counts, total)."""

    paths: tuple[tuple[str, str], ...]
    width: int
    height: int
    top: int
    labels: tuple[tuple[float, str], ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Everything about the devices of one scale."""

    levels: int
    today: RatingSum
    month: RatingSum
    days: Chart
    hours: Chart


@dataclass(frozen=True, kw_only=True)
class CounterRow:
    """A counter; `today` and `month` are (ratings, share of satisfied). `state` is the node's, empty for one
    no longer in service. `checked_at` and `difference` are of the comparison of its sums with the hub's."""

    id: str
    name: str
    state: str
    last_heard: datetime | None
    today: tuple[int, float | None]
    month: tuple[int, float | None]
    checked_at: datetime | None = None
    difference: str = ""


@dataclass(frozen=True, kw_only=True)
class PressRow:
    """One press; `why` is the reason for which it did not count, None when it did."""

    at: datetime
    counter: str
    level: Text
    tone: str
    source: Text
    why: Text | None = None
    dossier: str = ""
    clock: str = "synced"
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class CountersFragment:
    """GET /counters/live, on the events `ratings` and `nodes`. `counter` is the one that is asked for."""

    template: ClassVar[str] = "fragments/counters.html"
    counter: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    scales: tuple[Scale, ...] = ()
    counters: tuple[CounterRow, ...] = ()
    presses: tuple[PressRow, ...] = ()
    may_see_presses: bool = False
    span: tuple[date, date] | None = None


@dataclass(frozen=True, kw_only=True)
class CountersPage:
    """GET /counters."""

    template: ClassVar[str] = "counters.html"
    live: CountersFragment = CountersFragment()


@dataclass(frozen=True, kw_only=True)
class PressesPage:
    """GET /counters/presses; `older` is the address of the next page."""

    template: ClassVar[str] = "presses.html"
    rows: tuple[PressRow, ...] = ()
    counter: str = ""
    older: str = ""


@dataclass(frozen=True, kw_only=True)
class SpanRow:
    """A verdict from `start` to `end`, and its part of the day's bar (of 1440)."""

    start: datetime
    end: datetime
    verdict: str
    block: Block


@dataclass(frozen=True, kw_only=True)
class CameraRow:
    """A camera: its verdict now, why it is unknown, how its counter is; `facts` are what was said last.
    `hours` are the marks under the bar: (x, hour)."""

    id: str
    name: str
    counter_id: str
    counter: str
    counter_state: str
    verdict: str
    since: datetime
    why: Text | None
    said_at: datetime
    facts: tuple[tuple[Text, Text], ...] = ()
    spans: tuple[SpanRow, ...] = ()
    available: float | None = None
    unknown_ms: float = 0


@dataclass(frozen=True, kw_only=True)
class CamerasFragment:
    """GET /cameras/live, on the events `cameras` and `nodes`. Without `today` the day is over."""

    template: ClassVar[str] = "fragments/cameras.html"
    day: date
    today: bool = True
    linked: bool = True
    rows: tuple[CameraRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CamerasPage:
    """GET /cameras?day=."""

    template: ClassVar[str] = "cameras.html"
    live: CamerasFragment
    previous: date
    following: date | None = None


@dataclass(frozen=True, kw_only=True)
class CheckRow:
    """A device: `family` and `state` say how it is (`node_state` or `verdict`)."""

    name: str
    where: str
    address: str
    family: str
    state: str
    since: datetime | None = None
    last_heard: datetime | None = None
    why: Text | None = None


@dataclass(frozen=True, kw_only=True)
class DayCheckDone:
    """A check somebody did."""

    at: datetime
    by: str
    ready: int
    devices: int
    note: str = ""
    today: bool = True


@dataclass(frozen=True, kw_only=True)
class CheckPage:
    """GET and POST /check (`note`)."""

    template: ClassVar[str] = "check.html"
    linked: bool = True
    ready: int = 0
    devices: int = 0
    speakers: tuple[CheckRow, ...] = ()
    counters: tuple[CheckRow, ...] = ()
    cameras: tuple[CheckRow, ...] = ()
    faults: tuple[Fault, ...] = ()
    done: DayCheckDone | None = None
    may_record: bool = False
    form: Form = NOTHING_TYPED
