"""What can be done to the demo that runs: cut or join a node's network, press a button, change a camera."""

import socket
from collections.abc import Callable, Mapping

from hub.demo_camera import STATES, Camera
from hub.demo_control import Answer, Question, short_path
from hub.demo_village import COUNTERS, Village
from hub.relay import Relays

__all__ = ["ACTIONS", "Actions"]

_COUNTER_SOCKET = "control.sock"
_COUNTER_WAIT_S = 5.0
_LONGEST = 1000

ACTIONS: Mapping[str, str] = {
    "cut": "",
    "join": "",
    "press": "a level, 1 (best) to 5",
    "camera": "one of " + ", ".join(STATES),
}
"""Each action with what it needs beside the node, if anything."""


class Actions:
    """Answers every question that the demo's control socket is asked."""

    def __init__(self, *, village: Village, relays: Relays, cameras: Mapping[str, Camera]) -> None:
        self._village = village
        self._relays = relays
        self._cameras = cameras
        self._doers: Mapping[str, Callable[[str, str], Answer]] = {
            "cut": self._cut,
            "join": self._join,
            "press": self._press,
            "camera": self._camera,
        }

    def __call__(self, question: Question) -> Answer:
        """Do what is asked; whether it was done, and a sentence."""
        doer = self._doers.get(question.do)
        if doer is None:
            return False, f"the demo cannot {question.do}; it can {', '.join(self._doers)}"
        if question.node not in self._relays.names:
            return False, f"there is no node {question.node}; the nodes are: {', '.join(self._relays.names)}"
        if question.do in ("press", "camera") and question.node not in COUNTERS:
            return False, f"{question.node} is no counter; the counters are: {', '.join(COUNTERS)}"
        return doer(question.node, question.value)

    def _cut(self, node: str, _value: str) -> Answer:
        self._relays.cut(node)
        text = f"{node} is cut off; it goes on by itself. Bring it back: ./loa demo join {node}"
        return True, text

    def _join(self, node: str, _value: str) -> Answer:
        try:
            self._relays.join(node)
        except OSError as error:
            return False, f"{node} could not be joined: {error}"
        return True, f"{node} is back on the network"

    def _press(self, node: str, level: str) -> Answer:
        try:
            said = self._tell_counter(node, f"press {level}")
        except OSError as error:
            return False, f"{node} does not answer: {error.strerror or error}"
        return (True, f"{node}: pressed {level}") if said == "ok" else (False, f"{node}: {said}")

    def _camera(self, node: str, state: str) -> Answer:
        try:
            self._cameras[node].become(state)
        except (OSError, ValueError) as error:
            return False, str(error)
        return True, f"the camera of {node} is now: {state}"

    def _tell_counter(self, node: str, line: str) -> str:
        folder = self._village.node_settings(node).parent / "data"
        with socket.socket(socket.AF_UNIX) as way:
            way.settimeout(_COUNTER_WAIT_S)
            with short_path(folder, _COUNTER_SOCKET) as path:
                way.connect(path)
            way.sendall(f"{line}\n".encode())
            return way.makefile(encoding="utf-8", errors="replace").readline(_LONGEST).strip()
