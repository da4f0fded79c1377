"""`loa-node enroll` against a real HTTPS server whose certificate the node cannot know yet."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from edge import __main__ as program
from edge.config import load_settings
from edge.wire.papers import Application, Code, Papers
from tests import factories as make
from tests.certificates import TestAuthority
from tests.factories_signed import papers as hub_gives
from tests.system.tls_rig import https_server

Answer = tuple[int, bytes]
Say = Callable[[bytes], Answer]


class Desk(BaseHTTPRequestHandler):
    """Answers with what `say` makes of a request's body."""

    say: Say
    paths: list[str]

    def do_POST(self) -> None:
        self.paths.append(self.path)
        status, body = self.say(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nothing."""


class Hub:
    """Knows one code; gives papers to who knows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = Code.generate()
        self.authority = TestAuthority()
        self.paths: list[str] = []

    def papers(self, application: Application) -> Papers:
        return hub_gives(self.authority, application.request)

    def admit(self, body: bytes) -> Answer:
        application = Application.decode(body)
        if application.code != self.code.id or not self.code.vouches_for(application):
            return 403, json.dumps({"title": "This code is not known."}).encode()
        return 200, self.code.admission(self.papers(application), to=application).encode()

    @contextmanager
    def answering(self, say: Say | None = None) -> Iterator[str]:
        handler = type("Handler", (Desk,), {"say": staticmethod(say or self.admit), "paths": self.paths})
        server = TestAuthority("never seen").server(self.folder / "server", begins=-20, ends=-10)
        with https_server(handler, server, demands_certificate=False) as port:
            yield f"https://127.0.0.1:{port}"


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "loa"


def enroll(url: str, code: Code | str, folder: Path) -> int:
    return program.main(["enroll", url, str(code), "--folder", str(folder)])


def test_a_code_makes_a_machine_a_node(hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hub.answering() as url:
        assert enroll(url, hub.code, folder) == 0
    assert f"./loa node speaker --config {folder / 'node.toml'}" in capsys.readouterr().out
    assert load_settings(folder / "node.toml").node.name == make.NODE
    assert hub.paths == ["/api/v1/enrolments"]


def test_a_code_is_read_as_people_type_it(hub: Hub, folder: Path) -> None:
    with hub.answering() as url:
        assert enroll(url + "/", str(hub.code).lower().replace("-", " "), folder) == 0


def test_an_answer_that_was_lost_is_given_again_for_the_same_key(hub: Hub, folder: Path) -> None:
    requests: list[str] = []

    def lose_the_first(body: bytes) -> Answer:
        requests.append(Application.decode(body).request)
        return hub.admit(body) if len(requests) > 1 else (503, b"")

    with hub.answering(lose_the_first) as url:
        assert enroll(url, hub.code, folder) == 1
        key = (folder / "node.key").read_bytes()
        assert enroll(url, hub.code, folder) == 0
    assert (folder / "node.key").read_bytes() == key


def test_a_code_that_the_hub_does_not_know_is_told_in_its_words(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with hub.answering() as url:
        assert enroll(url, Code.generate(), folder) == 1
    assert "answered 403: This code is not known." in capsys.readouterr().err


def test_who_does_not_know_the_code_cannot_answer_in_the_hubs_place(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def pretend(body: bytes) -> Answer:
        application = Application.decode(body)
        return 200, Code.generate().admission(hub.papers(application), to=application).encode()

    with hub.answering(pretend) as url:
        assert enroll(url, hub.code, folder) == 1
    assert "does not know this code" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["node.key"]


def test_who_stands_between_cannot_give_another_nodes_answer(hub: Hub, folder: Path) -> None:
    recorded: list[bytes] = []

    def record(body: bytes) -> Answer:
        status, answer = hub.admit(body)
        recorded.append(answer)
        return status, answer

    with hub.answering(record) as url:
        assert enroll(url, hub.code, folder) == 0
    with hub.answering(lambda _body: (200, recorded[0])) as url:
        assert enroll(url, hub.code, folder.with_name("another")) == 1


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"<html>", "wanted an admission"),
        (200, b"[" * 300_000, "more came"),
        (404, b"<html>", "answered 404"),
        (403, json.dumps({"detail": "\x1b[2J"}).encode(), "answered 403"),
        (500, b"[]", "answered 500"),
        (301, b"", "answered 301"),
    ],
)
def test_what_is_no_admission_is_told(
    hub: Hub, folder: Path, capsys: pytest.CaptureFixture[str], status: int, body: bytes, told: str
) -> None:
    with hub.answering(lambda _body: (status, body)) as url:
        assert enroll(url, hub.code, folder) == 1
    said = capsys.readouterr().err
    assert told in said
    assert "\x1b" not in said


def test_an_address_without_its_beginning_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert enroll("192.168.50.10:8443", Code.generate(), folder) == 1
    assert "such as https://" in capsys.readouterr().err
