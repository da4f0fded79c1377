from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.demo_control import Control, Question, ask
from hub.errors import Unavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder so deep that its sockets' names would be too long."""
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    return deep


@pytest.fixture
def control(folder: Path) -> Iterator[Control]:
    made = Control(folder, lambda q: (q.node == "loa-1", f"{q.do} {q.node} {q.value}".strip()))
    made.start()
    yield made
    made.stop()


@pytest.mark.usefixtures("control")
def test_what_is_asked_is_answered(folder: Path) -> None:
    assert ask(folder, Question("cut", "loa-1")) == (True, "cut loa-1")
    assert ask(folder, Question("press", "loa-2", "4")) == (False, "press loa-2 4")


@pytest.mark.usefixtures("control")
def test_only_its_owner_may_ask(folder: Path) -> None:
    assert (folder / "control").stat().st_mode & 0o777 == 0o600


def test_without_a_demo_there_is_nobody_to_ask(folder: Path) -> None:
    with pytest.raises(Unavailable, match="no demo is running"):
        ask(folder, Question("cut", "loa-1"))


def test_a_folder_that_is_not_there_has_no_demo(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no demo is running"):
        ask(tmp_path / "nowhere", Question("cut", "loa-1"))


def test_nothing_is_left_when_it_stopped(folder: Path) -> None:
    control = Control(folder, lambda _question: (True, ""))
    control.start()
    control.stop()
    assert list(folder.iterdir()) == []
