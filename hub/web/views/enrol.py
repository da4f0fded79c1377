"""Adding a node, replacing its machine, and taking it away."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.frame import NOTHING_TYPED, Form

__all__ = ["CodePage", "EnrolPage"]


@dataclass(frozen=True, kw_only=True)
class EnrolPage:
    """GET /enrol (POST /enrol). Posts `kind` speaker | counter, `title`, `id` (empty: made of the title),
    `area`, and `again` (`yes`: the node has a new machine or card). `areas` are (id, name).
    """

    template: ClassVar[str] = "enrol.html"
    form: Form = NOTHING_TYPED
    areas: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class CodePage:
    """The answer to POST /enrol: a code, shown once, and the command to type on the node."""

    template: ClassVar[str] = "enrol_code.html"
    id: str
    title: str
    area: str
    code: str
    command: str
    until: datetime
    kind: str = "speaker"
