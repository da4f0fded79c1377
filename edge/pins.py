"""A board's pins: the only file that knows gpiozero. How they are reached is said, never guessed.

`lgpio` is a Pi's own; `mock` pins exist in memory only, and `Board.drive` presses them.
"""

import atexit
import importlib
import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any, Literal, Protocol

from edge.errors import EdgeError

__all__ = ["Board", "OutputPin", "PinError", "PinFactory", "open_output"]

PinFactory = Literal["lgpio", "mock"]

_FACTORIES = {
    "lgpio": ("gpiozero.pins.lgpio", "LGPIOFactory"),
    "mock": ("gpiozero.pins.mock", "MockFactory"),
}


_NOT_ON_A_PI = (
    'put this card into a Pi, or set pins = "none" in the settings of a machine that switches nothing'
)
# By the name or words of what gpiozero and lgpio raise: what was wanted and found, and what to do.
_IN_WORDS = (
    (
        "PinUnknownPi",
        'wanted a Raspberry Pi; found another machine: put this card into a Pi, or set pins = "none" where'
        " nothing is to be switched",
    ),
    (
        "ModuleNotFoundError",
        "wanted the module lgpio for this Python; found none: install the system's package python3-lgpio, and"
        " run the deploy again, which lends it to the program",
    ),
    (
        "can not open gpiochip",
        "wanted to open the board's pins; the system did not let it: ls -l /dev/gpiochip* shows whether they"
        " are there and for which group, which this user must be in (usually gpio)",
    ),
    (
        "GPIO busy",
        "wanted it free; found it taken by another program or by an overlay in config.txt: gpioinfo names"
        " which (package gpiod)",
    ),
    ("GPIOPinInUse", "wanted each pin once; found it twice in the settings"),
    ("PinInvalidPin", "wanted a pin of this board; found none of this number: see the settings"),
)


class PinError(EdgeError):
    """A pin cannot be had or switched."""


class OutputPin(Protocol):
    """A pin that switches something."""

    value: Any

    def on(self) -> None:
        """Switch on."""

    def off(self) -> None:
        """Switch off."""

    def close(self) -> None:
        """Let the pin go."""


class Board:
    """Pins of one board. What was opened is closed with it."""

    def __init__(self, pin_factory: PinFactory) -> None:
        self._name = pin_factory
        self._opened: list[Any] = []
        module, name = _FACTORIES[pin_factory]
        try:
            if pin_factory == "lgpio":
                _give_lgpio_a_folder()
            self._factory = getattr(importlib.import_module(module), name)()
        except Exception as error:
            raise PinError(f"pins through {pin_factory}: {_in_words(error)}") from error

    def output(self, pin: int, *, active_high: bool = True) -> OutputPin:
        """Take BCM pin `pin` for output, off. Raises `PinError`."""
        device: OutputPin = self._open(
            "OutputDevice", pin, active_high=active_high, initial_value=False, pin_factory=self._factory
        )
        return device

    def button(
        self,
        pin: int,
        *,
        pull_up: bool,
        debounce_s: float,
        pressed: Callable[[], None],
        released: Callable[[], None],
    ) -> bool:
        """Take BCM pin `pin` for a button, which calls back on the pins' own thread; returns whether it is
        held down already. Raises `PinError`."""
        button = self._open(
            "Button", pin, pull_up=pull_up, bounce_time=debounce_s or None, pin_factory=self._factory
        )
        button.when_pressed = pressed
        button.when_released = released
        return bool(button.is_pressed)

    def drive(self, pin: int, *, high: bool) -> None:
        """Put a mock pin to a level, as a hand would. Raises `PinError` for pins that are not mock."""
        if self._name != "mock":
            raise PinError("only mock pins can be driven")
        mock = self._factory.pin(pin)
        if high:
            mock.drive_high()
        else:
            mock.drive_low()

    def close(self) -> None:
        """Let every pin go."""
        while self._opened:
            self._opened.pop().close()
        self._factory.close()

    def _open(self, kind: str, pin: int, **wiring: Any) -> Any:
        try:
            device = getattr(importlib.import_module("gpiozero"), kind)(pin, **wiring)
        except Exception as error:  # lgpio has errors of its own, outside gpiozero's tree
            raise PinError(f"pin {pin} through {self._name}: {_in_words(error)}") from error
        self._opened.append(device)
        return device


def open_output(pin: int, pin_factory: PinFactory, *, active_high: bool) -> OutputPin:
    """One output pin on a board of its own, off. Raises `PinError`."""
    return Board(pin_factory).output(pin, active_high=active_high)


def _give_lgpio_a_folder() -> None:
    """One that is gone with the program, unless LG_WD names one: lgpio makes a pipe there as it is imported,
    and else in the current folder, where this user may have no right to."""
    if "LG_WD" not in os.environ:
        os.environ["LG_WD"] = tempfile.mkdtemp(prefix="loa-pins-")
        atexit.register(shutil.rmtree, os.environ["LG_WD"], ignore_errors=True)


def _in_words(error: Exception) -> str:
    found = repr(error)
    words = (sentence for sign, sentence in _IN_WORDS if sign in found)
    return next((f"{sentence} [{error}]" for sentence in words), found)
