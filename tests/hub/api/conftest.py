"""A small application over real services, and callers of it."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from hub.api import (
    areas,
    audit,
    emergencies,
    media,
    nodes,
    occurrences,
    orders,
    plays,
    recordings,
    schedules,
    site,
    users,
)
from hub.api import bulletins as bulletins_api
from hub.api.problems import install_problems
from hub.bulletins import Bulletins
from hub.events import Events
from hub.library import Library
from hub.people.people import People
from hub.people.roles import Role
from hub.sounds import Sounds
from hub.store.database import Store
from hub.web.access import CSRF_HEADER, SESSION_COOKIE
from hub.web.limits import BodyLimit
from tests.factories_api import Caller, callers_of
from tests.factories_hub import Village
from tests.factories_people import PASSWORD, Clock, person_at_work

_OF_A_VILLAGE = (
    "schedules",
    "plays",
    "fleet",
    "orders",
    "emergencies",
    "coverages",
    "site",
    "enrolment",
    "now",
)


@pytest.fixture
def sounds(tmp_path: Path) -> Sounds:
    return Sounds(folder=tmp_path / "sounds", limit_bytes=1000, total_bytes=2000, reserve_bytes=0)


@pytest.fixture
def app(
    store: Store,
    clock: Clock,
    people: People,
    library: Library,
    bulletins: Bulletins,
    sounds: Sounds,
    events: Events,
) -> FastAPI:
    return small_app(
        SimpleNamespace(
            store=store,
            now=clock,
            events=events,
            people=people,
            library=library,
            bulletins=bulletins,
            sounds=sounds,
            certification=None,
        )
    )


def small_app(parts: SimpleNamespace) -> FastAPI:
    app = FastAPI()
    app.state.parts = parts
    for module in (recordings, bulletins_api, users, audit, media):
        app.include_router(module.router)
    install_problems(app)
    app.add_middleware(BodyLimit)
    return app


@pytest.fixture
def anybody(app: FastAPI) -> Iterator[TestClient]:
    """Somebody without token or session."""
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def program(app: FastAPI, store: Store, people: People) -> Caller:
    """`program(Role.CLERK, …)`: a program with the token of a new person who holds these roles."""

    def calling(*roles: Role, login: str = "") -> TestClient:
        _, token = people.tokens.create(person_at_work(store, *roles, login=login), title="test")
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
        return TestClient(app, raise_server_exceptions=False, headers=headers)

    return calling


@pytest.fixture
def browser(app: FastAPI, store: Store, people: People) -> Caller:
    """`browser(Role.CLERK, …)`: a browser with a new person logged in; its headers carry the CSRF token."""

    def calling(*roles: Role, login: str = "") -> TestClient:
        actor = person_at_work(store, *roles, login=login)
        session = people.log_in(login=actor.person.login, password=PASSWORD, address="testclient")
        return TestClient(
            app,
            raise_server_exceptions=False,
            headers={CSRF_HEADER: session.csrf, "Origin": "http://testserver"},
            cookies={SESSION_COOKIE: session.token},
        )

    return calling


@pytest.fixture
def calling(village: Village, sounds: Sounds) -> Caller:
    """Programs that may do what their roles may, over a village's programme."""
    app = FastAPI()
    app.state.parts = SimpleNamespace(
        **{name: getattr(village, name) for name in _OF_A_VILLAGE},
        people=None,
        sounds=sounds,
        settings=SimpleNamespace(site=SimpleNamespace(id="tan-hoa", name="Phường Tân Hòa")),
    )
    for module in (schedules, occurrences, plays, nodes, areas, orders, emergencies, site):
        app.include_router(module.router)
    install_problems(app)
    return callers_of(app)
