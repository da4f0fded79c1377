"""The whole application over a village's real services, and browsers of people who are logged in."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from hub.app import create_app
from hub.authority_x509 import new_issuer
from hub.bulletins import Bulletins
from hub.cameras import Cameras
from hub.certification import Certification
from hub.config import HubSettings, SiteSettings, TlsSettings
from hub.counters import Counters
from hub.day_check import DayChecks
from hub.enroll import Enrolment
from hub.library import Library
from hub.metrics import Metrics
from hub.new_node import Reach, Site
from hub.parts import Parts
from hub.people.people import People
from hub.people.roles import Role
from hub.sounds import Sounds
from tests.factories import SITE, signing_key
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf
from tests.factories_people import PASSWORD, cheap_passwords, person_at_work
from tests.fakes_audio import FakePrepare

ISSUER = new_issuer(SITE, ["loa.lan"])


@pytest.fixture
def parts(village: Village, tmp_path: Path, prepare: FakePrepare) -> Parts:
    """Everything but the broker: what would be sent is in `village.line`."""
    store, events, now = village.store, village.events, village.now
    key = signing_key()
    cameras = Cameras(store=store, zone=lambda: village.site.zone, now=now)
    return Parts(
        settings=HubSettings(
            file=tmp_path / "hub.toml",
            site=SiteSettings(id=SITE, name="Phường Tân Hòa"),
            tls=TlsSettings(names=("loa.lan",)),
        ),
        store=store,
        now=now,
        events=events,
        people=People(store=store, passwords=cheap_passwords(), now=now),
        library=Library(
            store=store,
            folder=tmp_path,
            events=events,
            now=now,
            prepare=prepare,
            limit_bytes=1000,
            reserve_bytes=0,
        ),
        sounds=Sounds(folder=tmp_path / "sounds", reserve_bytes=0),
        bulletins=Bulletins(store=store, events=events, now=now),
        schedules=village.schedules,
        fleet=village.fleet,
        orders=village.orders,
        emergencies=village.emergencies,
        coverages=village.coverages,
        courses=village.courses,
        plays=village.plays,
        publishing=village.publishing,
        inbox=village.inbox,
        faults=village.faults,
        site=village.site,
        enrolment=Enrolment(store=store, site=SITE, public_key=key.public(), now=now),
        certification=Certification(
            store=store,
            issuer=ISSUER,
            site=Site(id=SITE, public_key=key.public()),
            reach=Reach(broker_host="loa.lan", broker_port=8883, url="https://loa.lan:8443"),
            now=now,
        ),
        send=village.line,
        is_linked=lambda: village.line.linked,
        alarm=lambda _name, _detail: None,
        metrics=Metrics(),
        counters=Counters(store=store, zone=lambda: village.site.zone, now=now),
        cameras=cameras,
        day_checks=DayChecks(store=store, fleet=village.fleet, cameras=cameras, events=events, now=now),
    )


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    return create_app(parts)


@pytest.fixture
def anybody(app: FastAPI) -> Browser:
    """A browser where nobody is logged in."""
    return Browser(app)


@pytest.fixture
def browser_of(app: FastAPI, parts: Parts) -> BrowserOf:
    """`browser_of(Role.CLERK, …)`: a browser where a new person with these roles is logged in."""

    def browser(*roles: Role, login: str = "") -> Browser:
        actor = person_at_work(parts.store, *roles, login=login)
        return Browser(app).log_in_as(parts.people, actor, PASSWORD)

    return browser


@pytest.fixture
def clerk(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.CLERK, login="lan")


@pytest.fixture
def approver(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.APPROVER, login="minh")


@pytest.fixture
def everybody(browser_of: BrowserOf) -> Browser:
    """Somebody who may do everything."""
    return browser_of(*Role, login="tat-ca")


@pytest.fixture
def viewer(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.VIEWER, login="an")


@pytest.fixture
def administrator(browser_of: BrowserOf) -> Browser:
    return browser_of(Role.ADMINISTRATOR, login="binh")
