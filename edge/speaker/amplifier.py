"""The amplifier's power, on a pin.

Power is off unless something is to be heard: off when made, when closed, when the program ends in order,
and when nobody has fed the watchdog for a while (the program's loop hangs). Should the whole process die at
once, the kernel lets the pin go and the board's own resistor must pull the relay open; that is part of the
wiring, not of this file.
"""

import atexit
import logging
import threading
from typing import Protocol

from edge.pins import OutputPin, PinError, PinFactory, open_output
from edge.speaker.errors import AmplifierError
from edge.speaker.pace import Pace, RealPace

__all__ = ["Amplifier", "GpioAmplifier", "NoAmplifier"]

log = logging.getLogger(__name__)


class Amplifier(Protocol):
    """Power for the loudspeaker. ``warm_up_s`` passes from power to clean sound, ``hold_s`` after it."""

    warm_up_s: float
    hold_s: float

    @property
    def is_on(self) -> bool: ...

    def on(self) -> None:
        """Give power; AmplifierError if the pin refuses."""

    def off(self) -> None:
        """Take power away; AmplifierError if the pin refuses."""

    def feed(self) -> None:
        """Say that the program is alive; to be called more often than the watchdog's time."""

    def close(self) -> None:
        """Off, and let the pin go. Nothing works after it."""


class NoAmplifier:
    """For a loudspeaker that is always powered, and for a laptop."""

    warm_up_s = 0.0
    hold_s = 0.0

    def __init__(self) -> None:
        self._is_on = False

    @property
    def is_on(self) -> bool:
        return self._is_on

    def on(self) -> None:
        self._is_on = True

    def off(self) -> None:
        self._is_on = False

    def feed(self) -> None:
        pass

    def close(self) -> None:
        self._is_on = False


class GpioAmplifier:
    """An Amplifier whose relay hangs on BCM pin ``pin``; it is off when this returns.

    ``pin_factory`` names how pins are reached: ``lgpio`` on a Pi, ``mock`` for a pin that exists in memory
    only. No other is tried: AmplifierError if it cannot be had. With ``active_high=False`` a low level
    gives power.
    """

    def __init__(
        self,
        *,
        pin: int,
        pin_factory: PinFactory,
        active_high: bool = True,
        warm_up_s: float = 0.5,
        hold_s: float = 1.0,
        watchdog_s: float = 5.0,
        pace: Pace | None = None,
    ) -> None:
        self.warm_up_s = warm_up_s
        self.hold_s = hold_s
        self._watchdog_s = watchdog_s
        self._pace = pace or RealPace()
        self._lock = threading.Lock()
        self._fed_s = self._pace.monotonic_s()
        self._closed = threading.Event()
        self._relay = _open_relay(pin, pin_factory, active_high=active_high)
        atexit.register(self.close)
        self._watchdog = threading.Thread(target=self._watch, name="amplifier watchdog", daemon=True)
        self._watchdog.start()

    @property
    def is_on(self) -> bool:
        return not self._closed.is_set() and bool(self._relay.value)

    def on(self) -> None:
        self.feed()
        self._switch(on=True)

    def off(self) -> None:
        self._switch(on=False)

    def feed(self) -> None:
        self._fed_s = self._pace.monotonic_s()

    def close(self) -> None:
        with self._lock:
            if self._closed.is_set():
                return
            self._closed.set()
            try:
                self._relay.off()
            finally:
                self._relay.close()
        atexit.unregister(self.close)
        self._watchdog.join()

    def _switch(self, *, on: bool) -> None:
        with self._lock:
            if self._closed.is_set():
                raise AmplifierError("the amplifier's pin has been let go")
            try:
                self._relay.value = on
            except Exception as error:  # lgpio has errors of its own, outside gpiozero's tree
                raise AmplifierError(f"the pin cannot be switched: {error!r}") from error

    def _watch(self) -> None:
        while not self._pace.wait(self._closed, self._watchdog_s / 4):
            try:
                self._take_power_if_hungry()
            except Exception:  # the top of this thread, which must outlive a pin that fails once
                log.exception("amplifier watchdog")

    def _take_power_if_hungry(self) -> None:
        if self.is_on and self._pace.monotonic_s() - self._fed_s > self._watchdog_s:
            log.error("the program's loop has not been heard for %.1f s: amplifier off", self._watchdog_s)
            self.off()


def _open_relay(pin: int, pin_factory: PinFactory, *, active_high: bool) -> OutputPin:
    try:
        return open_output(pin, pin_factory, active_high=active_high)
    except PinError as error:
        raise AmplifierError(str(error)) from error
