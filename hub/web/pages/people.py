"""Người dùng and Nhật ký: accounts and roles; who did what."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from hub.errors import Conflict, Invalid, Problem, Refused
from hub.people.passwords import MIN_LENGTH
from hub.people.roles import AUDIT_READERS, Role
from hub.store import audit
from hub.store.people import Account
from hub.web.pages.audit_words import about, names_of, page_of
from hub.web.pages.newer import newer_of
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.views import (
    AuditPage,
    AuditRow,
    Message,
    Newer,
    NewerFact,
    Term,
    UserFormPage,
    UserRow,
    UsersPage,
)

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_FIELDS = {"login": "name", "name": "full_name"}
_AUDIT_ROWS = 100

BeforeQuery = Annotated[int | None, Query(ge=1, le=2**62)]


@router.get("/users")
def users(page: PageOf) -> Response:
    """Every account."""
    rows = (
        UserRow(
            id=account.person.id,
            name=account.person.login,
            full_name=account.person.name,
            roles=tuple(role.value for role in Role if role in account.person.roles),
            active=account.active,
            last_seen=account.seen_at,
        )
        for account in page.parts.people.accounts(page.actor)
    )
    return page.show(UsersPage(rows=tuple(rows)))


@router.get("/users/new")
def new(page: PageOf) -> Response:
    """The form."""
    page.actor.must(Role.ADMINISTRATOR)
    return _form(page, Typed())


@router.post("/users")
def create(page: PageOf, typed: TypedIn) -> Response:
    """Make an account."""
    page.actor.must(Role.ADMINISTRATOR)
    try:
        page.parts.people.create(
            page.actor,
            login=typed.text("name"),
            name=typed.text("full_name"),
            roles=typed.all("roles"),
            password=_password(typed) or "",
        )
    except (Invalid, Conflict) as error:
        return _form(page, typed, refused=error)
    return page.go("/users", done="user_saved")


@router.get("/users/{user}")
def edit(page: PageOf, user: str) -> Response:
    """The form of one account."""
    page.actor.must(Role.ADMINISTRATOR)
    known = page.parts.people.account(page.actor, user)
    said = {
        "name": [known.person.login],
        "full_name": [known.person.name],
        "roles": [role.value for role in known.person.roles],
        "active": ["yes" if known.active else "no"],
    }
    return _form(page, Typed(said), id_=user, revision=known.revision)


@router.post("/users/{user}")
def change(page: PageOf, typed: TypedIn, user: str) -> Response:
    """Change an account, and its password if one was typed, unless somebody saved it since."""
    page.actor.must(Role.ADMINISTRATOR)
    people = page.parts.people
    known = people.account(page.actor, user)
    revision = typed.number("revision", 0) or 0
    if typed.text("name") != known.person.login:
        fixed = Problem("login_fixed", "login", {"login": known.person.login})
        return _form(page, typed, refused=Invalid(fixed), id_=user, revision=revision)
    try:
        people.change(
            page.actor,
            user,
            name=typed.text("full_name"),
            roles=typed.all("roles"),
            active=typed.text("active") == "yes",
            password=_password(typed) or None,
            revision=revision,
        )
    except (Invalid, Conflict) as error:
        newer = page.parts.people.account(page.actor, user)
        if newer.revision != revision and isinstance(error, Conflict):
            return _form(page, typed, id_=user, newer=newer, revision=newer.revision)
        return _form(page, typed, refused=error, id_=user, revision=revision)
    return page.go("/users", done="user_saved")


@router.get("/audit")
def audit_log(page: PageOf, who: str = "", day: str = "", before: BeforeQuery = None) -> Response:
    """Who did what, newest first."""
    page.actor.must(*AUDIT_READERS)
    typed = Typed({"who": [who], "day": [day]})
    since, until, problem = _day(page, day)
    found = audit.entries(
        page.parts.store.read(),
        limit=_AUDIT_ROWS,
        before=before,
        who=who.strip(),
        since=since,
        until=until,
    )
    names = names_of(page.parts)
    rows = (
        AuditRow(
            at=entry.at,
            who=Message("audit.system") if entry.who == audit.SYSTEM else entry.name,
            what=entry.action,
            about=about(entry, names),
            href=page_of(entry),
            address=entry.address or str(entry.detail.get("address", "")),
            own_work=entry.own_work,
        )
        for entry in found
    )
    older = ""
    if len(found) == _AUDIT_ROWS:
        older = "/audit?" + urlencode({"who": who, "day": day, "before": found[-1].id})
    return page.show(AuditPage(rows=tuple(rows), form=typed.form(problem, lang=page.lang), older=older))


def _day(page: Page, text: str) -> tuple[datetime | None, datetime | None, Invalid | None]:
    """The instants, in UTC, at which a day of the site begins and ends."""
    if not text:
        return None, None, None
    try:
        start = datetime.combine(date.fromisoformat(text), time.min, tzinfo=page.parts.site.zone)
        return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC), None
    except (ValueError, OverflowError):
        return None, None, Invalid(Problem("date_needed", "day", {"found": text[:20]}))


def _password(typed: Typed) -> str:
    return next(iter(typed.values.get("password", ())), "")


def _form(
    page: Page,
    typed: Typed,
    *,
    refused: Refused | None = None,
    id_: str | None = None,
    revision: int = 0,
    newer: Account | None = None,
) -> Response:
    values = dict(typed.values)
    if (refused is not None or newer is not None) and id_ and "active" not in values:
        values["active"] = ["no"]
    form = Typed(values).form(refused, lang=page.lang, renamed=_FIELDS)
    view = UserFormPage(
        form=form,
        id=id_,
        min_password=MIN_LENGTH,
        revision=revision,
        newer=_newer(page, Typed(values), newer) if newer else None,
        password_again=bool(_password(typed)) and "password" not in form.errors,
    )
    status = 409 if newer or isinstance(refused, Conflict) else 422 if refused else 200
    return page.show(view, status=status)


def _newer(page: Page, typed: Typed, found: Account) -> Newer:
    roles = tuple(role.value for role in Role if role in found.person.roles)
    state = "users.may_login" if found.active else "users.blocked"
    return newer_of(
        page,
        found.changed,
        NewerFact(
            label=Message("users.full_name"),
            says=(found.person.name,),
            differs=typed.text("full_name") != found.person.name,
        ),
        NewerFact(
            label=Message("users.roles"),
            says=tuple(Term("role", role) for role in roles),
            differs=set(typed.all("roles")) != set(roles),
        ),
        NewerFact(
            label=Message("users.state"),
            says=(Message(state),),
            differs=(typed.text("active") == "yes") != found.active,
        ),
        keep=f"/users/{found.person.id}",
    )
