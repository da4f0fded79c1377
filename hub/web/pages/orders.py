"""Orders from any page: stop and its lifting, mute, volume."""

from fastapi import APIRouter
from starlette.responses import Response

from edge.wire.orders import OrderKind
from hub.errors import Invalid, Problem
from hub.orders import WHO_MAY
from hub.web.pages.page import PageOf, TypedIn, safe_next
from hub.web.views import ConfirmPage, Message, StopFragment

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/stop")
def ask_to_stop(page: PageOf, next: str = "/") -> Response:  # noqa: A002 - the URL's word
    """The question before a stop, for browsers without script."""
    view = ConfirmPage(
        question=Message("stop.question"),
        consequences=(Message("stop.effect"),),
        action="/orders",
        fields=(("kind", "stop"), ("all", "yes"), ("next", safe_next(next))),
        yes=Message("stop.button"),
        back=safe_next(next),
        danger=True,
    )
    return page.show(view)


@router.get("/resume")
def ask_to_resume(page: PageOf, next: str = "/") -> Response:  # noqa: A002 - the URL's word
    """The question before sound is allowed again."""
    view = ConfirmPage(
        question=Message("resume.question"),
        consequences=(Message("resume.effect"),),
        action="/orders",
        fields=(("kind", "resume"), ("all", "yes"), ("next", safe_next(next))),
        yes=Message("stop.resume"),
        back=safe_next(next),
    )
    return page.show(view)


@router.get("/stop/live")
def stop_live(page: PageOf) -> Response:
    """The strip that names a stop in force, for the page that shows it."""
    return page.show_in_page(StopFragment())


@router.post("/orders")
def give(page: PageOf, typed: TypedIn) -> Response:
    """Give an order and go back to where it was given."""
    kind = typed.text("kind")
    if kind not in set(WHO_MAY):
        raise Invalid(Problem("order_unknown", "kind", {"found": kind[:40]}))
    wants_value = kind == OrderKind.VOLUME
    issued = page.parts.orders.issue(
        page.actor,
        kind=OrderKind(kind),
        value=typed.number("value", -1) if wants_value and typed.text("value") else None,
        nodes=typed.all("nodes"),
        areas=typed.all("areas"),
        everywhere=typed.text("all") == "yes",
    )
    return page.go(safe_next(typed.text("next", "/")), done="order" if issued.sent else "order_waits")
