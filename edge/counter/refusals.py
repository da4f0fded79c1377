"""Cameras that refused a password, and until when they are left alone: recorders lock accounts."""

import json
import logging
from datetime import datetime, timedelta
from pathlib import Path

from edge.clock import Clock
from edge.files import write_whole

__all__ = ["ALONE_S", "Refusals"]

log = logging.getLogger(__name__)

ALONE_S = 3_600.0


class Refusals:
    """Kept in a file that only the node may read. A source is known by a fingerprint, so that other settings
    are a new attempt; the file being lost costs one attempt for each start of the program."""

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._until = _read(path)

    def wait_s(self, camera: str, fingerprint: str) -> float:
        """How long to leave the camera alone from now on; 0 when it may be asked."""
        until = self._until.get(f"{camera} {fingerprint}")
        if until is None:
            return 0.0
        left_s = (until - self._clock.now()).total_seconds()
        return min(left_s, ALONE_S) if left_s > 0 else 0.0

    def note(self, camera: str, fingerprint: str) -> float:
        """It refused just now; returns how long to leave it alone."""
        self._until = {
            name: until for name, until in self._until.items() if name.partition(" ")[0] != camera
        } | {f"{camera} {fingerprint}": self._clock.now() + timedelta(seconds=ALONE_S)}
        try:
            self._write()
        except OSError as error:
            log.warning("%s: %s", self._path, error)
        return ALONE_S

    def _write(self) -> None:
        content = json.dumps({name: until.isoformat() for name, until in self._until.items()})
        write_whole(self._path, content.encode(), mode=0o600)


def _read(path: Path) -> dict[str, datetime]:
    try:
        found = json.loads(path.read_bytes())
        times = {str(name): datetime.fromisoformat(until) for name, until in found.items()}
        return {name: until for name, until in times.items() if until.tzinfo is not None}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
