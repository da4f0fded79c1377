"""A hub with its broker and one counter, each a process that can be killed, and a hand on the touch page."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from uuid import uuid4

import httpx

from hub.demo_village import Village
from hub.relay import Relays
from tests.system.programs import START_S, Programs
from tests.system.village import free_port, until

__all__ = ["COUNTER", "CounterRig", "Hand", "Kept", "running_counter"]

COUNTER = "counter-1"
HAND_S = 0.55  # slower than the touch page's own limit


@dataclass(frozen=True)
class Kept:
    """A press as the hub keeps it; `mark` is the dossier it was given."""

    seq: int
    at: str
    mark: str
    level: int


class CounterRig:
    """Everything runs as in a ward; a killed program is started again at once."""

    def __init__(self, folder: Path, relays: Relays, village: Village) -> None:
        self.relays = relays
        self._folder = folder
        self._village = village
        commands = {
            "hub": ["hub", "serve", "--config", str(village.hub_settings)],
            "counter": ["edge", "counter", "--config", str(village.node_settings(COUNTER))],
        }
        self._programs = Programs(folder, commands)

    def start(self) -> None:
        """Returns when a press made now would reach the hub at once."""
        self._programs.start()
        until("the counter serves its page", lambda: self.touch("warm-up"), within_s=START_S)
        until("the first press is on the hub", lambda: self.presses(), within_s=START_S)

    def stop(self) -> None:
        self._programs.stop()

    def kill(self, name: str) -> None:
        """SIGKILL to `hub`, `counter` or `broker`."""
        self._programs.kill(name)

    def touch(self, mark: str, *, level: int = 1, key: str = "") -> bool:
        """Touch a face; whether the counter said that it keeps it."""
        url = self._village.touch_url(COUNTER).rstrip("/")
        content = {"level": level, "key": key or uuid4().hex, "dossier": mark}
        try:
            answer = httpx.post(f"{url}/press", json=content, headers={"Origin": url}, timeout=5)
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    def presses(self) -> list[Kept]:
        """What the hub has, in the order of the counter's ledger."""
        file = self._folder / "hub" / "hub.db"
        with closing(connect(f"file:{file}?mode=ro", uri=True)) as db:
            rows = db.execute("SELECT seq, at, dossier, level FROM presses ORDER BY seq").fetchall()
        return [Kept(*row) for row in rows]

    def open_faults(self) -> set[str]:
        with closing(connect(f"file:{self._folder / 'hub' / 'hub.db'}?mode=ro", uri=True)) as db:
            return {name for (name,) in db.execute("SELECT name FROM faults WHERE mended_at IS NULL")}


class Hand:
    """Somebody who touches one face after another, and the same again until the counter thanks."""

    def __init__(self, rig: CounterRig) -> None:
        self._rig = rig
        self._stop, self._pause = threading.Event(), threading.Event()
        self.thanked: list[str] = []
        self._thread = threading.Thread(target=self._touch_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def _touch_on(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            mark, key = f"storm-{number}", uuid4().hex
            while not self._rig.touch(mark, level=number % 4 + 1, key=key):
                self._pause.wait(HAND_S)
            self.thanked.append(mark)
            self._stop.wait(HAND_S)


@contextmanager
def running_counter(folder: Path) -> Iterator[CounterRig]:
    """Start hub, broker and counter on `folder`; end them."""
    with ExitStack() as stack:
        village = Village(folder, port=free_port())
        relays = Relays(village.lines())
        stack.callback(relays.stop)
        relays.start()
        rig = CounterRig(folder, relays, village)
        stack.callback(rig.stop)
        rig.start()
        yield rig
