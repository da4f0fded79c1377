from collections.abc import Callable, Iterator
from typing import Any

import pytest
from gpiozero.pins.mock import MockFactory

from edge.config_counter import CounterSettings
from edge.counter.buttons import Buttons
from edge.counter.events import ButtonDown, ButtonUp
from edge.pins import PinError
from tests.fakes import FakeClock

PINS = (5, 6, 13, 19)
LAMP = 21


@pytest.fixture
def events() -> list[object]:
    return []


@pytest.fixture
def buttons(factory: MockFactory, events: list[object]) -> Iterator[Callable[..., Buttons]]:
    made: list[Buttons] = []

    def make(**changes: Any) -> Buttons:
        wanted: dict[str, Any] = {"pins": "mock", "button_pins": PINS, "lamp_pin": LAMP}
        settings = CounterSettings(**wanted | changes)
        made.append(Buttons(settings, post=events.append, clock=FakeClock()))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_a_press_is_queued_with_the_instant_it_happened(
    buttons: Callable[..., Buttons], factory: MockFactory, events: list[object]
) -> None:
    buttons()
    factory.pin(PINS[3]).drive_low()
    clock = FakeClock()
    assert events == [ButtonDown(4, clock.monotonic(), clock.now())]


def test_letting_go_is_queued_too(
    buttons: Callable[..., Buttons], factory: MockFactory, events: list[object]
) -> None:
    buttons()
    factory.pin(PINS[0]).drive_low()
    factory.pin(PINS[0]).drive_high()
    assert events[1:] == [ButtonUp(1, FakeClock().monotonic())]


def test_a_button_wired_to_plus_is_pressed_by_a_high_level(
    buttons: Callable[..., Buttons], factory: MockFactory, events: list[object]
) -> None:
    buttons(pull_up=False)
    factory.pin(PINS[1]).drive_high()
    assert [type(event) for event in events] == [ButtonDown]


def test_a_press_by_command_moves_the_pin_itself(
    buttons: Callable[..., Buttons], factory: MockFactory, events: list[object]
) -> None:
    made = buttons()
    made.press(2)
    assert not factory.pin(PINS[1]).state
    assert [event.level for event in events if isinstance(event, ButtonDown)] == [2]


@pytest.mark.parametrize("level", [0, 5])
def test_a_level_without_a_button_cannot_be_pressed(buttons: Callable[..., Buttons], level: int) -> None:
    made = buttons()
    with pytest.raises(PinError):
        made.press(level)


def test_thanks_light_the_lamps_pin(buttons: Callable[..., Buttons], factory: MockFactory) -> None:
    thanks = buttons().thanks()
    thanks.thank(0.0)
    assert factory.pin(LAMP).state
    thanks.tend(1.5)
    assert not factory.pin(LAMP).state


def test_a_pin_that_cannot_be_had_is_told(buttons: Callable[..., Buttons]) -> None:
    buttons()
    with pytest.raises(PinError, match=str(LAMP)):
        buttons(button_pins=(1, 2, 3, 4))  # the lamp's pin is taken
