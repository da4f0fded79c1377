"""Bản tin: draft, submit, approve, send back, copy."""

from typing import TypedDict

from fastapi import APIRouter
from starlette.responses import Response

from hub.errors import Invalid
from hub.store.bulletins import Bulletin
from hub.store.recordings import Recording
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.views import (
    BulletinFormPage,
    BulletinPage,
    BulletinRow,
    BulletinsPage,
    RecordingChoice,
)

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_LISTED = 200
_STATES = ("draft", "submitted", "approved")


class _Fields(TypedDict):
    title: str
    priority: str
    language: str
    recordings: tuple[str, ...]


@router.get("/bulletins")
def bulletins(page: PageOf, state: str = "") -> Response:
    """The newest bulletins, all or of one state."""
    wanted = state if state in _STATES else ""
    found = page.parts.bulletins.bulletins(limit=_LISTED, state=wanted)
    return page.show(BulletinsPage(rows=tuple(map(_row, found)), state=wanted))


@router.get("/bulletins/new")
def new(page: PageOf, recording: str = "") -> Response:
    """An empty form, or one that begins with a recording."""
    if not recording:
        return _form(page, Typed())
    found = page.parts.library.recording(recording)
    return _form(
        page, Typed({"recordings": [found.id], "title": [found.title], "language": [found.language]})
    )


@router.post("/bulletins")
def create(page: PageOf, typed: TypedIn) -> Response:
    """Store a new draft."""
    try:
        made = page.parts.bulletins.create(page.actor, **_fields(typed))
    except Invalid as error:
        return _form(page, typed, error)
    return page.go(f"/bulletins/{made.id}", done="bulletin_saved")


@router.get("/bulletins/{bulletin}")
def bulletin(page: PageOf, bulletin: str) -> Response:
    """One bulletin and what may be done with it."""
    return _show(page, bulletin, Typed())


@router.get("/bulletins/{bulletin}/edit")
def edit(page: PageOf, bulletin: str) -> Response:
    """The form with what a draft says."""
    found = page.parts.bulletins.bulletin(bulletin)
    said = {
        "title": [found.title],
        "priority": [found.priority.value],
        "language": [found.language],
        "recordings": [each.id for each in found.recordings],
    }
    return _form(page, Typed(said), id_=found.id)


@router.post("/bulletins/{bulletin}")
def change(page: PageOf, typed: TypedIn, bulletin: str) -> Response:
    """Store what a draft now says."""
    try:
        page.parts.bulletins.change(page.actor, bulletin, **_fields(typed))
    except Invalid as error:
        return _form(page, typed, error, id_=bulletin)
    return page.go(f"/bulletins/{bulletin}", done="bulletin_saved")


@router.post("/bulletins/{bulletin}/submit")
def submit(page: PageOf, bulletin: str) -> Response:
    """Hand it in."""
    page.parts.bulletins.submit(page.actor, bulletin)
    return page.go(f"/bulletins/{bulletin}", done="bulletin_submitted")


@router.post("/bulletins/{bulletin}/approve")
def approve(page: PageOf, bulletin: str) -> Response:
    """Allow it to be broadcast."""
    page.parts.bulletins.approve(page.actor, bulletin)
    return page.go(f"/bulletins/{bulletin}", done="bulletin_approved")


@router.post("/bulletins/{bulletin}/return")
def send_back(page: PageOf, typed: TypedIn, bulletin: str) -> Response:
    """Make it a draft again, with a note."""
    try:
        page.parts.bulletins.send_back(page.actor, bulletin, note=typed.text("note"))
    except Invalid as error:
        return _show(page, bulletin, typed, error)
    return page.go(f"/bulletins/{bulletin}", done="bulletin_returned")


@router.post("/bulletins/{bulletin}/copy")
def copy(page: PageOf, bulletin: str) -> Response:
    """A new draft that says the same."""
    made = page.parts.bulletins.copy(page.actor, bulletin)
    return page.go(f"/bulletins/{made.id}/edit", done="bulletin_copied")


def _fields(typed: Typed) -> _Fields:
    return {
        "title": typed.text("title"),
        "priority": typed.text("priority", "routine"),
        "language": typed.text("language", "vi"),
        "recordings": typed.all("recordings"),
    }


def _form(page: Page, typed: Typed, refused: Invalid | None = None, *, id_: str | None = None) -> Response:
    ready = page.parts.library.recordings(limit=_LISTED, state="ready")
    chosen = set(typed.all("recordings")) - {each.id for each in ready}
    older = [page.parts.library.recording(each) for each in sorted(chosen)] if refused is None else []
    view = BulletinFormPage(
        choices=tuple(map(_choice, [*ready, *older])),
        form=typed.form(refused, lang=page.lang),
        id=id_,
    )
    return page.show(view, status=422 if refused else 200)


def _show(page: Page, id_: str, typed: Typed, refused: Invalid | None = None) -> Response:
    found = page.parts.bulletins.bulletin(id_)
    submitted, approved = found.submitted, found.approved
    is_own = page.parts.bulletins.is_own_work(page.actor, found)
    makers = {step.by for step in (found.created, submitted) if step}
    view = BulletinPage(
        row=_row(found),
        recordings=tuple(map(_choice, found.recordings)),
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
    return page.show(view, status=422 if refused else 200)


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


def _choice(recording: Recording) -> RecordingChoice:
    return RecordingChoice(
        id=recording.id,
        title=recording.title,
        duration_ms=recording.result.duration_ms if recording.result else 0,
        language=recording.language,
        sound_url=f"/media/{recording.result.sha256}.opus" if recording.result else None,
    )
