"""What a file output kept goes to the hub, so that staff can listen to what a loudspeaker really played.

The ring itself is the list of what is still to be sent: a file with a `.sent` beside it has been. What the
ring lets go before the hub could be reached is lost to listening only; the ledger tells that it was played.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from edge.errors import HubNotReached, HubRefused
from edge.speaker.fetch import Hub
from edge.speaker.kept import KeptSound, kept_sounds, sound_of

__all__ = ["KeptSounds", "NoSounds", "Sounds"]

log = logging.getLogger(__name__)

_BACKOFF_S = (2.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_LOOK_AGAIN_S = 600.0
_TRIES_IF_NOT_SERVED = 6  # the hub may not have read yet that the play is over


class KeptSounds(Protocol):
    """What an output keeps of its plays, by occurrence."""

    def is_kept(self, occurrence: str) -> bool:
        """Whether the sound of an occurrence can be listened to."""

    def finished(self, occurrence: str) -> None:
        """The sound of an occurrence is whole now."""

    def hurry(self) -> None:
        """The network is back: try at once what had failed."""


class NoSounds:
    """For an output that keeps nothing."""

    def is_kept(self, occurrence: str) -> bool:
        """See `KeptSounds`."""
        return False

    def finished(self, occurrence: str) -> None:
        """See `KeptSounds`."""

    def hurry(self) -> None:
        """See `KeptSounds`."""


class Sounds:
    """Sends the sounds in `folder` that are whole. `step` is one thread's, the rest may be called from any.

    `changed` is set when there may be something to send.
    """

    def __init__(
        self, folder: Path, *, node: str, hub: Hub, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._node = node
        self._hub = hub
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._whole = {sound.path for sound in kept_sounds(folder)}
        self._failures: dict[Path, int] = {}
        self._retry_at_s: dict[Path, float] = {}
        self.changed = threading.Event()

    def is_kept(self, occurrence: str) -> bool:
        """See `KeptSounds`."""
        return sound_of(self._folder, occurrence) is not None

    def finished(self, occurrence: str) -> None:
        """See `KeptSounds`."""
        whole = {sound.path for sound in kept_sounds(self._folder) if sound.play_id == occurrence}
        with self._lock:
            self._whole |= whole
        self.changed.set()

    def hurry(self) -> None:
        """See `KeptSounds`."""
        with self._lock:
            self._retry_at_s.clear()
        self.changed.set()

    def step(self) -> float:
        """Send one sound, or clear away the marks of those gone; returns the seconds until the next step."""
        now_s = self._monotonic()
        waiting = [sound for sound in kept_sounds(self._folder) if self._is_to_send(sound)]
        with self._lock:
            ready = [one for one in waiting if self._retry_at_s.get(one.path, 0.0) <= now_s]
            later = [self._retry_at_s.get(one.path, now_s) - now_s for one in waiting]
        if ready:
            self._send(ready[-1])
            return 0.0
        self._forget_gone()
        return min([_LOOK_AGAIN_S, *(max(0.1, wait) for wait in later)])

    def _is_to_send(self, sound: KeptSound) -> bool:
        with self._lock:
            return sound.path in self._whole and not _mark(sound.path).exists()

    def _send(self, sound: KeptSound) -> None:
        try:
            self._hub.upload(f"{sound.play_id}@{self._node}", sound.path, first_sample=sound.first_sample)
        except (HubNotReached, HubRefused) as error:
            self._retry_later(sound, error)
        except FileNotFoundError:
            return  # the ring let it go meanwhile
        else:
            _mark(sound.path).touch()

    def _retry_later(self, sound: KeptSound, error: Exception) -> None:
        log.info("sound of %s: %s", sound.play_id, error)
        with self._lock:
            failures = self._failures.get(sound.path, 0) + 1
            self._failures[sound.path] = failures
            wait_s = _BACKOFF_S[min(failures, len(_BACKOFF_S)) - 1]
            self._retry_at_s[sound.path] = self._monotonic() + wait_s
            if isinstance(error, HubRefused) and failures >= _TRIES_IF_NOT_SERVED:
                self._whole.discard(sound.path)

    def _forget_gone(self) -> None:
        for mark in self._folder.glob("*.sent"):
            if not mark.with_suffix("").exists():
                with contextlib.suppress(OSError):
                    mark.unlink()
        with self._lock:
            self._whole = {path for path in self._whole if path.exists()}


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}.sent")
