"""What may be asked of a running demo, and what it says to what it cannot do."""

from pathlib import Path
from typing import Any

import pytest

from hub.demo_actions import Actions
from hub.demo_camera import Camera
from hub.demo_control import Question


class Lines:
    """Stands in for the relays."""

    names = ("to-2-loa-1", "counter-1")

    def __init__(self) -> None:
        self.done: list[str] = []

    def cut(self, name: str) -> None:
        self.done.append(f"cut {name}")

    def join(self, name: str) -> None:
        raise OSError(f"port of {name} is taken")


class Folder:
    """Stands in for the village."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def node_settings(self, name: str) -> Path:
        return self.path / name / "node.toml"


@pytest.fixture
def lines() -> Lines:
    return Lines()


@pytest.fixture
def actions(tmp_path: Path, lines: Any) -> Actions:
    camera = Camera(
        folder=tmp_path, name="counter-1", port=1, on_line=lambda _: None, on_ended=lambda _: None
    )
    village: Any = Folder(tmp_path)
    return Actions(village=village, relays=lines, cameras={"counter-1": camera})


def test_a_node_is_cut(actions: Actions, lines: Lines) -> None:
    done, _ = actions(Question("cut", "counter-1"))
    assert done
    assert lines.done == ["cut counter-1"]


def test_a_line_that_cannot_be_joined_says_why(actions: Actions) -> None:
    done, text = actions(Question("join", "counter-1"))
    assert not done
    assert "is taken" in text


def test_a_camera_takes_a_state_it_has(actions: Actions, tmp_path: Path) -> None:
    done, _ = actions(Question("camera", "counter-1", "dark"))
    assert done
    assert (tmp_path / "counter-1.state").read_text() == "dark"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (Question("camera", "counter-1", "upside"), "wanted one of"),
        (Question("camera", "to-2-loa-1", "dark"), "no counter"),
        (Question("press", "to-2-loa-1", "1"), "no counter"),
        (Question("press", "counter-1", "1"), "does not answer"),
        (Question("cut", "loa-9"), "no node loa-9"),
        (Question("burn", "counter-1"), "cannot burn"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(actions: Actions, question: Question, words: str) -> None:
    done, text = actions(question)
    assert not done
    assert words in text
