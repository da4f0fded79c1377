import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from edge.config_counter import CounterSettings
from edge.counter.events import Answer, Touched
from edge.counter.kiosk import Kiosk
from edge.counter.page import make_assets
from edge.events import Trouble
from tests.fakes import FakeClock

KEY = "0123456789abcdef0123456789abcdef"
HOST = "127.0.0.1"


class FakeNode:
    """Answers every touch at once with `says`, and keeps what it heard."""

    def __init__(self) -> None:
        self.touched: list[Touched] = []
        self.troubles: list[Trouble] = []
        self.says: Answer = "counted"

    def post(self, event: object) -> None:
        if isinstance(event, Touched):
            self.touched.append(event)
            event.answer(self.says)
        elif isinstance(event, Trouble):
            self.troubles.append(event)


@pytest.fixture
def node() -> FakeNode:
    return FakeNode()


@pytest.fixture
def port(node: FakeNode) -> Iterator[int]:
    kiosk = Kiosk(make_assets(CounterSettings()), host=HOST, port=0, post=node.post, clock=FakeClock())
    kiosk.step()
    assert kiosk.port is not None
    yield kiosk.port
    kiosk.stop()


def ask(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = HTTPConnection(HOST, port, timeout=60)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): v for name, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def touch(port: int, *, body: Any = None, **headers: str) -> int:
    content = json.dumps({"level": 2, "key": KEY} if body is None else body).encode()
    ours = {"Content_Type": "application/json", "Origin": f"http://{HOST}:{port}"}
    return ask(port, "POST", "/press", content, **ours | headers)[0]


@pytest.mark.parametrize("path", ["/", "/page.css", "/page.js"])
def test_the_page_comes_from_the_counter_itself(port: int, path: str) -> None:
    status, content, _ = ask(port, "GET", path)
    assert status == 200
    assert content


def test_the_page_may_load_nothing_from_elsewhere(port: int) -> None:
    _, content, headers = ask(port, "GET", "/")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert b"//" not in content.replace(b"<!doctype", b"")


def test_a_touch_reaches_the_node_and_is_answered(port: int, node: FakeNode) -> None:
    assert touch(port) == 200
    assert [(event.level, event.key) for event in node.touched] == [(2, KEY)]


def test_a_touch_that_is_not_kept_is_not_thanked_for(port: int, node: FakeNode) -> None:
    node.says = "lost"
    assert touch(port) == 503


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://stranger.example"},
        {"Origin": ""},
        {"Origin": "null"},
        {"Content_Type": "text/plain"},
        {"Host": "stranger.example", "Origin": "http://stranger.example"},
    ],
)
def test_another_page_cannot_press(port: int, node: FakeNode, headers: dict[str, str]) -> None:
    assert touch(port, **headers) == 403
    assert node.touched == []


def test_a_name_made_to_lead_here_shows_nothing(port: int) -> None:
    assert ask(port, "GET", "/", Host="stranger.example")[0] == 403


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"level": 2},
        {"level": "2", "key": KEY},
        {"level": True, "key": KEY},
        {"level": 0, "key": KEY},
        {"level": 6, "key": KEY},
        {"level": 2, "key": "short"},
        {"level": 2, "key": KEY, "dossier": "<b>"},
        {"level": 2, "key": KEY, "dossier": "x" * 2_000},
    ],
)
def test_a_touch_that_is_none_is_refused(port: int, node: FakeNode, body: Any) -> None:
    assert touch(port, body=body) == 400
    assert node.touched == []


def test_more_touches_than_hands_can_make_are_refused(port: int, node: FakeNode) -> None:
    statuses = [touch(port) for _ in range(25)]
    assert statuses == [200] * 20 + [429] * 5


def test_visitors_without_a_thread_take_no_place(
    port: int, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as while_full:
        while_full.setattr(threading.Thread, "start", refuse)
        for _ in range(30):
            with socket.create_connection((HOST, port), timeout=60) as visitor:
                assert visitor.recv(1) == b""
    assert touch(port) == 200


def test_whoever_says_nothing_holds_up_nobody(port: int) -> None:
    silent = [socket.create_connection((HOST, port)) for _ in range(5)]
    assert ask(port, "GET", "/alive")[0] == 204
    for each in silent:
        each.close()


@pytest.mark.parametrize("path", ["/../kiosk.py", "/page", "/node.toml"])
def test_nothing_else_is_served(port: int, path: str) -> None:
    assert ask(port, "GET", path)[0] == 404


def test_a_port_that_is_taken_is_told_and_tried_again(port: int, node: FakeNode) -> None:
    second = Kiosk({}, host=HOST, port=port, post=node.post, clock=FakeClock())
    assert second.step() > 0
    assert second.port is None
    assert node.troubles[-1].name == "touch_page"
    assert str(port) in node.troubles[-1].why
