"""Ending an emergency: a question that says what falls silent, and an answer that may come twice."""

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.responses import Response

from hub.errors import Conflict
from hub.people.roles import Role
from hub.store.emergencies import KeptEmergency
from hub.web import formats
from hub.web.pages.emergency_bands import band_of
from hub.web.pages.page import Page, PageOf, TypedIn, safe_next
from hub.web.views import ConfirmPage, Message

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/emergencies/{id_}/cancel")
def ask(page: PageOf, id_: str, next: str = "/emergencies") -> Response:  # noqa: A002 - the URL's word
    """The question before an emergency is ended; its page where it is over."""
    page.actor.must(Role.APPROVER)
    kept = page.parts.emergencies.get(id_)
    if not kept.is_running(page.parts.now()):
        return _over(page, kept)
    view = ConfirmPage(
        question=Message("emergency.cancel_question", {"title": kept.content.title}),
        consequences=tuple(_consequences(page, kept)),
        action=f"/emergencies/{kept.id}/cancel",
        fields=(("next", safe_next(next)),),
        yes=Message("emergency.cancel_yes"),
        no=Message("emergency.cancel_no"),
        back=safe_next(next),
    )
    return page.show(view)


@router.post("/emergencies/{id_}/cancel")
def end(page: PageOf, typed: TypedIn, id_: str) -> Response:
    """End it; where it is over already nothing happens, and its page says who ended it."""
    try:
        page.parts.emergencies.cancel(page.actor, id_)
    except Conflict:
        return _over(page, page.parts.emergencies.get(id_))
    return page.go(safe_next(typed.text("next", "/emergencies")), done="emergency_ended")


def _over(page: Page, kept: KeptEmergency) -> Response:
    return page.go(f"/emergencies/{kept.id}", done="emergency_was_over")


def _consequences(page: Page, kept: KeptEmergency) -> Iterator[Message]:
    parts, content = page.parts, kept.content
    band = band_of(parts, kept)
    now, zone = parts.now(), parts.site.zone
    yield Message("emergency.cancel_effect")
    yield Message(
        "emergency.cancel_so_far",
        {
            "who": content.by,
            "when": formats.moment(content.starts_at, now, zone, page.lang),
            "until": formats.moment(content.until, now, zone, page.lang),
            "heard": band.heard,
            "nodes": band.nodes,
        },
    )
    yield Message("emergency.cancel_for_good")
    for other in parts.emergencies.running():
        if other.id != kept.id:
            yield Message("emergency.cancel_not", {"title": other.content.title})
