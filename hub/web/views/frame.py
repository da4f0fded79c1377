"""What stands around every page, and what all forms share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from hub.web.views.emergencies import EmergencyBand

__all__ = [
    "NOTHING_TYPED",
    "ConfirmPage",
    "ErrorPage",
    "Form",
    "Frame",
    "LoginPage",
    "Message",
    "Newer",
    "NewerFact",
    "Notice",
    "StopFragment",
    "StopState",
    "Term",
    "Text",
    "Viewer",
]


@dataclass(frozen=True)
class Message:
    """A text of `hub.web.words` and what fills its `{fields}`; a field may itself be a `Message`."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """A code said with the word of its family in `hub.web.words`, or bare where there is none."""

    family: str
    code: str


Text = str | Message | Term


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who is logged in; `may` holds what the page offers them (the route still checks every call).

    Known abilities: `upload`, `write` (bulletins, schedules), `approve`, `emergency`, `stop`, `resume`,
    `orders` (mute, volume), `enrol`, `system`, `users`, `settings`, `audit`.
    """

    name: str
    roles: tuple[str, ...]
    may: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class StopState:
    """A stop in force: who, since when, and the nodes that have not confirmed silence, by name.

    `nodes` counts the stopped ones and is shown when the stop is not `everywhere`.
    """

    by: str
    since: datetime
    everywhere: bool = True
    nodes: int = 0
    unconfirmed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message after an action; kind is `done`, `warning` or `problem`."""

    kind: str
    text: Text
    details: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewerFact:
    """One thing that was saved, and whether it `differs` from the form's; a list where `ordered`."""

    label: Text
    says: tuple[Text, ...]
    differs: bool = False
    ordered: bool = False


@dataclass(frozen=True, kw_only=True)
class Newer:
    """What was saved while a form stood open: `by` whom (empty for the viewer), when (None where nobody
    knows), and `keep`, the address of the page that shows it alone.
    """

    by: str = ""
    at: datetime | None = None
    facts: tuple[NewerFact, ...]
    keep: str


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What every page shows around its own content.

    `path` is the request's path and query, for the language switch and the return address of orders.
    `clock` is the hub's trust in its own clock: `synced`, `holdover`, `untrusted`. `every_hour` says that
    the house rules allow any hour (the demo village), `disk_full` that the hub stores nothing but orders.
    `to_approve` counts the bulletins that wait for the viewer, where they may approve. `emergencies` are
    those that run.
    """

    lang: str
    site: str
    zone: ZoneInfo
    now: datetime
    path: str = "/"
    clock: str = "untrusted"
    viewer: Viewer | None = None
    csrf: str = ""
    stop: StopState | None = None
    every_hour: bool = False
    disk_full: bool = False
    notice: Notice | None = None
    to_approve: int = 0
    emergencies: tuple["EmergencyBand", ...] = ()

    def may(self, ability: str) -> bool:
        return self.viewer is not None and ability in self.viewer.may


@dataclass(frozen=True, kw_only=True)
class Form:
    """What was typed and what is wrong with it, by field name; the page shows both, so nothing typed is
    lost.
    """

    values: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, Text] = field(default_factory=dict)

    def value(self, name: str, default: str = "") -> str:
        found = self.values.get(name, default)
        if isinstance(found, str):
            return found
        return found[0] if found else default

    def chosen(self, name: str) -> tuple[str, ...]:
        """Every value of a field that repeats (checkboxes, an ordered list)."""
        found = self.values.get(name, ())
        return (found,) if isinstance(found, str) else tuple(found)


NOTHING_TYPED = Form()


@dataclass(frozen=True, kw_only=True)
class LoginPage:
    """POST /login: `name`, `password`, `next`. `throttled_s` is how long the next try must wait.

    `kept` are the fields of a form that came after the session had ended, to be sent again to `kept_for`.
    """

    template: ClassVar[str] = "login.html"
    form: Form = NOTHING_TYPED
    expired: bool = False
    refused: bool = False
    throttled_s: int = 0
    next: str = "/"
    kept: tuple[tuple[str, str], ...] = ()
    kept_for: str = ""


@dataclass(frozen=True, kw_only=True)
class ConfirmPage:
    """A question that posts `fields` to `action` when answered yes, or leads `back` when answered `no` (in
    the words of forms if None); `danger` paints the button red."""

    template: ClassVar[str] = "confirm.html"
    question: Text
    consequences: tuple[Text, ...] = ()
    action: str
    fields: tuple[tuple[str, str], ...] = ()
    yes: Text
    no: Text | None = None
    back: str = "/"
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class StopFragment:
    """GET /stop/live, on the events `orders` and `nodes`: the strip that names a stop in force and who has
    not confirmed (reads `frame.stop`).
    """

    template: ClassVar[str] = "fragments/stop.html"


@dataclass(frozen=True, kw_only=True)
class ErrorPage:
    """403, 404, 405, 409, 413, 422, 429, 500, 503; `happened` overrides the status's own sentence,
    `reference` is for the log, `back` the address that its person came from.

    `damaged`: the hub's file is ruined, and no other page opens either.
    """

    template: ClassVar[str] = "error.html"
    status: int
    happened: Text | None = None
    details: tuple[Text, ...] = ()
    reference: str = ""
    back: str = ""
    damaged: bool = False
