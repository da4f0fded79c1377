"""How much one may ask at the hub's doors: enough for a whole office, and for all nodes at one address."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.deploy.doors_rig import Doors, open_doors
from tests.system.village import until

pytestmark = pytest.mark.long

_addresses = (f"127.0.{number // 200}.{number % 200 + 2}" for number in count())


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with open_doors(tmp_path_factory.mktemp("doors")) as opened:
        yield opened


@pytest.fixture
def address() -> str:
    """Where nobody has asked from so far."""
    return next(_addresses)


def answers(client: httpx.Client, path: str, times: int, *, method: str = "GET") -> list[httpx.Response]:
    return [client.request(method, path) for _ in range(times)]


def statuses(client: httpx.Client, path: str, times: int, *, method: str = "GET") -> set[int]:
    return {each.status_code for each in answers(client, path, times, method=method)}


def test_forty_nodes_behind_one_address_fetch_their_recordings(doors: Doors, address: str) -> None:
    nodes = [doors.node(f"to-1-loa-{number}", address) for number in range(40)]
    began_s = time.monotonic()
    with ThreadPoolExecutor(40) as together:
        fetched = [*together.map(lambda node: statuses(node, "/media/x.opus", 30), nodes)]
    assert set().union(*fetched) == {200}
    assert time.monotonic() - began_s < 50  # one measure for all of them would make it 55


def test_a_node_that_asks_without_end_waits_and_is_not_refused(doors: Doors, address: str) -> None:
    node = doors.node("to-1-loa-1", address)
    began_s = time.monotonic()
    assert statuses(node, "/media/x.opus", 125) == {200}
    assert time.monotonic() - began_s > 1  # 100 at once, then 20 a second


def test_the_hub_is_told_which_node_it_is(doors: Doors, address: str) -> None:
    assert doors.node("to-1-loa-1", address).get("/media/x.opus").text == "CN=to-1-loa-1"


def test_a_stranger_is_refused_in_words_for_programs(doors: Doors, address: str) -> None:
    asked = answers(doors.stranger(address), "/api/v1/enrolments", 300, method="POST")
    refused = next(each for each in asked if each.status_code != 200)
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "too_many_requests"
    assert int(refused.headers["Retry-After"]) > 0


def test_a_stranger_is_in_no_nodes_way(doors: Doors, address: str) -> None:
    assert 429 in statuses(doors.stranger(address), "/healthz", 300)
    assert statuses(doors.node("to-1-loa-2", address), "/media/x.opus", 5) == {200}


def test_an_office_behind_one_address_opens_its_pages(doors: Doors, address: str) -> None:
    browsers = [doors.person(address) for _ in range(30)]
    with ThreadPoolExecutor(30) as together:
        seen = [*together.map(lambda browser: statuses(browser, "/", 12), browsers)]
    assert set().union(*seen) == {200}


def test_who_floods_the_pages_is_told_so_in_vietnamese(doors: Doors, address: str) -> None:
    refused = next(each for each in doors.flood(address) if each.startswith("429"))
    assert "Content-Type: text/html; charset=utf-8" in refused
    assert "Quá nhiều yêu cầu" in refused
    assert "Too many requests" in refused


@pytest.mark.parametrize("path", ["/orders", "/api/v1/orders", "/emergencies", "/api/v1/emergencies"])
def test_a_flood_keeps_nobody_from_stopping_or_calling_out(doors: Doors, address: str, path: str) -> None:
    assert any(each.startswith("429") for each in doors.flood(address))
    assert doors.person(address).post(path).status_code == 200


def test_passwords_are_tried_thirty_times_and_then_slowly(doors: Doors, address: str) -> None:
    guesser = doors.person(address)
    tries = [each.status_code for each in answers(guesser, "/login", 60, method="POST")]
    assert set(tries[:30]) == {200}
    assert 429 in tries
    assert guesser.get("/login").status_code == 200
    assert doors.person(next(_addresses)).post("/login").status_code == 200


@pytest.mark.parametrize("path", ["/recordings", "/api/v1/recordings"])
def test_ten_uploads_of_one_address_run_and_the_next_is_refused(
    doors: Doors, address: str, path: str
) -> None:
    doors.hub.go_on.clear()
    before = doors.hub.held
    with ThreadPoolExecutor(10) as together:
        running = [together.submit(doors.person(address).post, path, content=b"x") for _ in range(10)]
        until("all are at the hub", lambda: doors.hub.held == before + 10, within_s=20)
        assert doors.person(address).post(path, content=b"x").status_code == 429
        assert doors.person(address).get(path).status_code == 200
        doors.hub.go_on.set()
        assert {each.result().status_code for each in running} == {200}


def test_people_are_told_that_the_hub_is_off_and_what_still_plays(tmp_path: Path) -> None:
    with open_doors(tmp_path) as doors:
        (tmp_path / "http.sock").unlink()
        seen = doors.person("127.9.0.1").get("/nodes")
    assert (seen.status_code, seen.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "Các cụm loa vẫn phát theo kế hoạch đã nhận" in seen.text
    assert "Loudspeakers go on with the plans they hold" in seen.text
    assert int(seen.headers["Retry-After"]) > 0


def test_programs_are_told_that_the_hub_is_off_as_of_every_other_problem(tmp_path: Path) -> None:
    with open_doors(tmp_path) as doors:
        (tmp_path / "http.sock").unlink()
        seen = doors.person("127.9.0.1").get("/api/v1/nodes")
    assert (seen.status_code, seen.json()["code"]) == (503, "hub_off")
