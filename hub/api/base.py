"""What every route of the API starts from: the parts of the hub, and who calls."""

from typing import Annotated, Any

from fastapi import Depends, Query, Request

from hub.api.problems import answers, install_problems
from hub.parts import Parts
from hub.people.roles import Actor
from hub.web.access import CallerDep, language_of

__all__ = ["ActorDep", "LanguageDep", "LimitQuery", "PartsDep", "answers", "install_problems"]


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
LimitQuery = Annotated[int, Query(ge=1, le=200, description="How many items at most.")]
