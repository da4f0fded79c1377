"""Does each part of a counter work? Nothing is pressed, and no camera is asked for its password."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from edge.clock import Clock, SystemClock, make_source
from edge.config import CameraSettings, CounterSettings, NodeSettings
from edge.counter.buttons import Buttons
from edge.counter.page import make_assets
from edge.counter.rtsp import greet
from edge.findings import Finding
from edge.pins import PinError
from edge.process import find_program

__all__ = ["counter_findings"]

_CONNECT_S = 3.0


def counter_findings(settings: NodeSettings, *, is_running: bool) -> Iterator[Finding]:
    """One finding for each part that the settings name. What a running node holds is left alone."""
    counter = settings.counter or CounterSettings()
    yield _buttons(counter, SystemClock(make_source(settings.clock.source)), is_running=is_running)
    if counter.touch_port:
        make_assets(counter)
        yield Finding("touch page", True, f"http://{counter.touch_host}:{counter.touch_port}/")
    if settings.camera:
        has_ffmpeg = find_program("ffmpeg") is not None
        yield Finding("ffmpeg", has_ffmpeg, "installed" if has_ffmpeg else "not installed")
    yield from map(_camera, settings.camera)


def _buttons(counter: CounterSettings, clock: Clock, *, is_running: bool) -> Finding:
    if counter.pins == "none":
        return Finding("buttons", True, "none at this counter")
    pins = ", ".join(map(str, counter.button_pins))
    if is_running:
        return Finding("buttons", True, f"pins {pins}, held by the node, which is running")
    found: list[object] = []
    try:
        Buttons(counter, post=found.append, clock=clock).close()
    except PinError as error:
        return Finding("buttons", False, str(error))
    stuck = f"; held down now: {len(found)}" if found else ""
    return Finding("buttons", not found, f"pins {pins} through {counter.pins}{stuck}")


def _camera(camera: CameraSettings) -> Finding:
    source, part = camera.source.get_secret_value(), f"camera {camera.name}"
    if source.startswith("/dev/"):
        is_there = Path(source).exists()
        return Finding(part, is_there, source if is_there else f"{source} is not there")
    place = urlsplit(source)
    greeting = greet(place.hostname or "", place.port, timeout_s=_CONNECT_S)
    shown = f"{place.hostname}:{place.port or 554}"
    found = greeting.problem or "answers; its password is not tried here"
    return Finding(part, not greeting.problem, f"{shown}: {found}")
