"""The form of a bulletin: a new draft, or what a draft says, also after somebody else has saved it."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Literal, TypedDict

from fastapi import APIRouter
from starlette.responses import Response

from hub.errors import Conflict, Invalid, NotFound
from hub.store.bulletins import Bulletin
from hub.store.recordings import Recording
from hub.web.pages.newer import newer_of
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.views import BulletinFormPage, Message, Newer, NewerFact, Notice, RecordingChoice, Term, Text

__all__ = ["choice_of", "router"]

router = APIRouter(include_in_schema=False)

_LISTED = 200


class _Fields(TypedDict):
    title: str
    priority: str
    language: str
    recordings: tuple[str, ...]


@router.get("/bulletins/new")
def new(page: PageOf, recording: str = "") -> Response:
    """An empty form, or one that begins with a recording."""
    if not recording:
        return _form(page, Typed())
    found = page.parts.library.recording(recording)
    said = {"recordings": [found.id], "title": [found.title], "language": [found.language]}
    return _form(page, Typed(said))


@router.post("/bulletins")
def create(page: PageOf, typed: TypedIn) -> Response:
    """Store a new draft."""
    try:
        made = page.parts.bulletins.create(page.actor, **_fields(typed))
    except Invalid as error:
        return _form(page, typed, error)
    return page.go(f"/bulletins/{made.id}", done="bulletin_saved")


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
    return _form(page, Typed(said), of=found)


@router.post("/bulletins/{bulletin}")
def change(page: PageOf, typed: TypedIn, bulletin: str) -> Response:
    """Store what a draft now says, unless somebody saved it since this form was opened."""
    revision = typed.number("revision", 0) or 0
    try:
        page.parts.bulletins.change(page.actor, bulletin, revision=revision, **_fields(typed))
    except Invalid as error:
        return _form(page, typed, error, of=page.parts.bulletins.bulletin(bulletin), revision=revision)
    except Conflict:
        return _overtaken(page, typed, page.parts.bulletins.bulletin(bulletin))
    except NotFound:
        return _as_new(page, typed, Message("bulletins.deleted"))
    return page.go(f"/bulletins/{bulletin}", done="bulletin_saved")


def _overtaken(page: Page, typed: Typed, found: Bulletin) -> Response:
    """What was typed, beside what stands now; in a form for a new draft where this is a draft no more."""
    if found.state == "draft":
        return _form(page, typed, of=found, newer=_newer(page, typed, found), status=409)
    return _as_new(page, typed, Message("bulletins.no_draft", {"state": Term("bulletin_state", found.state)}))


def _as_new(page: Page, typed: Typed, why: Message) -> Response:
    return _form(page, typed, notice=Notice(kind="warning", text=why), status=409)


def _newer(page: Page, typed: Typed, found: Bulletin) -> Newer:
    fields = _fields(typed)
    made_of = tuple(each.id for each in found.recordings)

    def fact(name: Literal["title", "priority", "language"], says: Text) -> NewerFact:
        return NewerFact(
            label=Message(f"bulletins.{name}"), says=(says,), differs=fields[name] != getattr(found, name)
        )

    return newer_of(
        page,
        found.changed or found.created,
        fact("title", found.title),
        fact("priority", Term("priority", found.priority.value)),
        fact("language", Term("language", found.language)),
        NewerFact(
            label=Message("bulletins.recordings"),
            says=tuple(each.title for each in found.recordings),
            differs=fields["recordings"] != made_of,
            ordered=True,
        ),
        keep=f"/bulletins/{found.id}",
    )


def _fields(typed: Typed) -> _Fields:
    return {
        "title": typed.text("title"),
        "priority": typed.text("priority", "routine"),
        "language": typed.text("language", "vi"),
        "recordings": typed.all("recordings"),
    }


def _form(
    page: Page,
    typed: Typed,
    refused: Invalid | None = None,
    *,
    of: Bulletin | None = None,
    revision: int | None = None,
    newer: Newer | None = None,
    notice: Notice | None = None,
    status: int | None = None,
) -> Response:
    """`revision` is that of `of` if None."""
    ready = page.parts.library.recordings(limit=_LISTED, state="ready")
    choices = {each.id: each for each in [*ready, *_known(page, typed.all("recordings"))]}
    now = of.revision if of else 0
    view = BulletinFormPage(
        choices=tuple(map(choice_of, choices.values())),
        form=typed.form(refused, lang=page.lang),
        id=of.id if of else None,
        revision=now if revision is None else revision,
        newer=newer,
    )
    return page.show(view, status=status or (422 if refused else 200), notice=notice)


def _known(page: Page, ids: tuple[str, ...]) -> Iterator[Recording]:
    for each in ids[:_LISTED]:
        with suppress(NotFound):
            yield page.parts.library.recording(each)


def choice_of(recording: Recording) -> RecordingChoice:
    """A recording as one that a bulletin may hold."""
    return RecordingChoice(
        id=recording.id,
        title=recording.title,
        duration_ms=recording.result.duration_ms if recording.result else 0,
        language=recording.language,
        sound_url=f"/media/{recording.result.sha256}.opus" if recording.result else None,
    )
