"""Nodes at the hub's door: by code, by certificate, and who is neither."""

import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from edge.wire.papers import Admission, Code, Papers
from hub.api import enrolments, media
from hub.api.problems import install_problems
from hub.authority_x509 import new_issuer
from hub.certification import Certification
from hub.enroll import Enrolment
from hub.front import BehindProxy
from hub.library import Library
from hub.new_node import NewNode, Reach, Site
from hub.people.people import People
from hub.people.roles import Role
from hub.sounds import Sounds
from hub.store.database import Store
from tests.factories import signing_key
from tests.factories_certification import serial_of
from tests.factories_library import ready
from tests.factories_people import Clock, person_at_work
from tests.factories_tls import node_key, request_of

NEW = NewNode(id="to-2-loa-1", kind="speaker", area="to-2")
ISSUER = new_issuer("xa-mau", ["loa.lan"])
ENROL, RENEW = "/api/v1/enrolments", "/api/v1/certificates"
ADDRESS = "192.0.2.7"


class Front:
    """A hub behind a web server, and who calls it."""

    def __init__(self, parts: SimpleNamespace) -> None:
        self.parts = parts
        self.alarms: list[tuple[str, str]] = []
        parts.alarm = lambda name, detail: self.alarms.append((name, detail))
        self.key = node_key()

    @property
    def certification(self) -> Certification:
        made: Certification = self.parts.certification
        return made

    def caller(self, serial: str = "", *, verdict: str = "SUCCESS") -> TestClient:
        """Somebody with a certificate of this serial, or without one."""
        app = FastAPI()
        app.state.parts = self.parts
        app.include_router(enrolments.router)
        app.include_router(media.router)
        install_problems(app)
        shown = {"X-Loa-Certificate-Verify": verdict, "X-Loa-Certificate-Serial": serial} if serial else {}
        headers = {"X-Real-IP": ADDRESS, "Content-Type": "application/json", **shown}
        return TestClient(BehindProxy(app), raise_server_exceptions=False, headers=headers)

    def succeeded(self, token: bytes) -> None:
        """The recovery key replaced the site's keys."""
        site = Site(id="xa-mau", public_key=signing_key().public(), succession=lambda: token)
        object.__setattr__(self.certification, "_site", site)

    def papers(self) -> Papers:
        return self.certification.papers(None, NEW, request=request_of(self.key))


@pytest.fixture
def front(store: Store, clock: Clock, library: Library, sounds: Sounds, people: People) -> Front:
    key = signing_key().public()
    enrolment = Enrolment(store=store, site="xa-mau", public_key=key, now=clock)
    enrolment.add_area(None, id_="to-2", name="Tổ 2")
    certification = Certification(
        store=store,
        issuer=ISSUER,
        site=Site(id="xa-mau", public_key=key),
        reach=Reach(broker_host="loa.lan", broker_port=8883, url="https://loa.lan:8443"),
        now=clock,
    )
    return Front(
        SimpleNamespace(
            store=store,
            now=clock,
            people=people,
            library=library,
            sounds=sounds,
            enrolment=enrolment,
            certification=certification,
        )
    )


def test_a_node_with_a_code_gets_its_papers(front: Front) -> None:
    code = front.certification.code(None, NEW)
    application = code.application(request_of(front.key))
    answer = front.caller().post(ENROL, content=application.encode())
    assert answer.status_code == 200
    papers = code.papers(Admission.decode(answer.content), to=application)
    assert papers is not None
    assert papers.node == NEW.id


def test_a_wrong_code_is_refused_and_told(front: Front) -> None:
    application = Code.generate().application(request_of(front.key))
    answer = front.caller().post(ENROL, content=application.encode())
    assert (answer.status_code, answer.json()["code"]) == (403, "code_refused")
    assert front.alarms == [("code_refused", ADDRESS)]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"v":2}', b"[" * 1000, b'{"code":"AAAA"}'])
def test_what_is_no_application_is_refused(front: Front, content: bytes) -> None:
    assert front.caller().post(ENROL, content=content).status_code in (400, 422)


def test_a_node_renews_with_its_certificate(front: Front) -> None:
    serial = serial_of(front.papers())
    answer = front.caller(serial).post(RENEW, json={"request": request_of(node_key())})
    assert answer.status_code == 200
    renewed = Papers.decode(answer.content)
    assert (renewed.node, renewed.is_new) == (NEW.id, True)


def test_nobody_renews_without_a_certificate(front: Front) -> None:
    front.papers()
    answer = front.caller().post(RENEW, json={"request": request_of(front.key)})
    assert (answer.status_code, answer.json()["code"]) == (401, "node_refused")


def test_a_site_whose_keys_nobody_replaced_has_no_succession(front: Front) -> None:
    answer = front.caller().get("/api/v1/succession")
    assert (answer.status_code, answer.json()["code"]) == (404, "succession_none")


def test_anybody_may_read_the_succession(front: Front) -> None:
    front.succeeded(b"a.b.c")
    answer = front.caller().get("/api/v1/succession")
    assert (answer.status_code, answer.content) == (200, b"a.b.c")
    assert answer.headers["content-type"] == "application/jose"


def test_after_a_succession_a_node_comes_back_by_its_key_alone(front: Front) -> None:
    front.papers()
    front.succeeded(b"a.b.c")
    answer = front.caller().post(RENEW, json={"request": request_of(front.key)})
    assert Papers.decode(answer.content).node == NEW.id
    stranger = front.caller().post(RENEW, json={"request": request_of(node_key())})
    assert (stranger.status_code, stranger.json()["code"]) == (401, "node_refused")


def test_a_request_that_cannot_be_signed_is_said_so(front: Front) -> None:
    answer = front.caller(serial_of(front.papers())).post(RENEW, json={"request": "x" * 100})
    assert (answer.status_code, answer.json()["code"]) == (422, "request_wrong")


def test_a_hub_that_is_not_open_enrols_nobody(front: Front) -> None:
    front.parts.certification = None
    application = Code.generate().application(request_of(front.key))
    answer = front.caller().post(ENROL, content=application.encode())
    assert (answer.status_code, answer.json()["code"]) == (404, "tls_off")


@pytest.fixture
def recording(front: Front, library: Library, store: Store) -> str:
    result = ready(library, person_at_work(store, Role.CLERK), b"sound of a bell").result
    assert result is not None
    return f"/media/{result.sha256}.opus"


def test_a_node_fetches_a_recording_with_its_certificate(front: Front, recording: str) -> None:
    assert front.caller(serial_of(front.papers())).get(recording).content == b"sound of a bell"


def test_a_revoked_node_fetches_nothing_and_is_told_by_name(front: Front, recording: str) -> None:
    serial = serial_of(front.papers())
    front.parts.enrolment.remove(None, NEW.id)
    assert front.caller(serial).get(recording).status_code == 401
    assert front.alarms == [("certificate_refused", f"{ADDRESS}: {NEW.id}: revoked")]


def test_a_certificate_that_does_not_hold_fetches_nothing_and_is_told(front: Front, recording: str) -> None:
    serial = serial_of(front.papers())
    expired = front.caller(serial, verdict="FAILED:certificate has expired")
    assert expired.get(recording).status_code == 401
    assert front.alarms == [("certificate_refused", f"{ADDRESS}: FAILED:certificate has expired")]


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_whom_the_web_server_turned_away_is_told(front: Front, method: str) -> None:
    away = front.caller("AB", verdict="FAILED:unable to verify the first certificate")
    assert away.request(method, "/api/v1/certificates/refused").status_code == 401
    assert front.alarms == [
        ("certificate_refused", f"{ADDRESS}: FAILED:unable to verify the first certificate")
    ]


def test_a_stranger_fetches_nothing(front: Front, recording: str) -> None:
    assert front.caller().get(recording).status_code == 401


def test_a_password_is_no_way_in_any_more(front: Front, recording: str, tmp_path: Path) -> None:
    """Also one that was given before the hub was open to the network."""
    reach = Reach(broker_host="127.0.0.1", broker_port=1884, url="http://127.0.0.1:8080")
    front.parts.enrolment.enroll(None, NEW, reach=reach, file=tmp_path / "node.toml")
    given = tomllib.loads((tmp_path / "node.toml").read_text())["broker"]["password"]
    for password in (given, ""):
        caller = front.caller()
        caller.auth = (NEW.id, password)
        assert caller.get(recording).status_code == 401


def test_a_node_sends_the_sound_of_its_own_play_only(front: Front) -> None:
    node = front.caller(serial_of(front.papers()))
    sent = {"Loa-First-Sample": "2026-11-20T17:00:00+07:00"}
    wav = b"RIFF\x24\x00\x00\x00WAVEfmt "
    assert node.put("/media/sounds/lich-1@to-2-loa-2", content=wav, headers=sent).status_code == 403
