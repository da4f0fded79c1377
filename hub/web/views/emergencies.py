"""Emergencies: the band on every page, the form that begins one, and those that were."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.frame import NOTHING_TYPED, Form, Text
from hub.web.views.programme import AreaChoice

__all__ = [
    "EmergenciesPage",
    "EmergencyAt",
    "EmergencyBand",
    "EmergencyChoice",
    "EmergencyCourseFragment",
    "EmergencyFragment",
    "EmergencyPage",
    "EmergencyRow",
    "MissedAt",
    "RepetitionRow",
    "Silent",
]


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A loudspeaker at which an emergency is not heard, and why."""

    node: str
    why: Text


@dataclass(frozen=True, kw_only=True)
class EmergencyBand:
    """An emergency that runs: heard at `heard` of `nodes` loudspeakers, soon at `waiting` more."""

    id: str
    title: str
    by: str
    since: datetime
    until: datetime
    repeat: Text
    nodes: int
    heard: int
    waiting: int
    silent: tuple[Silent, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmergencyFragment:
    """GET /emergencies/live, on the events `orders`, `nodes` and `plays`: a band for each emergency that runs
    (reads `frame.emergencies`)."""

    template: ClassVar[str] = "fragments/emergency.html"


@dataclass(frozen=True, kw_only=True)
class EmergencyChoice:
    """A bulletin that could sound at once: how long it is, and at how many loudspeakers it is ready."""

    id: str
    title: str
    duration_ms: int
    ready: int
    nodes: int


@dataclass(frozen=True, kw_only=True)
class EmergencyRow:
    """An emergency that was begun, and what became of it: heard whole at `heard` of `nodes` loudspeakers."""

    id: str
    title: str
    by: str
    since: datetime
    until: datetime
    end: Text
    running: bool
    heard: int = 0
    nodes: int = 0


@dataclass(frozen=True, kw_only=True)
class EmergenciesPage:
    """POST /emergencies: `bulletin`, `where` (`all` or `some`), `areas`, `nodes`, `repeat_min`, `for_min`; a
    question comes back. The form is for who may begin one.
    """

    template: ClassVar[str] = "emergencies.html"
    bulletins: tuple[EmergencyChoice, ...] = ()
    areas: tuple[AreaChoice, ...] = ()
    rows: tuple[EmergencyRow, ...] = ()
    form: Form = NOTHING_TYPED


@dataclass(frozen=True, kw_only=True)
class MissedAt:
    """How many did not hear it for one reason, and where if that is asked."""

    why: Text
    count: int
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RepetitionRow:
    """One repetition, counted from 1: heard whole at `heard` of `nodes` loudspeakers."""

    number: int
    due_at: datetime
    heard: int
    nodes: int
    sounding: int = 0
    missed: tuple[MissedAt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmergencyAt:
    """One loudspeaker in an emergency. `state` and its words `now` are set while it runs; `confirmed` is its
    word that it knows of the emergency, or of its end once it was ended by hand.
    """

    node_id: str
    node: str
    area: str
    heard: int
    state: str = ""
    now: Text = ""
    confirmed: bool = True
    missed: tuple[MissedAt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmergencyCourseFragment:
    """GET /emergencies/{id}/live, on the events `orders`, `nodes` and `plays`; with `every` repetition, or
    the newest. It was due `times` times and was heard at `reached` loudspeakers at least once.
    """

    template: ClassVar[str] = "fragments/emergency_course.html"
    id: str
    running: bool
    until: datetime
    end: Text
    cancelled: bool = False
    times: int = 0
    reached: int = 0
    repetitions: tuple[RepetitionRow, ...] = ()
    every: bool = False
    nodes: tuple[EmergencyAt, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EmergencyPage:
    """GET /emergencies/{id}."""

    template: ClassVar[str] = "emergency.html"
    id: str
    title: str
    bulletin_id: str
    by: str
    since: datetime
    until: datetime
    repeat: Text
    duration_ms: int
    live: EmergencyCourseFragment
