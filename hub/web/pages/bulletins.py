"""Bản tin: draft, submit, approve, send back, copy."""

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from hub.errors import Conflict, Invalid
from hub.people.roles import MAKERS
from hub.store.bulletins import Bulletin
from hub.web import formats
from hub.web.pages.bulletin_form import choice_of
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.views import BulletinPage, BulletinRow, BulletinsPage, ConfirmPage, Message, Notice

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_LISTED = 200
_STATES = ("draft", "submitted", "approved")


@router.get("/bulletins")
def bulletins(page: PageOf, state: str = "") -> Response:
    """The newest bulletins, all or of one state."""
    wanted = state if state in _STATES else ""
    found = page.parts.bulletins.bulletins(limit=_LISTED, state=wanted)
    return page.show(BulletinsPage(rows=tuple(map(_row, found)), state=wanted))


@router.get("/bulletins/{bulletin}")
def bulletin(page: PageOf, bulletin: str) -> Response:
    """One bulletin and what may be done with it."""
    return _show(page, bulletin, Typed())


@router.post("/bulletins/{bulletin}/submit")
def submit(page: PageOf, typed: TypedIn, bulletin: str) -> Response:
    """Hand it in."""
    seen = typed.number("revision", 0) or None
    return _done(
        page,
        bulletin,
        lambda: page.parts.bulletins.submit(page.actor, bulletin, revision=seen),
        done="bulletin_submitted",
    )


@router.post("/bulletins/{bulletin}/approve")
def approve(page: PageOf, typed: TypedIn, bulletin: str) -> Response:
    """Allow it to be broadcast."""
    seen = typed.number("revision", 0) or None
    return _done(
        page,
        bulletin,
        lambda: page.parts.bulletins.approve(page.actor, bulletin, revision=seen),
        done="bulletin_approved",
    )


@router.post("/bulletins/{bulletin}/return")
def send_back(page: PageOf, typed: TypedIn, bulletin: str) -> Response:
    """Make it a draft again, with a note."""
    note = typed.text("note")
    return _done(
        page,
        bulletin,
        lambda: page.parts.bulletins.send_back(page.actor, bulletin, note=note),
        typed=typed,
        done="bulletin_returned",
    )


@router.get("/bulletins/{bulletin}/delete")
def ask_to_delete(page: PageOf, bulletin: str) -> Response:
    """The question before a draft goes."""
    page.actor.must(*MAKERS)
    found = page.parts.bulletins.bulletin(bulletin)
    made = formats.moment(found.created.at, page.parts.now(), page.parts.site.zone, page.lang)
    view = ConfirmPage(
        question=Message("bulletins.delete_question", {"title": found.title}),
        consequences=(Message("bulletins.delete_effect", {"who": found.created.name, "when": made}),),
        action=f"/bulletins/{bulletin}/delete",
        fields=(("revision", str(found.revision)),),
        yes=Message("bulletins.delete"),
        back=f"/bulletins/{bulletin}",
        danger=True,
    )
    return page.show(view) if found.state == "draft" else _show(page, bulletin, Typed())


@router.post("/bulletins/{bulletin}/delete")
def delete(page: PageOf, typed: TypedIn, bulletin: str) -> Response:
    """The draft goes, unless it is one no more or was changed since."""
    seen = typed.number("revision", 0) or None
    return _done(
        page,
        bulletin,
        lambda: page.parts.bulletins.delete(page.actor, bulletin, revision=seen),
        to="/bulletins",
        done="bulletin_deleted",
    )


@router.post("/bulletins/{bulletin}/copy")
def copy(page: PageOf, bulletin: str) -> Response:
    """A new draft that says the same."""
    made = page.parts.bulletins.copy(page.actor, bulletin)
    return page.go(f"/bulletins/{made.id}/edit", done="bulletin_copied")


def _done(
    page: Page,
    bulletin: str,
    do: Callable[[], object],
    *,
    typed: Typed | None = None,
    to: str = "",
    done: str,
) -> Response:
    """What came of it; what stands in the way is told above the bulletin as it is now."""
    try:
        do()
    except Invalid as error:
        return _show(page, bulletin, typed or Typed(), error)
    except Conflict as error:
        first, *others = map(page.said, error.problems)
        notice = Notice(kind="problem", text=first, details=tuple(others))
        return _show(page, bulletin, typed or Typed(), notice=notice)
    return page.go(to or f"/bulletins/{bulletin}", done=done)


def _show(
    page: Page, id_: str, typed: Typed, refused: Invalid | None = None, *, notice: Notice | None = None
) -> Response:
    found = page.parts.bulletins.bulletin(id_)
    submitted, approved = found.submitted, found.approved
    is_own = page.parts.bulletins.is_own_work(page.actor, found)
    makers = {step.by for step in (found.created, submitted) if step}
    view = BulletinPage(
        row=_row(found),
        revision=found.revision,
        recordings=tuple(map(choice_of, found.recordings)),
        submitted_by=submitted.name if submitted else "",
        submitted_at=submitted.at if submitted else None,
        approved_by=approved.name if approved else "",
        approved_at=approved.at if approved else None,
        own=is_own,
        approved_own=approved is not None and approved.by in makers,
        returned=found.return_note,
        form=typed.form(refused, lang=page.lang),
        schedules=_schedules(page, id_),
    )
    return page.show(view, status=422 if refused else 409 if notice else 200, notice=notice)


def _schedules(page: Page, bulletin: str) -> tuple[tuple[str, str], ...]:
    zone = page.parts.site.zone
    return tuple(
        (kept.scheduled.id, f"{kept.scheduled.starts_at.astimezone(zone):%H:%M %d/%m/%Y}")
        for kept in page.parts.schedules.all()
        if kept.scheduled.bulletin == bulletin
    )


def _row(bulletin: Bulletin) -> BulletinRow:
    return BulletinRow(
        id=bulletin.id,
        title=bulletin.title,
        state=bulletin.state,
        priority=bulletin.priority.value,
        language=bulletin.language,
        duration_ms=bulletin.duration_ms,
        made_at=bulletin.created.at,
        made_by=bulletin.created.name,
    )
