import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.counter.control import Control
from edge.pins import PinError


class Hand:
    """Presses level 1 to 4."""

    def __init__(self) -> None:
        self.pressed: list[int] = []

    def press(self, level: int) -> None:
        if not 1 <= level <= 4:
            raise PinError(f"there is no button for level {level}")
        self.pressed.append(level)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def path(tmp_path: Path, hand: Hand) -> Iterator[Path]:
    path = tmp_path / "control.sock"
    path.write_text("left by a run that was killed")
    control = Control(path, press=hand.press)
    yield path
    control.stop()


def say(path: Path, line: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(60)
        connection.connect(str(path))
        connection.sendall(line)
        return connection.recv(200)


def test_a_press_is_done_and_answered(path: Path, hand: Hand) -> None:
    assert say(path, b"press 4\n") == b"ok\n"
    assert hand.pressed == [4]


def test_what_cannot_be_pressed_is_said(path: Path) -> None:
    assert say(path, b"press 9\n") == b"there is no button for level 9\n"


@pytest.mark.parametrize("line", [b"\n", b"press\n", b"press -1\n", b"press \xff\n", b"x" * 200 + b"\n"])
def test_anything_else_is_answered_with_what_is_wanted(path: Path, hand: Hand, line: bytes) -> None:
    assert say(path, line) == b"wanted: press LEVEL\n"
    assert hand.pressed == []


def test_only_the_nodes_own_user_may_speak(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_deep_folder_is_no_hindrance(tmp_path: Path, hand: Hand) -> None:
    deep = tmp_path / ("a" * 100) / ("b" * 100)
    deep.mkdir(parents=True)
    control = Control(deep / "control.sock", press=hand.press)
    assert (deep / "control.sock").is_socket()
    control.stop()
    assert not (deep / "control.sock").exists()
