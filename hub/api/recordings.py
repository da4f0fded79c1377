"""/api/v1/recordings: send sound in, follow its preparation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from pydantic.config import JsonDict
from starlette.concurrency import run_in_threadpool

from hub import words
from hub.api.base import ActorDep, LanguageDep, LimitQuery, PartsDep, answers
from hub.errors import Invalid, Problem
from hub.library import Library
from hub.people.roles import MAKERS, Actor
from hub.store.recordings import Recording, Said
from hub.web.multipart import ReceivedForm, received_form

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/recordings", tags=["recordings"], responses=answers())

_EXAMPLE: JsonDict = {
    "id": "5f0c8c9a1b2d3e4f",
    "title": "Thông báo lịch tiêm chủng",
    "language": "vi",
    "state": "ready",
    "progress": 1.0,
    "reason": None,
    "reason_code": None,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "bytes": 731204,
    "duration_ms": 61250,
    "integrated_lufs": -16.1,
    "true_peak_dbtp": -1.3,
    "before": {"integrated_lufs": -27.4, "true_peak_dbtp": -9.0},
    "warnings": [{"code": "trimmed", "detail": "Đã cắt khoảng lặng ở đầu 1,2 giây và ở cuối 0,8 giây."}],
    "file_name": "tiem-chung.mp3",
    "sound": "/media/9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.opus",
    "created_at": "2026-11-20T02:00:00Z",
    "created_by": "Cán bộ phát thanh",
}

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "title"],
                    "properties": {
                        "title": {"type": "string", "minLength": 1, "maxLength": 200},
                        "language": {"type": "string", "default": "vi"},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
}


class LoudnessOut(BaseModel):
    """Integrated loudness in LUFS and true peak in dBTP; null where there was nothing to measure."""

    integrated_lufs: float | None
    true_peak_dbtp: float | None


class WarningOut(BaseModel):
    """What the maker should know of a recording that is ready all the same."""

    code: str
    detail: str


class RecordingOut(BaseModel):
    """A recording. What preparing finds out is null until it is `ready`; `reason` says why it is `refused`.

    `progress` goes from 0 to 1. `sound` is where the prepared Opus file can be had.
    """

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: str
    title: str
    language: str
    state: Literal["preparing", "ready", "refused"]
    progress: float
    reason: str | None = None
    reason_code: str | None = None
    sha256: str | None = None
    bytes: int | None = None
    duration_ms: int | None = None
    integrated_lufs: float | None = None
    true_peak_dbtp: float | None = None
    before: LoudnessOut | None = None
    warnings: list[WarningOut] = []
    file_name: str
    sound: str | None = None
    created_at: datetime
    created_by: str


class RecordingWithShapeOut(RecordingOut):
    """`peaks` are up to 400 pairs (lowest, highest) from -127 to 127, evenly spread over the recording."""

    peaks: list[tuple[int, int]] = []


class RecordingsOut(BaseModel):
    """The newest first; `next` goes into `before` for the next page, null at the end."""

    items: list[RecordingOut]
    next: str | None


@router.post(
    "",
    status_code=201,
    response_model=RecordingOut,
    responses=answers(413, 422, 503),
    openapi_extra=_FORM,
    summary="Upload a recording",
)
async def upload(
    request: Request, response: Response, parts: PartsDep, actor: ActorDep, language: LanguageDep
) -> Any:
    """Store the file as it is and begin to prepare it. Clerks and approvers."""
    actor.must(*MAKERS)
    library = parts.library
    async with received_form(
        request, new_upload=lambda: library.new_upload(actor), limit_bytes=library.limit_bytes
    ) as form:
        recording = await run_in_threadpool(_added, library, actor, form)
    response.headers["Location"] = f"/api/v1/recordings/{recording.id}"
    return _out(recording, language)


@router.get("", response_model=RecordingsOut, responses=answers(422), summary="List recordings")
def recordings(
    parts: PartsDep,
    actor: ActorDep,
    language: LanguageDep,
    limit: LimitQuery = 50,
    before: str | None = None,
    state: Annotated[Literal["preparing", "ready", "refused"] | None, Query()] = None,
) -> Any:
    """The newest first, page by page."""
    found = parts.library.recordings(limit=limit, before=before, state=state or "")
    items = [_out(each, language) for each in found]
    return {"items": items, "next": found[-1].id if len(found) == limit else None}


@router.get(
    "/{recording}", response_model=RecordingWithShapeOut, responses=answers(404), summary="One recording"
)
def recording(recording: str, parts: PartsDep, actor: ActorDep, language: LanguageDep) -> Any:
    """How far its preparation is, and its result."""
    found = parts.library.recording(recording)
    return {**_out(found, language), "peaks": found.result.peaks if found.result else []}


@router.post(
    "/{recording}/retry", response_model=RecordingOut, responses=answers(404, 409), summary="Prepare again"
)
def retry(recording: str, parts: PartsDep, actor: ActorDep, language: LanguageDep) -> Any:
    """Prepare a recording again that the hub, not the file, failed. Clerks and approvers."""
    return _out(parts.library.prepare_again(actor, recording), language)


@router.delete("/{recording}", status_code=204, responses=answers(404, 409), summary="Delete a recording")
def delete(recording: str, parts: PartsDep, actor: ActorDep) -> None:
    """With its files, for good. Clerks and approvers; 409 names the bulletins that are made of it."""
    parts.library.delete(actor, recording)


def _added(library: Library, actor: Actor, form: ReceivedForm) -> Recording:
    title, spoken = form.text("title"), form.text("language", "vi")
    file = next((each for each in form.files if each.field == "file"), None)
    if file is None:
        raise Invalid(*library.check(title=title, language=spoken), Problem("file_missing", "file"))
    return library.add(actor, title=title, language=spoken, file_name=file.name, upload=file.upload)


def _out(recording: Recording, language: str) -> dict[str, Any]:
    return {
        "id": recording.id,
        "title": recording.title,
        "language": recording.language,
        "state": recording.state,
        "progress": round(recording.progress, 3),
        "file_name": recording.file_name,
        "created_at": recording.created_at,
        "created_by": recording.maker,
        **_reason_out(recording.reason, language),
        **_result_out(recording, language),
    }


def _reason_out(reason: Said | None, language: str) -> Mapping[str, Any]:
    if reason is None:
        return {}
    return {"reason": words.say(reason.code, reason.facts, language), "reason_code": reason.code}


def _result_out(recording: Recording, language: str) -> Mapping[str, Any]:
    result = recording.result
    if result is None:
        return {}
    return {
        "sha256": result.sha256,
        "bytes": result.bytes,
        "duration_ms": result.duration_ms,
        "integrated_lufs": _rounded(result.integrated_lufs),
        "true_peak_dbtp": _rounded(result.true_peak_dbtp),
        "before": {
            "integrated_lufs": _rounded(result.before_lufs),
            "true_peak_dbtp": _rounded(result.before_dbtp),
        },
        "warnings": [
            {"code": each.code, "detail": words.say(each.code, each.facts, language)}
            for each in result.warnings
        ],
        "sound": f"/media/{result.sha256}.opus",
    }


def _rounded(decibels: float | None) -> float | None:
    return None if decibels is None else round(decibels, 2)
