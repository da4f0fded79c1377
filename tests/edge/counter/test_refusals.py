import stat
from pathlib import Path

import pytest

from edge.counter.refusals import ALONE_S, Refusals
from tests.fakes import FakeClock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cameras.json"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_it_is_remembered_by_the_next_run(path: Path, clock: FakeClock) -> None:
    Refusals(path, clock=clock).note("a", "1234")
    clock.advance(600)
    assert Refusals(path, clock=clock).wait_s("a", "1234") == pytest.approx(ALONE_S - 600)


def test_other_settings_and_other_cameras_are_not_meant(path: Path, clock: FakeClock) -> None:
    Refusals(path, clock=clock).note("a", "1234")
    again = Refusals(path, clock=clock)
    assert (again.wait_s("a", "5678"), again.wait_s("b", "1234")) == (0, 0)


def test_a_clock_set_back_makes_no_wait_longer_than_the_rule(path: Path, clock: FakeClock) -> None:
    Refusals(path, clock=clock).note("a", "1234")
    clock.step(-86_400)
    assert Refusals(path, clock=clock).wait_s("a", "1234") == ALONE_S


def test_old_settings_are_forgotten(path: Path, clock: FakeClock) -> None:
    refusals = Refusals(path, clock=clock)
    refusals.note("a", "1234")
    refusals.note("a", "5678")
    assert "1234" not in path.read_text()


def test_only_the_node_may_read_it(path: Path, clock: FakeClock) -> None:
    Refusals(path, clock=clock).note("a", "1234")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a 1234": 5}', '{"a 1234": "2026-11-20T10:00:00"}'])
def test_a_file_that_cannot_be_read_is_as_none(path: Path, clock: FakeClock, content: str) -> None:
    path.write_text(content)
    assert Refusals(path, clock=clock).wait_s("a", "1234") == 0


def test_a_folder_that_is_gone_changes_nothing_for_this_run(tmp_path: Path, clock: FakeClock) -> None:
    refusals = Refusals(tmp_path / "gone" / "cameras.json", clock=clock)
    assert refusals.note("a", "1234") == ALONE_S
    assert refusals.wait_s("a", "1234") == ALONE_S
