"""The counter's buttons and lamp on their pins. A press is stamped in the pin's callback, and queued."""

import threading
from collections.abc import Callable
from contextlib import suppress

from edge.clock import Clock
from edge.config_counter import CounterSettings
from edge.counter.events import ButtonDown, ButtonUp
from edge.counter.thanks import Thanks
from edge.pins import Board, OutputPin, PinError

__all__ = ["Buttons", "NoButtons"]

_HAND_S = 0.15  # how long a hand holds a mock button down


class NoButtons:
    """For a counter with a touch page alone."""

    def thanks(self) -> Thanks:
        """Nothing to thank with."""
        return Thanks(lamp=None, sound=None, lamp_s=0, sound_s=0)

    def close(self) -> None:
        """Nothing to let go."""


class Buttons:
    """Takes the pins that the settings name. Raises `PinError`. `post` may be called from any thread."""

    def __init__(self, settings: CounterSettings, *, post: Callable[[object], None], clock: Clock) -> None:
        if settings.pins == "none":
            raise ValueError("these settings have no pins")
        self._settings = settings
        self._post = post
        self._clock = clock
        self._board = Board(settings.pins)
        try:
            self._lamp = self._output(settings.lamp_pin)
            self._sound = self._output(settings.sound_pin)
            for level, pin in enumerate(settings.button_pins, start=1):
                self._take(level, pin)
        except PinError:
            self._board.close()
            raise

    def thanks(self) -> Thanks:
        """Lamp and sound."""
        wanted = self._settings
        return Thanks(
            lamp=self._lamp,
            sound=self._sound,
            lamp_s=wanted.lamp_ms / 1000,
            sound_s=wanted.sound_ms / 1000,
        )

    def press(self, level: int) -> None:
        """Press a mock button as a hand would, and let it go a moment later. Raises `PinError`."""
        if not 1 <= level <= len(self._settings.button_pins):
            raise PinError(f"there is no button for level {level}")
        pin, pull_up = self._settings.button_pins[level - 1], self._settings.pull_up
        self._board.drive(pin, high=not pull_up)
        release = threading.Timer(_HAND_S, self._let_go, (pin,))
        release.daemon = True
        release.start()

    def close(self) -> None:
        """Let every pin go."""
        self._board.close()

    def _let_go(self, pin: int) -> None:
        with suppress(PinError, AssertionError):  # the board may be closed by now
            self._board.drive(pin, high=self._settings.pull_up)

    def _output(self, pin: int | None) -> OutputPin | None:
        return None if pin is None else self._board.output(pin)

    def _take(self, level: int, pin: int) -> None:
        post, clock = self._post, self._clock

        def pressed(*, at_boot: bool = False) -> None:
            at_s = clock.monotonic()
            post(ButtonDown(level, at_s, clock.now(), at_boot=at_boot))

        def released() -> None:
            post(ButtonUp(level, clock.monotonic()))

        if self._board.button(
            pin,
            pull_up=self._settings.pull_up,
            debounce_s=self._settings.debounce_ms / 1000,
            pressed=pressed,
            released=released,
        ):
            pressed(at_boot=True)
