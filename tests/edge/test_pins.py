import sys
from collections.abc import Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from edge.pins import Board, PinError, open_output

PIN = 17


@pytest.fixture
def factory(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockFactory]:
    factory = MockFactory()
    monkeypatch.setattr("gpiozero.pins.mock.MockFactory", lambda: factory)
    yield factory
    factory.reset()


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
    open_output(PIN, "mock", active_high=True)


def test_a_pin_is_taken_once(factory: MockFactory) -> None:
    board = Board("mock")
    board.output(PIN)
    with pytest.raises(PinError, match=str(PIN)):
        board.output(PIN)


def test_pins_that_cannot_be_reached_are_told_and_no_others_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gpiozero.pins.lgpio", None)
    with pytest.raises(PinError, match="lgpio"):
        Board("lgpio")


def test_real_pins_cannot_be_driven(factory: MockFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.pins._FACTORIES", {"lgpio": ("gpiozero.pins.mock", "MockFactory")})
    with pytest.raises(PinError, match="mock"):
        Board("lgpio").drive(PIN, high=True)
