"""Khẩn cấp: begin one after a look at what it reaches, see those that were."""

import re
from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from hub.emergency_checks import Preview, WantedEmergency
from hub.errors import Conflict, Invalid, Problem
from hub.people.roles import Role
from hub.store.database import new_id
from hub.store.emergencies import KeptEmergency
from hub.targets import Target
from hub.web import formats
from hub.web.pages.emergency_bands import repeats
from hub.web.pages.emergency_page import end_of
from hub.web.pages.page import Page, PageOf, Typed, TypedIn
from hub.web.pages.schedule_form import area_choices
from hub.web.views import (
    NOTHING_TYPED,
    ConfirmPage,
    EmergenciesPage,
    EmergencyChoice,
    EmergencyFragment,
    EmergencyRow,
    Form,
    Message,
    Text,
)

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

_LISTED = 20
_AN_ID = re.compile(r"[0-9a-f]{16}")
_MOST_NAMED = 10
_RENAMED = {"nodes": "areas", "all": "areas", "repeat_every_s": "repeat_min", "until": "for_min"}


@router.get("/emergencies")
def emergencies(page: PageOf) -> Response:
    """The form for who may begin one, and those that were."""
    return page.show(_page(page))


@router.get("/emergencies/live")
def live(page: PageOf) -> Response:
    """The band of every page."""
    return page.show_in_page(EmergencyFragment())


@router.post("/emergencies")
def begin(page: PageOf, typed: TypedIn) -> Response:
    """Ask once, saying all that it does; the answer begins it."""
    try:
        wanted = _wanted(page, typed)
        if wanted.id:
            return _begun(page, typed, wanted)
        return _question(page, typed, wanted)
    except (Invalid, Conflict) as error:
        form = typed.form(error, lang=page.lang, renamed=_RENAMED)
        return page.show(_page(page, form), status=409 if isinstance(error, Conflict) else 422)


def _wanted(page: Page, typed: Typed) -> WantedEmergency:
    repeat_min, for_min = typed.number("repeat_min", 0), typed.number("for_min", 60)
    if not typed.text("bulletin"):
        raise Invalid(Problem("bulletin_needed", "bulletin"))
    some = typed.text("where") == "some"
    stop, confirmed = typed.text("despite_stop"), typed.text("confirmed")
    return WantedEmergency(
        bulletin=typed.text("bulletin"),
        target=Target(
            nodes=typed.all("nodes") if some else (),
            areas=typed.all("areas") if some else (),
            everywhere=not some,
        ),
        repeat_every_s=repeat_min * 60 if repeat_min else None,
        until=page.parts.now() + timedelta(minutes=for_min if for_min is not None else 60),
        despite_missing=typed.text("despite_missing") == "yes",
        despite_stop=int(stop) if stop.isascii() and stop.isdecimal() and len(stop) < 16 else None,
        id=confirmed if _AN_ID.fullmatch(confirmed) else None,
    )


def _begun(page: Page, typed: Typed, wanted: WantedEmergency) -> Response:
    try:
        begun = page.parts.emergencies.begin(page.actor, wanted)
    except Conflict as error:
        if any(each.code == "emergency_begun" for each in error.problems):
            return page.go(f"/emergencies/{wanted.id}", done="emergency_once")
        return _question(page, typed, wanted)  # what stands in the way has changed since it was confirmed
    done = "emergency" if begun.sent else "emergency_waits"
    return page.go(f"/emergencies/{begun.kept.id}", done=done)


def _question(page: Page, typed: Typed, wanted: WantedEmergency) -> Response:
    """Its answer names the emergency to be, so that one question begins one, however often it is answered."""
    preview, obstacles = page.parts.emergencies.preview(page.actor, wanted)
    fields = [(name, value) for name in _KEPT for value in typed.all(name)]
    fields += [("confirmed", new_id())]
    if preview.missing:
        fields.append(("despite_missing", "yes"))
    if preview.stop is not None:
        fields.append(("despite_stop", str(preview.stop.seq)))
    view = ConfirmPage(
        question=Message("emergency.question", {"title": preview.title}),
        consequences=(*_effects(page, wanted, preview), *map(page.said, obstacles)),
        action="/emergencies",
        fields=tuple(fields),
        yes=Message("emergency.begin"),
        back="/emergencies",
        danger=True,
    )
    return page.show(view)


_KEPT = ("bulletin", "where", "areas", "nodes", "repeat_min", "for_min")


def _effects(page: Page, wanted: WantedEmergency, preview: Preview) -> tuple[Text, ...]:
    parts = page.parts
    until = wanted.until or parts.now()
    names = parts.fleet.names()
    length = {
        "length": formats.duration(preview.duration_ms, page.lang),
        "repeat": repeats(every_s=wanted.repeat_every_s),
        "until": formats.moment(until, parts.now(), parts.site.zone, page.lang),
    }
    effects: list[Text] = [
        *(_running(page, kept) for kept in parts.emergencies.running()),
        Message("emergency.reach", {"count": len(preview.nodes), "places": _places(page, wanted.target)}),
        Message("emergency.length", length),
        Message("emergency.effect"),
    ]
    if preview.muted:
        muted = _some([names[node] for node in preview.muted])
        effects.append(Message("emergency.muted", {"count": len(preview.muted), "nodes": muted}))
    return tuple(effects)


def _running(page: Page, kept: KeptEmergency) -> Text:
    """Another one that runs, and what the two do to each other."""
    content, parts = kept.content, page.parts
    fields = {
        "title": content.title,
        "who": content.by,
        "when": formats.moment(content.starts_at, parts.now(), parts.site.zone, page.lang),
        "repeat": repeats(content),
        "until": formats.moment(content.until, parts.now(), parts.site.zone, page.lang),
    }
    return Message("emergency.running_too", fields)


def _places(page: Page, target: Target) -> Text:
    if target.everywhere:
        return Message("audit.all")
    areas = {area.id: area.name for area in page.parts.fleet.areas()}
    names = page.parts.fleet.names()
    chosen = [areas.get(each, each) for each in target.areas] + [names.get(n, n) for n in target.nodes]
    return _some(chosen)


def _some(names: list[str]) -> str:
    more = f" … (+{len(names) - _MOST_NAMED})" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _page(page: Page, form: Form = NOTHING_TYPED) -> EmergenciesPage:
    parts = page.parts
    may = page.actor.may(Role.APPROVER)
    choices = [
        EmergencyChoice(
            id=each.bulletin.id,
            title=each.bulletin.title,
            duration_ms=each.duration_ms,
            ready=each.ready,
            nodes=each.nodes,
        )
        for each in (parts.emergencies.choices() if may else [])
    ]
    rows = tuple(_row(page, kept) for kept in parts.emergencies.newest(limit=_LISTED))
    areas = area_choices(parts) if may else ()
    return EmergenciesPage(bulletins=tuple(choices), areas=areas, rows=rows, form=form)


def _row(page: Page, kept: KeptEmergency) -> EmergencyRow:
    content, parts = kept.content, page.parts
    heard, nodes = parts.courses.reached(kept)
    return EmergencyRow(
        id=kept.id,
        title=content.title,
        by=content.by,
        since=content.starts_at,
        until=content.until,
        end=end_of(page, kept),
        running=kept.is_running(parts.now()),
        heard=heard,
        nodes=nodes,
    )
