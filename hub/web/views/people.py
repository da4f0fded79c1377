"""Users, the audit log, and the site's own rules."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hub.web.views.frame import NOTHING_TYPED, Form, Newer, Text
from hub.web.views.programme import OccurrenceRow

__all__ = [
    "AuditPage",
    "AuditRow",
    "ExceptionRow",
    "HouseRulesView",
    "SettingsPage",
    "UserFormPage",
    "UserRow",
    "UsersPage",
]


@dataclass(frozen=True, kw_only=True)
class UserRow:
    id: str
    name: str
    full_name: str
    roles: tuple[str, ...]
    active: bool = True
    last_seen: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class UsersPage:
    """GET /users."""

    template: ClassVar[str] = "users.html"
    rows: tuple[UserRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UserFormPage:
    """GET /users/new (POST /users) or GET /users/{id} (POST /users/{id}).

    Posts `name` (log-in name), `full_name`, `roles` (repeated), `password` (empty keeps the old one), and for
    an existing user `active` (`yes` when ticked) and the `revision` that it was opened at. `newer` is what
    another saved since (status 409), which `revision` then is that of. `password_again` says that a password
    was typed, which no page sends back.
    """

    template: ClassVar[str] = "user_form.html"
    form: Form = NOTHING_TYPED
    id: str | None = None
    min_password: int = 10
    revision: int = 0
    newer: Newer | None = None
    password_again: bool = False


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """Who did what, when, from where; `own_work` marks an approval of one's own work, `href` is its page."""

    at: datetime
    who: Text
    what: str
    about: Text = ""
    href: str = ""
    address: str = ""
    own_work: bool = False


@dataclass(frozen=True, kw_only=True)
class AuditPage:
    """GET /audit?who=&day=&before=: newest first; `older` is the address of the next page, empty at the
    end.
    """

    template: ClassVar[str] = "audit.html"
    rows: tuple[AuditRow, ...] = ()
    form: Form = NOTHING_TYPED
    older: str = ""


@dataclass(frozen=True, kw_only=True)
class HouseRulesView:
    """The rules in force: quiet hours as pairs of local HH:MM, half-open, none for every hour."""

    quiet: tuple[tuple[str, str], ...] = ()
    timezone: str = "Asia/Ho_Chi_Minh"
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ExceptionRow:
    """A schedule that may sound in quiet hours, and who allowed it by name."""

    schedule_id: str
    title: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    allowed_by: str


@dataclass(frozen=True, kw_only=True)
class SettingsPage:
    """GET /settings.

    POST /settings/house-rules: `quiet_from` and `quiet_to` (HH:MM, repeated in pairs; empty pairs to be
    dropped), `every_hour` (`yes` when ticked: there are no quiet hours) and the `revision` that the form was
    opened at. An error of either hour is named `quiet`. `newer` is what another saved since (status 409).
    `breaking` is what is scheduled already against the rules in force.
    """

    template: ClassVar[str] = "settings.html"
    rules: HouseRulesView
    exceptions: tuple[ExceptionRow, ...] = ()
    breaking: tuple[OccurrenceRow, ...] = ()
    form: Form = NOTHING_TYPED
    revision: int = 1
    newer: Newer | None = None
