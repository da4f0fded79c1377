"""Looks at the counter's cameras, one at a time and never for long, and tells verdicts and numbers.

No picture is kept: ffmpeg hands tiny grey frames through a pipe, and one stays in memory to compare with.
User and password reach ffmpeg through a pipe too, where no list of processes shows them.
"""

import hashlib
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from edge.clock import Clock
from edge.config_counter import CameraSettings
from edge.counter.events import CameraLooked
from edge.counter.refusals import Refusals
from edge.counter.rtsp import greet
from edge.counter.verdicts import HEIGHT, MISSES, WIDTH, Frames, Look, Watch, frames_of, look_at
from edge.events import Trouble
from edge.process import Ran, find_program, run_briefly
from edge.wire.entries import CameraSeen

__all__ = ["Cameras", "Eye", "FfmpegEye", "masked"]

log = logging.getLogger(__name__)

_CONNECT_S = 3.0
_LOOK_S = 2
_PATIENCE_S = 10.0
_MOST_FRAMES = 60
_SURE_S = 15.0
_LONGEST_DETAIL = 200
_FAULT = "ffmpeg"
_ADDRESS = re.compile(r"rtsp://[^\s']*", re.IGNORECASE)


class Eye(Protocol):
    """Takes one look; see `FfmpegEye`."""

    def look(self, source: str, *, before: Frames | None) -> tuple[Look, Frames | None]:
        """One look at `source`, and the frame to compare the next one with. Does not raise."""


@dataclass
class _Camera:
    settings: CameraSettings
    fingerprint: str
    watch: Watch
    due_s: float
    last: Frames | None = None

    @property
    def source(self) -> str:
        return self.settings.source.get_secret_value()


class Cameras:
    """Call `step` from one worker thread; verdicts are posted. What refused a password once is remembered in
    `folder`, so that starting the program anew is no new attempt."""

    def __init__(
        self,
        settings: Sequence[CameraSettings],
        *,
        eye: Eye,
        folder: Path,
        post: Callable[[object], None],
        clock: Clock,
    ) -> None:
        self._eye = eye
        self._post = post
        self._clock = clock
        self._refusals = Refusals(folder / "cameras.json", clock=clock)
        self._cameras = [self._resumed(each) for each in settings]
        self.nudged = threading.Event()

    def step(self) -> float:
        """Look at the camera that is due; returns the seconds until the next one is."""
        camera = min(self._cameras, key=lambda each: each.due_s)
        now_s = self._clock.monotonic()
        if camera.due_s > now_s:
            return camera.due_s - now_s
        camera.due_s = now_s + camera.settings.every_s  # should the look fail, the others have their turn
        look, frame = self._eye.look(camera.source, before=camera.last)
        camera.last = frame if frame is not None else camera.last
        self._take_in(camera, look)
        return max(0.0, min(each.due_s for each in self._cameras) - self._clock.monotonic())

    def _resumed(self, settings: CameraSettings) -> _Camera:
        source = settings.source.get_secret_value()
        fingerprint = hashlib.sha256(source.encode()).hexdigest()[:16]
        wait_s = self._refusals.wait_s(settings.name, fingerprint)
        camera = _Camera(settings, fingerprint, Watch(), self._clock.monotonic() + wait_s)
        if wait_s:
            look = Look(problem="auth_failed", detail="it refused the password before; it is left alone")
            camera.watch, _ = camera.watch.looked(look, now_s=self._clock.monotonic())
            self._post(CameraLooked(_seen(camera, look)))
        return camera

    def _take_in(self, camera: _Camera, look: Look) -> None:
        now_s = self._clock.monotonic()
        camera.watch, is_told = camera.watch.looked(look, now_s=now_s)
        camera.due_s = now_s + self._wait_s(camera, look)
        log.debug("camera %s: %s, %s", camera.settings.name, look.verdict, masked(look.detail, camera.source))
        if look.problem == "unknown":
            self._post(Trouble(_FAULT, look.detail))
        else:
            self._post(Trouble(_FAULT, ""))
        if is_told:
            self._post(CameraLooked(_seen(camera, look)))

    def _wait_s(self, camera: _Camera, look: Look) -> float:
        if look.problem == "auth_failed":
            return self._refusals.note(camera.settings.name, camera.fingerprint)
        is_unsure = 0 < camera.watch.misses < MISSES
        return min(camera.settings.every_s, _SURE_S) if is_unsure else camera.settings.every_s


def _seen(camera: _Camera, look: Look) -> CameraSeen:
    return CameraSeen(
        camera=camera.settings.name,
        verdict=camera.watch.verdict,
        frames=look.frames,
        brightness=look.brightness,
        change=look.change,
        offset_s=look.offset_s,
        detail=masked(look.detail, camera.source)[:_LONGEST_DETAIL],
    )


class FfmpegEye:
    """Looks with ffmpeg: RTSP over TCP, or a V4L2 device. `now` is asked for a camera's clock offset."""

    def __init__(self, *, now: Callable[[], datetime], patience_s: float = _PATIENCE_S) -> None:
        self._now = now
        self._patience_s = patience_s

    def look(self, source: str, *, before: Frames | None) -> tuple[Look, Frames | None]:
        """See `Eye`."""
        if find_program("ffmpeg") is None:
            return Look(problem="unknown", detail="ffmpeg is not installed"), None
        if source.startswith("/dev/"):
            return self._run(source, ["-f", "v4l2", "-i", source], b"", before)
        parts = urlsplit(source)
        greeting = greet(parts.hostname or "", parts.port, timeout_s=_CONNECT_S)
        if greeting.problem:
            return Look(problem="unreachable", detail=greeting.problem), None
        offset_s = _offset_s(greeting.date, self._now()) if greeting.date else None
        look, frame = self._run(source, _LIST, _playlist(source), before)
        return replace(look, offset_s=offset_s), frame

    def _run(
        self, source: str, given_by: Sequence[str], given: bytes, before: Frames | None
    ) -> tuple[Look, Frames | None]:
        try:
            ran = run_briefly([*_FFMPEG, *given_by, *_TINY], given=given, timeout_s=self._patience_s)
        except OSError as error:
            return Look(problem="unknown", detail=f"ffmpeg cannot be run: {error.strerror}"), None
        frames = frames_of(ran.output)
        if not len(frames):
            return _blank(ran, source), None
        return look_at(frames, before=before), frames[-1]


def _offset_s(date: datetime, now: datetime) -> float:
    """To the whole second, for the camera told no finer: its date has lost half a second on average."""
    return float(round((date - now).total_seconds() + 0.5))


_FFMPEG = ("ffmpeg", "-hide_banner", "-nostats", "-v", "error", "-threads", "1")
_LIST = ("-protocol_whitelist", "pipe,fd,tcp,rtsp,rtp", "-f", "concat", "-safe", "0", "-i", "pipe:0")
_TINY = (
    *("-map", "0:v:0", "-an", "-t", str(_LOOK_S), "-frames:v", str(_MOST_FRAMES)),
    *("-fps_mode", "passthrough", "-vf", f"scale={WIDTH}:{HEIGHT},format=gray"),
    *("-f", "rawvideo", "pipe:1"),
)


def _playlist(source: str) -> bytes:
    """A list of one for ffmpeg's concat reader. The settings allow no quotes or blanks in `source`."""
    options = f"option rtsp_transport tcp\noption timeout {round(_CONNECT_S * 1e6)}\n"
    return f"ffconcat version 1.0\nfile '{source}'\n{options}".encode()


def _blank(ran: Ran, source: str) -> Look:
    """Why there is no frame."""
    words = masked(ran.words, source)
    last = next((line for line in reversed(words.splitlines()) if line.strip()), "")
    if re.search(r"\b(401|403)\b|[Uu]nauthori[sz]ed|[Ff]orbidden", words):
        return Look(problem="auth_failed", detail="it refuses the user or password")
    if ran.code is None:
        return Look(problem="degraded", detail="it connects, but sends no picture in time")
    if re.search(r"No such file|No such device|Cannot open video device|[Tt]imed out|refused", words):
        return Look(problem="unreachable", detail=last[:_LONGEST_DETAIL])
    return Look(problem="degraded", detail=last[:_LONGEST_DETAIL] or "it connects, but sends no picture")


def masked(text: str, source: str) -> str:
    """`text` without any camera's address, whose path may hold a password too, and without that of `source`.

    What is left is the program's own words: the 401 of a channel's path is no refused password.
    """
    hidden = _ADDRESS.sub("rtsp://***", text)
    parts = urlsplit(source)
    for secret in {parts.password or "", unquote(parts.password or "")} - {""}:
        hidden = hidden.replace(secret, "***")
    return hidden
