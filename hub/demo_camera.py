"""The demo's camera: a real RTSP stream in a process of the system's Python, and the word that changes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from hub.files import write_private
from hub.process import Child, Ended

__all__ = ["STATES", "Camera"]

STATES: Final = ("ok", "frozen", "dark", "off")
"""What `loa demo camera` may say."""

_SCRIPT = Path(__file__).resolve().with_name("demo_rtsp.py")
_SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's bindings of GStreamer are its own


class Camera:
    """One camera at `rtsp://127.0.0.1:PORT/NAME`, which begins as `ok`."""

    def __init__(
        self,
        *,
        folder: Path,
        name: str,
        port: int,
        on_line: Callable[[str], None],
        on_ended: Callable[[Ended], None],
    ) -> None:
        self._file = folder / f"{name}.state"
        command = [_SYSTEM_PYTHON, str(_SCRIPT), "--port", str(port), "--name", name]
        self._child = Child(
            [*command, "--state", str(self._file)],
            name=name,
            on_line=on_line,
            on_ended=on_ended,
            environment={"PYTHONUNBUFFERED": "1"},
        )

    def start(self) -> None:
        """Begin; returns at once."""
        self.become("ok")
        self._child.start()

    def become(self, state: str) -> None:
        """Change what it shows, within a moment. Raises ValueError for a word that is not in `STATES`."""
        if state not in STATES:
            raise ValueError(f"wanted one of {', '.join(STATES)}; found {state!r}")
        write_private(self._file, state)

    def stop(self) -> None:
        """End it."""
        self._child.stop()
