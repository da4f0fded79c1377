"""/media: prepared recordings for nodes and people, and the sounds that nodes send of their plays."""

import base64
import binascii
import secrets
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import FileResponse

from hub.api.base import PartsDep, answers
from hub.certification import Certification
from hub.errors import Forbidden, Invalid, NotFound, Problem, TooLarge, Unauthenticated
from hub.front import Presented, presented
from hub.parts import Parts
from hub.people.sessions import hash_of
from hub.sounds import Sounds, node_of_play
from hub.store import nodes
from hub.store.database import Store
from hub.titles import readable
from hub.uploads import MB
from hub.web.access import address_of, caller_of

__all__ = ["node_of", "router"]

router = APIRouter(prefix="/media", tags=["media"])

FIRST_SAMPLE_HEADER = "Loa-First-Sample"
_FIRST_YEAR, _LAST_YEAR = 1970, 9000

_OPUS = {"content": {"audio/ogg": {}}, "description": "Opus in Ogg, 48 kHz mono; whole."}
_PART = {"content": {"audio/ogg": {}}, "description": "The range that was asked for."}


def node_of(request: Request, parts: Parts) -> str | None:
    """The node that calls: by its certificate where [tls] is, else by HTTP Basic (its name and secret); None
    when nobody tried.

    Raises `Unauthenticated` (`node_refused`) for what does not hold and for a node that is not in service.
    """
    if parts.certification is not None:
        shown = presented(request.scope)
        return _by_certificate(request, parts, parts.certification, shown) if shown else None
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    return _by_secret(credentials, parts.store) if scheme.lower() == "basic" else None


def _by_certificate(request: Request, parts: Parts, certification: Certification, shown: Presented) -> str:
    node = certification.holder(shown.serial, shown.subject) if shown.holds else None
    if node is None:
        whose = certification.former_holder(shown.serial) if shown.holds else None
        reason = f"{whose}: revoked" if whose else shown.verdict
        parts.alarm("certificate_refused", f"{address_of(request)}: {reason}")
        raise Unauthenticated(Problem("node_refused"))
    return node


def _by_secret(credentials: str, store: Store) -> str:
    try:
        name, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unauthenticated(Problem("node_refused")) from error
    known = nodes.secret_hash(store.read(), name)  # empty for a node that has a certificate instead
    if not secrets.compare_digest(hash_of(secret), known or hash_of("")) or not known:
        raise Unauthenticated(Problem("node_refused"))
    return name


@router.head("/{sha256}.opus", include_in_schema=False)
@router.get(
    "/{sha256}.opus",
    response_class=FileResponse,
    responses={200: _OPUS, 206: _PART, **answers(404)},
    summary="A prepared recording",
)
def recording(sha256: str, request: Request, parts: PartsDep) -> Any:
    """For nodes and people. Ranges and If-Range are served: a name's content never changes."""
    if node_of(request, parts) is None:
        caller_of(request)
    path = parts.library.path_of(sha256)
    if path is None:
        raise NotFound(Problem("media_unknown", facts={"sha256": sha256[:64]}))
    headers = {
        "ETag": f'"{sha256}"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(path, media_type="audio/ogg", headers=headers)


@router.put(
    "/sounds/{play_id}",
    status_code=204,
    responses=answers(413, 422, 503),
    summary="The sound of a play, from its node",
    openapi_extra={"requestBody": {"required": True, "content": {"audio/wav": {}}}},
)
async def keep_sound(play_id: str, request: Request, parts: PartsDep) -> None:
    """A WAV, and the instant of its first sample in `Loa-First-Sample`. Only from the play's own node."""
    await run_in_threadpool(_must_be_from, request, parts, play_id)
    first_sample = _instant(request.headers.get(FIRST_SAMPLE_HEADER, ""))
    sounds = parts.sounds
    _refuse_by_length(request, sounds)
    with await run_in_threadpool(sounds.new_upload) as upload:
        try:
            async for chunk in request.stream():
                await run_in_threadpool(upload.write, chunk)
        except ClientDisconnect as error:
            raise Invalid(Problem("upload_broken", "body")) from error
        await run_in_threadpool(sounds.put, play_id, first_sample=first_sample, upload=upload)
    parts.events.publish("plays", play_id)


def _must_be_from(request: Request, parts: Parts, play_id: str) -> None:
    node = node_of(request, parts)
    if node is None:
        raise Unauthenticated(Problem("node_refused"))
    if node_of_play(play_id) != node:
        raise Forbidden(Problem("play_foreign", "play_id", {"node": node}))


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        facts = {"found": readable(text, most=60)}
        raise Invalid(Problem("first_sample_wrong", FIRST_SAMPLE_HEADER, facts))
    return instant


def _refuse_by_length(request: Request, sounds: Sounds) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > sounds.limit_bytes:
        raise TooLarge(Problem("file_too_large", "body", {"limit_mb": sounds.limit_bytes // MB}))
