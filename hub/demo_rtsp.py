"""A made-up camera: one real RTSP stream with a moving picture, for the demo and the tests.

Run by the system's own Python, which has Debian's bindings of GStreamer; it imports nothing of Loa. The word
in the state file says how the camera is, and may be changed while it runs: `ok` (a ball moves), `frozen`
(frames come, the picture stands still), `dark` (it is black), `off` (nobody listens).
"""

import argparse
import sys
from pathlib import Path
from typing import Any

__all__ = ["main"]

_HOST = "127.0.0.1"
_LOOK_EVERY_MS = 100
_WALL, _BALL, _BLACK = 0xFF7090B0, 0xFFFFFFFF, 0xFF000000
_SCENES = {
    "ok": {"pattern": "ball", "background-color": _WALL, "foreground-color": _BALL},
    "frozen": {"pattern": "checkers-8", "background-color": _WALL, "foreground-color": _BALL},
    "dark": {"pattern": "solid-color", "background-color": _BLACK, "foreground-color": _BLACK},
}
_PICTURE = (
    "( videotestsrc name=scene is-live=true {look}"
    " ! video/x-raw,width=320,height=240,framerate=10/1"
    " ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10"
    " ! rtph264pay name=pay0 pt=96 config-interval=1 )"
)


def main() -> int:
    """Serve `rtsp://127.0.0.1:PORT/NAME` until killed."""
    parser = argparse.ArgumentParser(description="A made-up camera.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--state", type=Path, required=True, help="the file with ok, frozen, dark or off")
    arguments = parser.parse_args()
    try:
        import gi

        gi.require_version("Gst", "1.0")
        gi.require_version("GstRtspServer", "1.0")
        from gi.repository import GLib, Gst, GstRtspServer
    except (ImportError, ValueError) as error:
        print(f"the camera needs Debian's gir1.2-gst-rtsp-server-1.0 and python3-gi: {error}", flush=True)
        return 1
    Gst.init(None)
    camera = _Camera(GLib, GstRtspServer, arguments.port, arguments.name, arguments.state)
    GLib.timeout_add(_LOOK_EVERY_MS, camera.look)
    GLib.MainLoop().run()
    return 0


class _Camera:
    """The server, and what the state file last said."""

    def __init__(self, glib: Any, rtsp: Any, port: int, name: str, file: Path) -> None:
        self._glib, self._rtsp, self._file = glib, rtsp, file
        self._server = rtsp.RTSPServer.new()
        self._server.set_address(_HOST)
        self._server.set_service(str(port))
        self._factory = rtsp.RTSPMediaFactory.new()
        self._factory.set_shared(True)
        self._factory.connect("media-configure", self._configured)
        self._server.get_mount_points().add_factory(f"/{name}", self._factory)
        self._state = "off"
        self._scenes: list[Any] = []
        self._listening = 0
        self.look()

    def look(self) -> bool:
        """Follow the state file; True, to be called again."""
        try:
            wanted = self._file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            wanted = self._state
        if wanted != self._state and wanted in (*_SCENES, "off"):
            self._become(wanted)
        return True

    def _become(self, state: str) -> None:
        self._state = state
        if state == "off":
            self._hang_up()
            return
        look = _SCENES[state]
        self._factory.set_launch(
            _PICTURE.format(look=" ".join(f"{name}={value}" for name, value in look.items()))
        )
        for scene in self._scenes:
            for name, value in look.items():
                scene.set_property(name, value)
        if not self._listening:
            self._listening = self._server.attach(None)
            print(f"camera {'listens' if self._listening else 'cannot have its port'}", flush=True)

    def _hang_up(self) -> None:
        if self._listening:
            self._glib.source_remove(self._listening)
            self._listening = 0
        self._server.client_filter(lambda *_: self._rtsp.RTSPFilterResult.REMOVE)

    def _configured(self, _factory: Any, media: Any) -> None:
        scene = media.get_element().get_by_name("scene")
        self._scenes.append(scene)
        media.connect("unprepared", lambda *_: self._scenes.remove(scene))


if __name__ == "__main__":
    sys.exit(main())
