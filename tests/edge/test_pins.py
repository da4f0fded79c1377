import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from gpiozero.exc import PinUnknownPi
from gpiozero.pins.mock import MockFactory

from edge.pins import Board, PinError, open_output

PIN = 17
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("active_high", [True, False])
def test_an_output_is_off_when_it_is_taken(factory: MockFactory, active_high: bool) -> None:
    open_output(PIN, "mock", active_high=active_high)
    assert bool(factory.pin(PIN).state) is not active_high


def test_a_mock_button_is_pressed_by_driving_its_pin(factory: MockFactory) -> None:
    heard: list[str] = []
    board = Board("mock")
    is_down = board.button(
        PIN,
        pull_up=True,
        debounce_s=0.02,
        pressed=lambda: heard.append("down"),
        released=lambda: heard.append("up"),
    )
    board.drive(PIN, high=False)
    board.drive(PIN, high=True)
    assert (is_down, heard) == (False, ["down", "up"])


def test_pins_that_were_let_go_can_be_taken_again(factory: MockFactory) -> None:
    board = Board("mock")
    board.output(PIN)
    board.close()
    open_output(PIN, "mock", active_high=True).on()
    assert factory.pin(PIN).state


def test_a_pin_is_taken_once(factory: MockFactory) -> None:
    board = Board("mock")
    board.output(PIN)
    with pytest.raises(PinError, match=f"pin {PIN} .*wanted each pin once"):
        board.output(PIN)


def test_pins_that_cannot_be_reached_are_told_and_no_others_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero.pins.lgpio", None)
    with pytest.raises(PinError, match="lgpio"):
        Board("lgpio")


class LgpioError(Exception):
    """What lgpio raises; its class is called `error`."""


FAULTS = [
    (
        PinUnknownPi("unable to locate Pi revision"),
        'wanted a Raspberry Pi; found another machine.*pins = "none"',
    ),
    (LgpioError("can not open gpiochip"), ".*the system did not let it.*/dev/gpiochip.*group"),
    (ModuleNotFoundError("No module named 'lgpio'"), "wanted the module lgpio.*found none.*python3-lgpio"),
]


@pytest.mark.parametrize(("error", "told"), FAULTS, ids=lambda value: type(value).__name__)
def test_why_a_board_has_no_pins_is_said_with_what_to_do(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr("gpiozero.pins.mock.MockFactory", refuse)
    with pytest.raises(PinError, match=f"pins through mock: {told}.*{error}"):
        Board("mock")


def test_a_pin_that_another_program_holds_is_said(
    factory: MockFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_pin: int) -> None:
        raise LgpioError("GPIO busy")

    monkeypatch.setattr(factory, "pin", refuse)
    with pytest.raises(PinError, match=r"pin 17 through mock: .*taken by another program.*gpioinfo"):
        Board("mock").output(PIN)


def test_a_fault_without_words_of_ours_is_said_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise LgpioError("bad edge")

    monkeypatch.setattr("gpiozero.pins.mock.MockFactory", refuse)
    with pytest.raises(PinError, match=r"LgpioError\('bad edge'\)"):
        Board("mock")


@pytest.mark.skipif(Path("/proc/device-tree/model").exists(), reason="this is a board with pins of its own")
def test_off_a_pi_the_real_library_is_told_in_words() -> None:
    with pytest.raises(PinError, match=r"wanted (a Raspberry Pi|the module lgpio)"):
        Board("lgpio")


def test_real_pins_cannot_be_driven(factory: MockFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.pins._FACTORIES", {"lgpio": ("gpiozero.pins.mock", "MockFactory")})
    with pytest.raises(PinError, match="mock"):
        Board("lgpio").drive(PIN, high=True)


@pytest.mark.skipif(find_spec("lgpio") is None, reason="PyPI has no lgpio for this Python")
def test_lgpio_leaves_nothing_in_the_folder_that_a_command_was_called_in(tmp_path: Path) -> None:
    called_in, temporary = tmp_path / "home", tmp_path / "tmp"
    called_in.mkdir()
    temporary.mkdir()
    known = {name: value for name, value in os.environ.items() if name != "LG_WD"}
    done = subprocess.run(
        [sys.executable, "-c", "import edge.pins; edge.pins.Board('lgpio')"],
        cwd=called_in,
        env={**known, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert "PinError: pins through lgpio: wanted a Raspberry Pi" in done.stderr, done.stderr
    assert [*called_in.iterdir(), *temporary.iterdir()] == []
