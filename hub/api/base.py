"""What every route of the API starts from: the parts of the hub, and who calls."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from hub.api.problems import answers, install_problems
from hub.errors import Invalid, Problem
from hub.parts import Parts
from hub.people.roles import Actor
from hub.web.access import CallerDep, language_of

__all__ = [
    "ActorDep",
    "Instant",
    "LanguageDep",
    "LimitQuery",
    "PartsDep",
    "answers",
    "checked_span",
    "install_problems",
]

_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_LONGEST_SPAN = timedelta(days=400)


def parts_of(request: Request) -> Any:
    """The hub's parts, wired in `hub.app`."""
    return request.app.state.parts


def actor_of(caller: CallerDep) -> Actor:
    """Who calls: by bearer token, or by session cookie (unsafe methods need X-CSRF-Token). 401 and 403."""
    return caller.actor


def answer_language(request: Request, _caller: CallerDep) -> str:
    """The language in which this caller is answered."""
    return language_of(request)


PartsDep = Annotated[Parts, Depends(parts_of)]
ActorDep = Annotated[Actor, Depends(actor_of)]
LanguageDep = Annotated[str, Depends(answer_language)]


def _within_reach(instant: datetime) -> datetime:
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(f"a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant


def _not_a_count(given: object) -> object:
    if isinstance(given, int | float) or (isinstance(given, str) and "-" not in given[1:]):
        raise ValueError("ISO 8601 with an offset, such as 2026-11-20T17:00:00+07:00")
    return given


Instant = Annotated[AwareDatetime, BeforeValidator(_not_a_count), AfterValidator(_within_reach)]
"""An instant with its offset; not so far away that counting days from it leaves the calendar."""


def checked_span(start: datetime, end: datetime) -> None:
    """Raises `Invalid` (`wrong_span`) for a span that goes back or is longer than 400 days."""
    if not timedelta() <= end - start <= _LONGEST_SPAN:
        raise Invalid(Problem("wrong_span", "to", {"wanted": _LONGEST_SPAN.days}))


LimitQuery = Annotated[int, Query(ge=1, le=200, description="How many items at most.")]
