"""Emergencies: the band on every page, the form that begins one, and those that were."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.frame import NOTHING_TYPED, Form, Text
from hub.web.views.programme import AreaChoice

__all__ = [
    "EmergenciesPage",
    "EmergencyBand",
    "EmergencyChoice",
    "EmergencyFragment",
    "EmergencyRow",
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
    """An emergency that was begun, and what became of it."""

    title: str
    by: str
    since: datetime
    until: datetime
    end: Text
    running: bool


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
