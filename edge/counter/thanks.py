"""How a counter thanks: a lamp, and perhaps a short sound. Whoever calls has the press on the disk."""

from typing import Protocol

from edge.pins import PinError

__all__ = ["Switch", "Thanks"]

_IDLE_S = 3_600.0


class Switch(Protocol):
    """Something that is on or off; see `edge.pins.OutputPin`."""

    def on(self) -> None:
        """Switch on."""

    def off(self) -> None:
        """Switch off."""


class Thanks:
    """Lights the lamp for `lamp_s` and sounds for `sound_s`; either may be missing. Every method but the
    constructor raises `PinError` when a pin refuses."""

    def __init__(self, *, lamp: Switch | None, sound: Switch | None, lamp_s: float, sound_s: float) -> None:
        self._parts = [
            (switch, for_s) for switch, for_s in ((lamp, lamp_s), (sound, sound_s)) if switch is not None
        ]
        self._off_s: dict[int, float] = {}

    def thank(self, now_s: float) -> None:
        """Begin to thank, or go on a little longer."""
        for number, (switch, for_s) in enumerate(self._parts):
            _switch(switch, on=True)
            self._off_s[number] = now_s + for_s

    def tend(self, now_s: float) -> float:
        """Switch off what has thanked enough; returns the seconds until there is more to do."""
        for number, off_s in list(self._off_s.items()):
            if now_s >= off_s:
                _switch(self._parts[number][0], on=False)
                del self._off_s[number]
        return min((off_s - now_s for off_s in self._off_s.values()), default=_IDLE_S)

    def stop(self) -> None:
        """Switch everything off."""
        self._off_s.clear()
        for switch, _ in self._parts:
            _switch(switch, on=False)


def _switch(switch: Switch, *, on: bool) -> None:
    try:
        if on:
            switch.on()
        else:
            switch.off()
    except Exception as error:  # lgpio has errors of its own
        raise PinError(f"the lamp cannot be switched: {error!r}") from error
