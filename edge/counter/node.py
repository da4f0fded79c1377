"""A counter node: one thread takes in presses, looks and messages, and sees that what follows is done.

Nothing here waits for the network: a press is thanked for when it is on the disk.
"""

import logging

from edge.clock import Clock
from edge.counter.desk import Desk
from edge.counter.events import ButtonDown, ButtonUp, CameraLooked, Touched
from edge.faults import Faults
from edge.journal import Journal
from edge.node import Core, Node, told_faults
from edge.presence import Numbers
from edge.trust import Held, Trust
from edge.wire.topics import Address

__all__ = ["TOTALS_EVERY_S", "CounterNode", "numbers_of"]

log = logging.getLogger(__name__)

TOTALS_EVERY_S = 600.0


def numbers_of(*, journal: Journal, faults: Faults) -> Numbers:
    """What the hub is told with each health."""
    return Numbers(faults=told_faults(journal=journal, faults=faults))


class CounterNode(Node):
    """The program of a counter, for `edge.loop.Loop`; every part is handed in."""

    def __init__(self, core: Core, *, clock: Clock, trust: Trust, desk: Desk) -> None:
        super().__init__(core)
        self._clock = clock
        self._trust = trust
        self._desk = desk
        self._totals_due_s = 0.0

    def begin(self) -> None:
        """Take up what the last run left, and say what has been pressed so far."""
        self._upkeep.begin()
        self._tell_totals()

    def handle(self, event: object) -> None:
        """Take in one event of buttons, touch page, cameras or link."""
        match event:
            case ButtonDown():
                self._desk.pressed(event)
            case ButtonUp():
                self._desk.released(event)
            case Touched():
                self._desk.touched(event)
            case CameraLooked(seen=seen):
                self._journal.record(seen)
            case _:
                super().handle(event)

    def attend(self) -> float:
        """Presses first, then all that can wait; returns the seconds until the next time."""
        desk_s = self._desk.attend()
        if desk_s == 0.0:
            return desk_s
        self._upkeep.tend()
        if self._clock.monotonic() >= self._totals_due_s:
            self._tell_totals()
        self._tell_faults_soon()
        waits = (desk_s, self._keeper.tend(), self._tend_presence())
        return min(*waits, self._totals_due_s - self._clock.monotonic())

    def doing(self) -> str:
        """Presses may come at any time."""
        return "running"

    def end(self, why: str) -> None:
        """Keep what is waiting, and leave word that this was in order."""
        log.info("ending: %s", why)
        self._desk.end()
        self._leave_word()

    def _tell_totals(self) -> None:
        self._totals_due_s = self._clock.monotonic() + TOTALS_EVERY_S
        self._journal.record(self._desk.totals())

    def _take(self, address: Address, payload: bytes) -> None:
        super()._take(address, payload)
        match address:
            case Address(owner=self._node, leaf="answer"):
                held = Held(nonce=self._presence.nonce)
                self._time_told(self._trust.time_answer(payload, held=held))
            case Address(owner=self._node, leaf="stored"):
                self._desk.totals()  # a ledger that began anew is counted before the hub has stored any of it
