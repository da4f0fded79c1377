"""Who sees which button, and that a button that is not there is not obeyed either."""

import pytest
from fastapi.routing import APIRoute

from hub.parts import Parts
from hub.people.roles import Role
from hub.web.routers import ROUTERS
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf
from tests.factories_people import person_at_work

PAGES = (
    "/",
    "/schedules",
    "/schedules/{schedule}",
    "/occurrences/{occurrence}",
    "/bulletins",
    "/bulletins/{draft}",
    "/bulletins/{submitted}",
    "/bulletins/{approved}",
    "/recordings",
    "/nodes",
    "/nodes/loa-1",
    "/settings",
)
ONLY_FOR_SOME = ("/system", "/system/live", "/users", "/users/new", "/users/{user}", "/audit")

# Every form, filled in so that it would be obeyed, and who may send it.
FORMS: tuple[tuple[str, dict[str, str], frozenset[Role]], ...] = (
    ("/bulletins", {"title": "Tin"}, frozenset({Role.CLERK, Role.APPROVER})),
    ("/bulletins/{draft}", {"title": "Tin"}, frozenset({Role.CLERK, Role.APPROVER})),
    ("/bulletins/{draft}/submit", {}, frozenset({Role.CLERK, Role.APPROVER})),
    ("/bulletins/{submitted}/approve", {}, frozenset({Role.APPROVER})),
    ("/bulletins/{submitted}/return", {"note": "Sửa"}, frozenset({Role.APPROVER})),
    ("/bulletins/{approved}/copy", {}, frozenset({Role.CLERK, Role.APPROVER})),
    ("/schedules/{schedule}/cancel", {}, frozenset({Role.CLERK, Role.APPROVER})),
    (
        "/orders",
        {"kind": "stop", "all": "yes"},
        frozenset({Role.CLERK, Role.APPROVER, Role.TECHNICIAN, Role.ADMINISTRATOR}),
    ),
    ("/orders", {"kind": "resume", "all": "yes"}, frozenset({Role.CLERK, Role.APPROVER})),
    (
        "/orders",
        {"kind": "mute", "nodes": "loa-1"},
        frozenset({Role.CLERK, Role.APPROVER, Role.TECHNICIAN}),
    ),
    (
        "/orders",
        {"kind": "volume", "value": "40", "nodes": "loa-1"},
        frozenset({Role.CLERK, Role.APPROVER, Role.TECHNICIAN}),
    ),
    (
        "/users",
        {"name": "moi", "full_name": "Mới", "roles": "viewer", "password": "rất là dài mà"},
        frozenset({Role.ADMINISTRATOR}),
    ),
    ("/settings/house-rules", {"every_hour": "yes"}, frozenset({Role.ADMINISTRATOR})),
)


@pytest.fixture
def places(village: Village, parts: Parts) -> dict[str, str]:
    clerk = person_at_work(parts.store, Role.CLERK, login="chu")
    approved = village.bulletin("Đã duyệt")
    made = village.schedules.create(clerk, village.draft(approved, starts_at=village.in_s(3600)))
    return {
        "draft": village.bulletin("Nháp", state="draft"),
        "submitted": village.bulletin("Gửi", state="submitted"),
        "approved": approved,
        "schedule": made.schedule.id,
        "occurrence": made.occurrences[0].id,
        "user": clerk.person.id,
    }


def said(parts: Parts) -> list[str]:
    """What the audit log has of work; log-ins apart."""
    rows = parts.store.read().query("SELECT action FROM audit WHERE action NOT IN ('login', 'user.create')")
    return [str(row["action"]) for row in rows]


@pytest.mark.parametrize("page", PAGES)
def test_a_viewer_sees_every_page_and_no_button(viewer: Browser, places: dict[str, str], page: str) -> None:
    seen = viewer.get(page.format(**places))
    assert seen.status == 200
    assert seen.actions() == set()
    assert not [href for href in seen.hrefs if "/new" in href or "/stop" in href or "/cancel" in href]
    assert not [href for href in seen.hrefs if href.startswith(("/users", "/audit"))]


@pytest.mark.parametrize("page", ONLY_FOR_SOME)
def test_a_viewer_is_refused_what_is_for_some(viewer: Browser, places: dict[str, str], page: str) -> None:
    seen = viewer.get(page.format(**places))
    assert seen.status == 403
    assert "quản trị" in seen.text


@pytest.mark.parametrize("role", Role)
def test_a_form_is_obeyed_only_from_those_whose_it_is(
    browser_of: BrowserOf, village: Village, parts: Parts, places: dict[str, str], role: Role
) -> None:
    browser = browser_of(role, login="nguoi-thu")
    for form, fields, may in FORMS:
        if role in may:
            continue
        village.line.sent.clear()
        before = said(parts)
        seen = browser.post(form.format(**places), **fields)
        assert seen.status == 403, (form, fields)
        assert said(parts) == before, (form, fields)
        assert village.line.sent == [], (form, fields)


@pytest.mark.parametrize(("form", "fields", "may"), FORMS[4:11])
def test_a_form_is_obeyed_from_each_of_those_whose_it_is(
    browser_of: BrowserOf, places: dict[str, str], form: str, fields: dict[str, str], may: frozenset[Role]
) -> None:
    first = min(may)
    browser = browser_of(first, login="nguoi-thu")
    assert browser.post(form.format(**places), **fields).status == 303


def test_a_viewer_cannot_upload(viewer: Browser, parts: Parts) -> None:
    assert viewer.upload(("a.mp3", b"sound")).status == 403
    assert parts.library.recordings() == []


def test_a_viewer_cannot_schedule(viewer: Browser, parts: Parts, places: dict[str, str]) -> None:
    before = len(parts.schedules.all())
    fields = {"bulletin": places["approved"], "date": "2026-11-21", "time": "10:00", "areas": "to-1"}
    assert viewer.post("/schedules", **fields).status == 403
    assert len(parts.schedules.all()) == before


def test_a_refusal_names_who_may(clerk: Browser, places: dict[str, str]) -> None:
    seen = clerk.post(f"/bulletins/{places['submitted']}/approve")
    assert seen.status == 403
    assert "người duyệt" in seen.text


@pytest.mark.parametrize(
    "path",
    sorted({route.path for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)}),
)
def test_nobody_sees_a_page_without_logging_in(anybody: Browser, path: str) -> None:
    if path in {"/login", "/language"}:
        return
    seen = anybody.get(path.replace("{", "").replace("}", ""))
    assert seen.status in {303, 401, 405}
    assert seen.to.startswith("/login") or seen.status != 303


def test_a_clerk_sees_the_buttons_that_a_viewer_does_not(clerk: Browser, places: dict[str, str]) -> None:
    assert "/recordings" in clerk.get("/recordings").actions()
    assert f"/bulletins/{places['draft']}/submit" in clerk.get(f"/bulletins/{places['draft']}").actions()
    assert "/orders" in clerk.get("/").actions()
    assert "/schedules/new" in clerk.get("/schedules").hrefs
