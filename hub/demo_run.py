"""The demo's processes, their logs, and the wait until the village is whole."""

import json
import logging
import sys
import threading
import time
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from logging.handlers import RotatingFileHandler
from pathlib import Path

from hub.demo_camera import Camera
from hub.demo_village import COUNTERS, HOST, NODES, Village
from hub.process import Child, Ended

__all__ = ["Processes", "wait_until_ready"]

_ROOT = Path(__file__).resolve().parent.parent
_LOG_BYTES = 1_000_000
_READY_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.05


class Processes:
    """The hub (with its broker), every node and every camera; each writes a log of its own in the folder."""

    def __init__(self, village: Village) -> None:
        self._logs = village.folder / "logs"
        self._logs.mkdir(mode=0o700, exist_ok=True)
        serve = ["-m", "hub", "serve", "--config", str(village.hub_settings)]
        self._children = [
            self._child("hub", serve),
            *(
                self._child(name, ["-m", "edge", new.kind, "--config", str(village.node_settings(name))])
                for name, new in NODES.items()
            ),
        ]
        self.cameras = {name: self._camera(name, village.camera_port(name)) for name in COUNTERS}

    def start(self) -> None:
        """Begin; returns at once."""
        for child in self._children:
            child.start()

    def start_cameras(self) -> None:
        """Begin what nobody waits for, once all else has the processor no more."""
        for camera in self.cameras.values():
            camera.start()

    def stop(self) -> None:
        """End all, the hub last."""
        for camera in self.cameras.values():
            camera.stop()
        for child in reversed(self._children):
            child.stop()

    def _child(self, name: str, command: list[str]) -> Child:
        log = _rotating_log(self._logs / f"{name}.log")
        return Child(
            [sys.executable, *command],
            name=name,
            on_line=log.info,
            on_ended=lambda ended: _tell_end(log, ended),
            environment={"PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
        )

    def _camera(self, name: str, port: int) -> Camera:
        log = _rotating_log(self._logs / f"{name}-camera.log")
        return Camera(
            folder=self._logs.parent,
            name=name,
            port=port,
            on_line=log.info,
            on_ended=lambda ended: _tell_end(log, ended),
        )


def wait_until_ready(village: Village, *, give_up: threading.Event) -> bool:
    """Wait for hub, broker and every node; False when told to give up or when it takes a minute."""
    began, until_s = datetime.now(UTC), time.monotonic() + _READY_WITHIN_S
    while not give_up.wait(_LOOK_EVERY_S):
        if _is_whole(village, since=began):
            return True
        if time.monotonic() > until_s:
            text = f"the village is not whole after {_READY_WITHIN_S:.0f} s; see {village.folder / 'logs'}"
            print(f"loa demo: {text}", file=sys.stderr)
            return False
    return False


def _is_whole(village: Village, *, since: datetime) -> bool:
    """Whether every loudspeaker has been heard `since` then: hub and broker must work for that."""
    connection = HTTPConnection(HOST, village.port, timeout=2)
    try:
        connection.request("GET", "/api/v1/nodes", headers={"Authorization": f"Bearer {village.token}"})
        answer = json.loads(connection.getresponse().read())
        here = [node for node in answer["items"] if node["here"] and node["heard_at"]]
        return {node["id"] for node in here if datetime.fromisoformat(node["heard_at"]) >= since} == set(
            NODES
        )
    except (OSError, HTTPException, ValueError, KeyError):
        return False
    finally:
        connection.close()


def _rotating_log(file: Path) -> logging.Logger:
    log = logging.Logger(file.stem, logging.INFO)
    handler = RotatingFileHandler(file, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    return log


def _tell_end(log: logging.Logger, ended: Ended) -> None:
    log.info("ended (%s), started again in %.1f s", ended.reason, ended.again_in_s)
    print(f"loa demo: {ended.name} ended ({ended.reason}); it is started again", file=sys.stderr, flush=True)
