"""Bản ghi: upload, follow the preparation, look and listen."""

from pathlib import PurePath

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from hub import words
from hub.errors import Conflict, Invalid, Problem, Refused, TooLarge
from hub.people.roles import MAKERS
from hub.titles import tidy
from hub.uploads import MB
from hub.web.access import CSRF_FIELD, CSRF_HEADER, check_csrf
from hub.web.multipart import ReceivedForm, received_form
from hub.web.pages.page import Page, PageOf, Typed, UploadPageOf
from hub.web.pages.rows import recording_row
from hub.web.views import (
    ConfirmPage,
    Message,
    Notice,
    RecordingFragment,
    RecordingPage,
    RecordingsFragment,
    RecordingsPage,
)

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_LISTED = 100
_MOST_FILES = 20
_LONGEST_OWN = 150
_LONGEST_TITLE = 200
_FIELDS = {"file": "files"}


@router.get("/recordings")
def recordings(page: PageOf) -> Response:
    """The upload form and the newest recordings."""
    return _list(page, Typed())


@router.get("/recordings/live")
def list_live(page: PageOf) -> Response:
    """The list alone."""
    return page.show(_rows(page))


@router.post("/recordings")
async def upload(request: Request, page: UploadPageOf) -> Response:
    """Take files in; each is prepared on its own."""
    library = page.parts.library
    try:
        async with received_form(
            request,
            new_upload=lambda: library.new_upload(page.actor),
            limit_bytes=library.limit_bytes,
            most_files=_MOST_FILES,
        ) as form:
            check_csrf(page.caller.session, form.text(CSRF_FIELD) or request.headers.get(CSRF_HEADER))
            return await run_in_threadpool(_keep, page, form)
    except (Invalid, TooLarge) as error:
        return await run_in_threadpool(_list, page, Typed(), error)


@router.get("/recordings/{recording}")
def recording(page: PageOf, recording: str) -> Response:
    """One recording: shape, loudness before and after, what to note."""
    return _one(page, recording)


@router.get("/recordings/{recording}/delete")
def ask_to_delete(page: PageOf, recording: str) -> Response:
    """The question before a recording goes."""
    page.actor.must(*MAKERS)
    found = page.parts.library.recording(recording)
    view = ConfirmPage(
        question=Message("recordings.delete_question", {"title": found.title}),
        consequences=(Message("recordings.delete_effect", {"file": found.file_name}),),
        action=f"/recordings/{recording}/delete",
        yes=Message("recordings.delete"),
        back=f"/recordings/{recording}",
        danger=True,
    )
    used = page.parts.bulletins.used_in(recording)
    return _one(page, recording, status=409) if used else page.show(view)


@router.post("/recordings/{recording}/delete")
def delete(page: PageOf, recording: str) -> Response:
    """It goes, unless bulletins are made of it: they are named."""
    try:
        page.parts.library.delete(page.actor, recording)
    except Conflict as error:
        notice = Notice(kind="problem", text=page.said(error.problems[0]))
        return _one(page, recording, notice=notice, status=409)
    return page.go("/recordings", done="recording_deleted")


@router.get("/recordings/{recording}/live")
def recording_live(page: PageOf, recording: str) -> Response:
    """The part of it that changes."""
    return page.show(_detail(page, recording))


def _one(page: Page, recording: str, *, notice: Notice | None = None, status: int = 200) -> Response:
    used = tuple(page.parts.bulletins.used_in(recording))
    view = RecordingPage(detail=_detail(page, recording), used_in=used)
    return page.show(view, notice=notice, status=status)


def _keep(page: Page, form: ReceivedForm) -> Response:
    typed = Typed(form.fields)
    files = [file for file in form.files if file.field == "files" and (file.name or file.upload.bytes)]
    title, language = typed.text("title"), typed.text("language", "vi")
    library = page.parts.library
    titles = [_title(title, file.name, alone=len(files) == 1) for file in files]
    problems = [
        problem
        for each in titles or [title or "–"]
        for problem in library.check(title=each, language=language)
    ]
    problems += [
        Problem("file_empty", "file", {"name": file.name}) for file in files if not file.upload.bytes
    ]
    if not files:
        problems.append(Problem("file_missing", "file"))
    if problems:
        return _list(page, typed, Invalid(*problems))
    kept = [
        library.add(page.actor, title=each, language=language, file_name=file.name, upload=file.upload)
        for each, file in zip(titles, files, strict=True)
    ]
    cut = "_cut" if any(_is_cut(title, file.name, alone=len(files) == 1) for file in files) else ""
    if len(kept) == 1:
        return page.go(f"/recordings/{kept[0].id}", done=f"recording{cut}")
    return page.go("/recordings", done=f"recordings{cut}")


def _title(title: str, file_name: str, *, alone: bool) -> str:
    """What a file is called: as typed, or after the file; several files never share one title."""
    own = _stem(file_name)[:_LONGEST_OWN] or "–"
    if not title:
        return own
    return title if alone else f"{title} – {own}"[:_LONGEST_TITLE]


def _is_cut(title: str, file_name: str, *, alone: bool) -> bool:
    """Whether a title could not take the whole of its file's name."""
    if title and alone:
        return False
    own = _stem(file_name)
    return len(own) > _LONGEST_OWN or (bool(title) and len(f"{title} – {own}") > _LONGEST_TITLE)


def _stem(file_name: str) -> str:
    return tidy(PurePath(file_name.replace("\\", "/")).stem.replace("_", " "))


def _list(page: Page, typed: Typed, refused: Refused | None = None) -> Response:
    library = page.parts.library
    view = RecordingsPage(
        list=_rows(page),
        form=typed.form(refused, lang=page.lang, renamed=_FIELDS),
        max_mb=library.limit_bytes // MB,
        max_minutes=round(library.limit_s / 60),
    )
    status = 200 if refused is None else 413 if isinstance(refused, TooLarge) else 422
    return page.show(view, status=status)


def _rows(page: Page) -> RecordingsFragment:
    found = page.parts.library.recordings(limit=_LISTED)
    return RecordingsFragment(rows=tuple(recording_row(each, page.lang) for each in found))


def _detail(page: Page, recording: str) -> RecordingFragment:
    found = page.parts.library.recording(recording)
    row, result = recording_row(found, page.lang), found.result
    used = bool(page.parts.bulletins.used_in(recording))
    if result is None:
        return RecordingFragment(row=row, file_name=found.file_name, used=used)
    return RecordingFragment(
        row=row,
        used=used,
        peaks=found.shape,
        before_lufs=result.before_lufs,
        after_lufs=result.integrated_lufs,
        before_dbtp=result.before_dbtp,
        after_dbtp=result.true_peak_dbtp,
        sound_url=f"/media/{result.sha256}.opus",
        file_name=found.file_name,
        sha256=result.sha256,
        warnings=tuple(words.say(each.code, each.facts, page.lang) for each in result.warnings),
    )
