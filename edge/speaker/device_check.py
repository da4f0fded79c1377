"""At boot: is the sound device there? Better known in the morning than at the first play."""

from collections.abc import Callable

from edge.events import Trouble
from edge.speaker.device import output_devices
from edge.speaker.errors import SpeakerError

__all__ = ["DeviceCheck"]

_NOT_AGAIN_S = 7 * 86_400.0  # devices are listed when PortAudio starts; plays tell what happens later


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

    def step(self) -> float:
        """Look, and tell what was found; returns the seconds until the next step."""
        self._post(Trouble("sound", self._problem()))
        return _NOT_AGAIN_S

    def _problem(self) -> str:
        try:
            found = self._devices()
        except SpeakerError as error:
            return str(error)
        if found and self._device in (None, *found):
            return ""
        return f"wanted {self._device or 'any device'}, found {', '.join(found) or 'none'}"
