"""What just changed, told to the open pages: names only, never content.

A page that hears `plays` asks again for what it shows. So a lost event costs one refresh, never a truth: a
reader that is too slow loses the oldest, and nobody waits for it.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from hub.errors import Problem, Unavailable

__all__ = ["NAMES", "Event", "Events", "Subscription", "TooManyReaders"]

NAMES = (
    "plays",
    "nodes",
    "recordings",
    "orders",
    "faults",
    "bulletins",
    "schedules",
    "ratings",
    "cameras",
)

_MOST_READERS = 500
_MOST_WAITING = 64


class TooManyReaders(Unavailable):
    """More open pages than the hub serves at once."""

    def __init__(self) -> None:
        problem = Problem("too_many_readers", facts={"most": _MOST_READERS})
        super().__init__(f"{_MOST_READERS} pages are listening", problem=problem)


@dataclass(frozen=True)
class Event:
    """`name` is one of `NAMES`; `subject` the id of the one thing that changed, or empty."""

    name: str
    subject: str = ""


class Subscription:
    """One reader. `wake` is called, from any thread, when there is something to take or the end has come."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._waiting: deque[Event] = deque(maxlen=_MOST_WAITING)
        self._ended = False

    @property
    def ended(self) -> bool:
        """No more will come."""
        return self._ended

    def take(self) -> list[Event]:
        """What came since the last call, oldest first, each once."""
        taken: dict[Event, None] = {}
        while self._waiting:
            taken[self._waiting.popleft()] = None
        return list(taken)

    def put(self, event: Event) -> None:
        """Add an event; the oldest falls out when the reader is slow."""
        self._waiting.append(event)
        self._wake()

    def end(self) -> None:
        """Tell the reader that no more will come."""
        self._ended = True
        self._wake()


class Events:
    """Hands each event to every reader. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: set[Subscription] = set()
        self._closed = False

    @property
    def readers(self) -> int:
        """How many are listening."""
        return len(self._readers)

    def publish(self, name: str, subject: str = "") -> None:
        """Tell everyone; never blocks."""
        event = Event(name, subject)
        with self._lock:
            readers = tuple(self._readers)
        for reader in readers:
            reader.put(event)

    def subscribe(self, wake: Callable[[], None] = lambda: None) -> Subscription:
        """Begin to listen. Raises `TooManyReaders`."""
        reader = Subscription(wake)
        with self._lock:
            if len(self._readers) >= _MOST_READERS:
                raise TooManyReaders()
            if self._closed:
                reader.end()
            self._readers.add(reader)
        return reader

    def unsubscribe(self, reader: Subscription) -> None:
        """Stop listening; again is harmless."""
        with self._lock:
            self._readers.discard(reader)

    def close(self) -> None:
        """End every reader, now and to come: the hub is stopping."""
        with self._lock:
            self._closed = True
            readers = tuple(self._readers)
        for reader in readers:
            reader.end()
