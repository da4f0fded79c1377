"""A counter node: one thread takes in presses, looks and messages, and sees that what follows is done.

Nothing here waits for the network: a press is thanked for when it is on the disk.
"""

import logging

from edge.clock import Clock
from edge.clock_keeper import ClockKeeper
from edge.counter.desk import Desk
from edge.counter.events import ButtonDown, ButtonUp, CameraLooked, Touched
from edge.errors import LedgerError
from edge.events import Trouble
from edge.faults import Faults
from edge.journal import Journal
from edge.presence import Numbers, Presence
from edge.trust import Held, Refusal, Trust
from edge.upkeep import Upkeep
from edge.wire.errors import BadMessage, BadTopic
from edge.wire.link import Arrived, Connected, Lost
from edge.wire.orders import TimeAnswer
from edge.wire.topics import Address, Topics

__all__ = ["TOTALS_EVERY_S", "CounterNode", "numbers_of"]

log = logging.getLogger(__name__)

TOTALS_EVERY_S = 600.0
_LEDGER_AGAIN_S = 30.0


def numbers_of(*, journal: Journal, faults: Faults) -> Numbers:
    """What the hub is told with each health; a ledger that fails cannot record its own fault."""
    trouble = (f"ledger: {journal.trouble}",) if journal.trouble else ()
    return Numbers(faults=(*trouble, *faults.present()))


class CounterNode:
    """The program of a counter, for `edge.loop.Loop`; every part is handed in."""

    def __init__(
        self,
        *,
        node: str,
        topics: Topics,
        clock: Clock,
        keeper: ClockKeeper,
        journal: Journal,
        faults: Faults,
        upkeep: Upkeep,
        presence: Presence,
        trust: Trust,
        desk: Desk,
    ) -> None:
        self._node = node
        self._topics = topics
        self._clock = clock
        self._keeper = keeper
        self._journal = journal
        self._faults = faults
        self._upkeep = upkeep
        self._presence = presence
        self._trust = trust
        self._desk = desk
        self._totals_due_s = 0.0
        self._told_faults: tuple[str, ...] = ()

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
            case Trouble(name=name, why=""):
                self._faults.end(name)
            case Trouble(name=name, why=why):
                self._faults.begin(name, why)
            case Connected():
                self._presence.connected()
            case Lost(reason=reason):
                self._presence.lost(reason)
            case Arrived():
                self._read(event)

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

    def end(self, why: str) -> None:
        """Keep what is waiting, and leave word that this was in order."""
        log.info("ending: %s", why)
        self._desk.end()
        self._tend_presence()
        self._keeper.remember()
        self._upkeep.end()

    def _tend_presence(self) -> float:
        """What cannot be read of the ledger is not sent; that must not end a program that people press."""
        try:
            return self._presence.tend()
        except LedgerError as error:
            log.warning("nothing can be sent of the ledger: %s", error)
            return _LEDGER_AGAIN_S

    def _tell_totals(self) -> None:
        self._totals_due_s = self._clock.monotonic() + TOTALS_EVERY_S
        self._journal.record(self._desk.totals())

    def _tell_faults_soon(self) -> None:
        present = self._faults.present()
        if present != self._told_faults:
            self._told_faults = present
            self._presence.changed()

    def _read(self, message: Arrived) -> None:
        if not message.payload:
            return  # a retained message was cleared
        try:
            self._take(self._topics.parse(message.topic), message.payload)
        except (BadTopic, BadMessage) as error:
            reason = error.reason if isinstance(error, BadMessage) else "bad_topic"
            self._journal.refused(message.topic.rsplit("/", 1)[-1][:40], reason, str(error))

    def _take(self, address: Address, payload: bytes) -> None:
        match address:
            case Address(leaf="hub"):
                self._presence.hub_state_read(payload)
            case Address(owner=self._node, leaf="answer"):
                self._take_answer(payload)
            case Address(owner=self._node, leaf="state"):
                self._presence.own_state_read(payload)
            case Address(owner=self._node, leaf="stored"):
                self._presence.stored_read(payload)
                self._desk.totals()  # a ledger that began anew is counted before the hub has stored any of it

    def _take_answer(self, token: bytes) -> None:
        verdict = self._trust.time_answer(token, held=Held(nonce=self._presence.nonce))
        if isinstance(verdict, Refusal):
            self._journal.refused(verdict.what, verdict.reason, verdict.detail)
        elif isinstance(verdict, TimeAnswer):
            self._keeper.answered(verdict.at, sent_s=self._presence.asked_s)
            self._presence.time_answered()
