"""Takes the files of deleted recordings off the disk; what a power cut left is taken up at the next start.

Only files that the deleting itself noted go. Others that no recording names may be those of a newer copy of
the hub's file.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.files import sync
from hub.store import removals
from hub.store.database import Store
from hub.store.reserve import StoreError

__all__ = ["Removal"]

LOG = logging.getLogger(__name__)


class Removal:
    """Under `folder`. A sound that is being prepared may turn out to be one that was deleted a moment ago, so
    both wait for each other: `held` while preparing.
    """

    def __init__(self, *, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._one = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing goes meanwhile; what is to go does so after it."""
        with self._one:
            yield
        self.sweep()

    def sweep(self) -> None:
        """Take off the disk what is to go. Raises nothing: what could not go is tried again later."""
        if not self._one.acquire(blocking=False):
            return  # whoever holds it sweeps afterwards
        try:
            for name in removals.due(self._store.read()):
                self._remove(name)
        except (StoreError, OSError) as error:
            LOG.warning("a deleted recording's file stays on the disk until the next try: %s", error)
        finally:
            self._one.release()

    def _remove(self, name: str) -> None:
        path = self._folder / name
        if not removals.is_wanted(self._store.read(), name) and path.exists():
            path.unlink()
            sync(path.parent)
        self._store.write(lambda db: removals.settle(db, name), must=True)
