"""Người dùng and Nhật ký: accounts and roles; who did what."""

from datetime import date, datetime, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from edge.wire.orders import AUDIENCE_ALL
from hub.errors import Conflict, Invalid, Problem, Refused
from hub.people.passwords import MIN_LENGTH
from hub.people.roles import AUDIT_READERS, Role
from hub.store import audit
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.views import AuditPage, AuditRow, Message, Text, UserFormPage, UserRow, UsersPage

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_FIELDS = {"login": "name", "name": "full_name"}
_AUDIT_ROWS = 100


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
    return _form(page, Typed(said), id_=user)


@router.post("/users/{user}")
def change(page: PageOf, typed: TypedIn, user: str) -> Response:
    """Change an account, and its password if one was typed."""
    page.actor.must(Role.ADMINISTRATOR)
    people = page.parts.people
    known = people.account(page.actor, user)
    if typed.text("name") != known.person.login:
        fixed = Problem("login_fixed", "login", {"login": known.person.login})
        return _form(page, typed, refused=Invalid(fixed), id_=user)
    try:
        people.change(
            page.actor,
            user,
            name=typed.text("full_name"),
            roles=typed.all("roles"),
            active=typed.text("active") == "yes",
        )
        if password := _password(typed):
            people.reset_password(page.actor, user, password=password)
    except (Invalid, Conflict) as error:
        return _form(page, typed, refused=error, id_=user)
    return page.go("/users", done="user_saved")


@router.get("/audit")
def audit_log(page: PageOf, who: str = "", day: str = "", before: int | None = None) -> Response:
    """Who did what, newest first."""
    page.actor.must(*AUDIT_READERS)
    typed = Typed({"who": [who], "day": [day]})
    since, problem = _day(page, day)
    found = audit.entries(
        page.parts.store.read(),
        limit=_AUDIT_ROWS,
        before=before,
        who=who.strip(),
        since=since,
        until=since + timedelta(days=1) if since else None,
    )
    rows = (
        AuditRow(
            at=entry.at,
            who=Message("audit.system") if entry.who == audit.SYSTEM else entry.name,
            what=entry.action,
            about=_about(entry.what),
            address=entry.address,
            own_work=entry.own_work,
        )
        for entry in found
    )
    older = f"/audit?who={who}&day={day}&before={found[-1].id}" if len(found) == _AUDIT_ROWS else ""
    return page.show(AuditPage(rows=tuple(rows), form=typed.form(problem, lang=page.lang), older=older))


def _about(what: str) -> Text:
    """The readable part of `kind:id title`; an order's is the audience it went to."""
    kind, _, title = what.partition(" ")
    if title == AUDIENCE_ALL and kind.startswith("order:"):
        return Message("audit.all")
    return title or kind.partition(":")[2]


def _day(page: Page, text: str) -> tuple[datetime | None, Invalid | None]:
    if not text:
        return None, None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, Invalid(Problem("date_needed", "day", {"found": text[:20]}))
    return datetime.combine(day, datetime.min.time(), tzinfo=page.parts.site.zone), None


def _password(typed: Typed) -> str:
    return next(iter(typed.values.get("password", ())), "")


def _form(page: Page, typed: Typed, *, refused: Refused | None = None, id_: str | None = None) -> Response:
    values = dict(typed.values)
    if refused is not None and id_ and "active" not in values:
        values["active"] = ["no"]
    form = Typed(values).form(refused, lang=page.lang, renamed=_FIELDS)
    view = UserFormPage(form=form, id=id_, min_password=MIN_LENGTH)
    status = 200 if refused is None else 409 if isinstance(refused, Conflict) else 422
    return page.show(view, status=status)
