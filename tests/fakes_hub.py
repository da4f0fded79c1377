"""A hub's media in memory, that breaks off, lies and is away as a test wants."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from edge.errors import HubNotReached, HubRefused

__all__ = ["FakeHub"]


class FakeHub:
    """Serves `recordings` by name; `breaks_after` bytes of each attempt it breaks off, when set."""

    def __init__(self, **recordings: bytes) -> None:
        self.recordings = dict(recordings)
        self.breaks_after: int | None = None
        self.is_away = False
        self.asked: list[tuple[str, int]] = []
        self.sounds: dict[str, tuple[bytes, datetime]] = {}

    def download(self, sha256: str, *, size: int, into: BinaryIO, go_on: Callable[[], bool]) -> None:
        self.asked.append((sha256, into.tell()))
        if self.is_away:
            raise HubNotReached("no way")
        if sha256 not in self.recordings:
            raise HubRefused("404")
        rest = self.recordings[sha256][into.tell() :]
        if self.breaks_after is not None and len(rest) > self.breaks_after:
            into.write(rest[: self.breaks_after])
            raise HubNotReached("broken off")
        into.write(rest)

    def upload(self, play: str, sound: Path, *, first_sample: datetime) -> None:
        self.asked.append((play, 0))
        if self.is_away:
            raise HubNotReached("no way")
        self.sounds[play] = (sound.read_bytes(), first_sample)
