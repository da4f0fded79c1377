"""At boot: is the sound device there? Better known in the morning than at the first play.

A USB card may come some seconds after the program, or be plugged in by whoever reads of its absence: one that
is missing is looked for again, less and less often.
"""

from collections.abc import Callable

from edge.events import Trouble
from edge.speaker.device import output_devices
from edge.speaker.errors import SpeakerError

__all__ = ["DeviceCheck"]

_AGAIN_S, _SELDOM_S = 15.0, 3_600.0
_NOT_AGAIN_S = 7 * 86_400.0  # plays tell what happens later


class DeviceCheck:
    """Looks for the device of that name (None: any). `post` only enqueues; `step` may take seconds."""

    def __init__(
        self,
        device: str | None,
        *,
        post: Callable[[Trouble], None],
        devices: Callable[[], tuple[str, ...]] = output_devices,
    ) -> None:
        self._device = device
        self._post = post
        self._devices = devices
        self._again_s = _AGAIN_S

    def step(self) -> float:
        """Look, and tell what was found; returns the seconds until the next step."""
        problem = self._problem()
        self._post(Trouble("sound", problem))
        if not problem:
            return _NOT_AGAIN_S
        wait_s, self._again_s = self._again_s, min(2 * self._again_s, _SELDOM_S)
        return wait_s

    def _problem(self) -> str:
        try:
            found = self._devices()
        except SpeakerError as error:
            return str(error)
        if found and self._device in (None, *found):
            return ""
        return f"wanted {self._device or 'any device'}, found {', '.join(found) or 'none'}"
