"""Sound cards: the only file that knows sounddevice, that is PortAudio.

PortAudio is loaded when it is first needed, so a node whose output is a file works without it.
"""

import importlib
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

from edge.speaker.errors import DeviceBusy, DeviceMissing
from edge.speaker.samples import SAMPLE_RATE_HZ, Samples

__all__ = ["Fill", "OpenStream", "Stream", "open_stream", "output_devices"]

# Called in the device's own thread for each block; the number is how many seconds from now, as the device
# says, the block's first sample leaves the converter.
Fill = Callable[[Samples, float], None]

LAGS = 40
# PortAudio's clock may be the wall clock; a wait is never that long.
CLOCK_STEP_S = 0.25

# What PortAudio says (paDeviceUnavailable) of a device that another program holds. It lists none such.
UNAVAILABLE = -9985

# PortAudio is one for the whole process, and lists devices only when it starts.
_lock = threading.Lock()
_open_streams = 0


class Stream(Protocol):
    """An open device that asks for sound."""

    @property
    def is_active(self) -> bool:
        """False once the device has given up."""

    def close(self) -> None:
        """Cut the sound and let the device go."""


OpenStream = Callable[[str | None, float, Fill], Stream]


def output_devices() -> tuple[str, ...]:
    """The names by which devices can be asked for now, or while one sounds, could be when it was opened.

    DeviceMissing if PortAudio is not installed.
    """
    with _lock:
        portaudio = _portaudio()
        if _open_streams == 0:
            _look_anew(portaudio)
        return tuple(device["name"] for device in _outputs(portaudio))


def open_stream(device: str | None, latency_s: float, fill: Fill) -> Stream:
    """Open the device of exactly that name (None: the system's default) and let it ask ``fill`` for sound.

    DeviceMissing if there is none even after looking anew; DeviceBusy if it is there and will not open.
    """
    global _open_streams
    with _lock:
        stream = _PortAudioStream(_portaudio(), device, latency_s, fill)
        _open_streams += 1
    return stream


class _PortAudioStream:
    def __init__(self, portaudio: Any, device: str | None, latency_s: float, fill: Fill) -> None:
        self._fill = fill
        self._lags_s: deque[float] = deque(maxlen=LAGS)
        try:
            self._stream = self._started(portaudio, device, latency_s)
        except portaudio.PortAudioError as error:
            if _open_streams > 0:
                raise DeviceBusy(f"{device or 'default device'}: {error}") from error
            # Unplugged and plugged in again, it may stand elsewhere in the list.
            _look_anew(portaudio)
            self._stream = self._started_at_last(portaudio, device, latency_s, refusal=error)

    def _started(self, portaudio: Any, device: str | None, latency_s: float) -> Any:
        stream = portaudio.OutputStream(
            device=_index_of(portaudio, device),
            samplerate=SAMPLE_RATE_HZ,
            channels=1,
            dtype="float32",
            latency=latency_s,
            callback=self._callback,
        )
        try:
            stream.start()
        except portaudio.PortAudioError:
            stream.close()
            raise
        return stream

    def _started_at_last(
        self, portaudio: Any, device: str | None, latency_s: float, *, refusal: Exception
    ) -> Any:
        try:
            return self._started(portaudio, device, latency_s)
        except portaudio.PortAudioError as error:
            raise DeviceBusy(f"{device or 'default device'}: {error}") from error
        except DeviceMissing:
            if UNAVAILABLE in refusal.args:
                raise DeviceBusy(f"{device or 'default device'}: {refusal}") from refusal
            raise

    @property
    def is_active(self) -> bool:
        return bool(self._stream.active)

    def close(self) -> None:
        global _open_streams
        with _lock:
            if not self._stream.closed:
                self._stream.close()
                _open_streams -= 1

    def _callback(self, out: Any, frames: int, when: Any, flags: Any) -> None:
        late_s = self._lateness_s(time.monotonic() - when.currentTime)
        self._fill(out[:, 0], when.outputBufferDacTime - when.currentTime - late_s)

    def _lateness_s(self, lag_s: float) -> float:
        """How long ago PortAudio looked at its clock: this thread may have waited for Python's lock since.

        Its clock has another zero than ours; the smallest difference seen lately is the one without waiting.
        """
        if self._lags_s and lag_s - min(self._lags_s) > CLOCK_STEP_S:
            self._lags_s.clear()
        self._lags_s.append(lag_s)
        return lag_s - min(self._lags_s)


def _portaudio() -> Any:
    try:
        return importlib.import_module("sounddevice")
    except OSError as error:
        raise DeviceMissing(f"PortAudio is not installed (apt-get install libportaudio2): {error}") from error


def _outputs(portaudio: Any) -> list[Any]:
    return [device for device in portaudio.query_devices() if device["max_output_channels"] > 0]


def _index_of(portaudio: Any, name: str | None) -> int:
    found = _find(portaudio, name)
    if found is None and _open_streams == 0:
        _look_anew(portaudio)
        found = _find(portaudio, name)
    if found is None:
        have = ", ".join(device["name"] for device in _outputs(portaudio)) or "none"
        raise DeviceMissing(
            f"wanted the output device {name or 'default'!r}, found {have}"
            " (none is found that another program holds)"
        )
    return found


def _look_anew(portaudio: Any) -> None:
    portaudio._terminate()
    portaudio._initialize()


def _find(portaudio: Any, name: str | None) -> int | None:
    if name is None:
        index = int(portaudio.default.device[1])
        return index if index >= 0 else None
    return next((int(device["index"]) for device in _outputs(portaudio) if device["name"] == name), None)
