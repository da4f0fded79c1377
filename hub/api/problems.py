"""Every error of the API as application/problem+json (RFC 9457), in the caller's language.

`code` names the first thing that is wrong and `problems` names every one, each with its field, its sentence,
and the facts: what was wanted and what was found.
"""

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hub import words
from hub.api.validation import problem_of_fault
from hub.errors import (
    Conflict,
    Forbidden,
    HubError,
    Invalid,
    NotFound,
    Problem,
    Refused,
    Throttled,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from hub.store.alive import StoreError, is_full
from hub.store.whole import tells_damage
from hub.web.access import language_of

__all__ = ["ProblemOut", "answers", "headers_of", "install_problems", "is_for_programs", "problem_response"]

LOG = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[HubError], int] = {
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    TooLarge: 413,
    Invalid: 422,
    Throttled: 429,
    Unavailable: 503,
}


class OneProblem(BaseModel):
    """One thing that is wrong: `field` is empty when it is not about one field."""

    field: str
    code: str
    detail: str
    facts: dict[str, Any]


class ProblemOut(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:loa:problem:title_length",
                "title": "Something is not right",
                "status": 422,
                "detail": "The title needs 1 to 200 characters, on one line.",
                "code": "title_length",
                "problems": [
                    {
                        "field": "title",
                        "code": "title_length",
                        "detail": "The title needs 1 to 200 characters, on one line.",
                        "facts": {"least": 1, "most": 200},
                    }
                ],
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    code: str
    problems: list[OneProblem]


_SCHEMAS = "#/components/schemas/"

_MEANINGS = {
    401: "Not logged in, or the token is not right.",
    403: "The roles do not allow it, or the CSRF token is missing.",
    404: "There is no such thing.",
    409: "It clashes with what stands.",
    413: "More bytes than the limit; nothing was stored.",
    422: "Fields that do not hold, each named; nothing was stored.",
    429: "Too many tries; `Retry-After` says when the next may be made.",
    503: "The hub cannot do it now.",
}


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses=` of a route: which errors it may answer with, besides 401, 403 and 422."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}ProblemOut"}}}
    return {
        status: {"description": _MEANINGS[status], "content": content}
        for status in sorted({401, 403, 422, *statuses})
    }


def is_for_programs(request: Request) -> bool:
    """Whether a program asks, who is answered with problem+json; pages answer people with a page."""
    return request.url.path.startswith(("/api/", "/media/"))


Handler = Callable[[Request, Exception], Response]


def install_problems(app: FastAPI, *, pages: Handler | None = None) -> None:
    """Answer every error: with problem+json under /api/ and /media/, elsewhere by `pages` if it is given."""

    async def answer(request: Request, error: Exception) -> Response:
        if pages is None or is_for_programs(request):
            return problem_response(request, error)
        return pages(request, error)

    for kind in (HubError, RequestValidationError, HTTPException, StoreError, Exception):
        app.add_exception_handler(kind, answer)
    _document(app)


def _document(app: FastAPI) -> None:
    # FastAPI would document a model of `responses` as application/json, so the schema is put in here.
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        problem = ProblemOut.model_json_schema(ref_template=_SCHEMAS + "{model}")
        known = schema.setdefault("components", {}).setdefault("schemas", {})
        known.update(problem.pop("$defs"), ProblemOut=problem)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def problem_response(request: Request, error: Exception) -> Response:
    """The answer to a program for whatever went wrong."""
    status, problems = judged(request, error)
    language = language_of(request)
    said = [(problem, words.say(problem.code, problem.facts, language)) for problem in problems]
    title = f"title.{status}"
    title = title if words.has(title) else "title.other"
    content = {
        "type": f"urn:loa:problem:{problems[0].code}",
        "title": words.say(title, {}, language),
        "status": status,
        "detail": " ".join(sentence for _, sentence in said),
        "code": problems[0].code,
        "problems": [
            {"field": each.where, "code": each.code, "detail": sentence, "facts": each.facts}
            for each, sentence in said
        ],
    }
    return Response(
        # Half a character in a fact is written as its escape, which is what JSON calls it too.
        json.dumps(content, default=_as_json, ensure_ascii=False).encode("utf-8", "backslashreplace"),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={**headers_of(error, status), "Content-Language": language},
    )


def judged(request: Request, error: Exception) -> tuple[int, list[Problem]]:
    """The status of an error, and what is wrong in codes; a fault of the hub's own is logged."""
    match error:
        case Refused():
            return _status(error), list(error.problems) or [Problem("request_refused")]
        case Unavailable():
            return 503, [error.problem]
        case RequestValidationError():
            return 422, [problem_of_fault(fault) for fault in error.errors()]
        case HTTPException(status_code=400):  # FastAPI's word for a body that is not even text
            return 422, [Problem("not_json", facts={"found": error.detail})]
        case HTTPException():
            return error.status_code, [_problem_of_http(request, error)]
        case StoreError() if is_full(error):
            LOG.error("%s %r: %s", request.method, request.url.path, error)
            return 503, [Problem("store_full")]
    reference = secrets.token_hex(4)
    LOG.error("%s %r failed [%s]", request.method, request.url.path, reference, exc_info=error)
    code = "file_damaged" if tells_damage(error) else "hub_fault"
    return 500, [Problem(code, facts={"reference": reference})]


def _status(error: Refused) -> int:
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def _problem_of_http(request: Request, error: HTTPException) -> Problem:
    path = request.url.path
    match error.status_code:
        case 404:
            return Problem("path_unknown", facts={"path": path})
        case 413:
            return Problem("body_too_large", facts={"limit_mb": 1})
        case 405:
            wanted = (error.headers or {}).get("Allow", "")
            return Problem("method_unknown", facts={"path": path, "found": request.method, "wanted": wanted})
    return Problem("request_refused", facts={"found": error.detail})


def headers_of(error: Exception, status: int) -> Mapping[str, str]:
    """What HTTP wants said beside the status: when to come back, what is allowed."""
    match error:
        case Throttled():
            return {"Retry-After": str(error.retry_after_s)}
        case HTTPException():
            return dict(error.headers or {})
    return {401: {"WWW-Authenticate": 'Bearer realm="loa"'}, 503: {"Retry-After": "5"}}.get(status, {})


def _as_json(value: object) -> object:
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
