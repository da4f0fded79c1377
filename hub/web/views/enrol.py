"""Adding a node, replacing its machine, and taking it away."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.frame import NOTHING_TYPED, Form

__all__ = ["ArrivalFragment", "CodePage", "EnrolPage", "KnownNode"]


@dataclass(frozen=True, kw_only=True)
class KnownNode:
    """A node in service that gets a new machine or card; `area` by name."""

    id: str
    name: str
    area: str


@dataclass(frozen=True, kw_only=True)
class EnrolPage:
    """GET /enrol (POST /enrol). Posts `kind` speaker | counter, `title`, `id` (empty: made of the title),
    `area`, and `again` (`yes`: the node has a new machine or card). `areas` are (id, name).

    With `known` it asks nothing more, and posts `form` as it stands.
    """

    template: ClassVar[str] = "enrol.html"
    form: Form = NOTHING_TYPED
    known: KnownNode | None = None
    areas: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ArrivalFragment:
    """GET /enrol/live?node=&since=, on the event `nodes` and every few seconds: how far the device `id` came
    with the code that was given at `since_ms` (Unix). `state`: `waiting`, `enrolled`, `here` (both `at` that
    time) or `over`, when the code is.
    """

    template: ClassVar[str] = "fragments/arrival.html"
    id: str
    since_ms: int
    state: str = "waiting"
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CodePage:
    """The answer to POST /enrol: a code, shown once, and the commands to type on the node."""

    template: ClassVar[str] = "enrol_code.html"
    id: str
    title: str
    area: str
    code: str
    commands: tuple[str, ...]
    until: datetime
    arrival: ArrivalFragment
    kind: str = "speaker"
