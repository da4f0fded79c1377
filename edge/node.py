"""What every node does with what it hears, whatever its kind: link, messages, troubles, time.

Everything here is called on the node's one thread.
"""

import logging
from dataclasses import dataclass

from edge.clock_keeper import ClockKeeper
from edge.errors import LedgerError
from edge.events import Trouble
from edge.faults import Faults
from edge.journal import Journal
from edge.presence import Presence
from edge.trust import Refusal, Settled
from edge.upkeep import Upkeep
from edge.wire.errors import BadMessage, BadTopic
from edge.wire.link import Arrived, Connected, Lost
from edge.wire.orders import TimeAnswer
from edge.wire.topics import Address, Topics

__all__ = ["Core", "Node", "told_faults"]

log = logging.getLogger(__name__)

_LEDGER_AGAIN_S = 30.0


def told_faults(*, journal: Journal, faults: Faults) -> tuple[str, ...]:
    """What the hub is told with each health; a ledger that fails cannot record its own fault."""
    trouble = (f"ledger: {journal.trouble}",) if journal.trouble else ()
    return (*trouble, *faults.present())


@dataclass(frozen=True, kw_only=True)
class Core:
    """The parts of a node of any kind; `node` is its name."""

    node: str
    topics: Topics
    keeper: ClockKeeper
    journal: Journal
    faults: Faults
    upkeep: Upkeep
    presence: Presence


class Node:
    """A node's program as far as its kind does not matter. A kind has its own `attend`, and adds its own
    events to `handle` and its own topics to `_take`."""

    def __init__(self, core: Core) -> None:
        self._node = core.node
        self._topics = core.topics
        self._keeper = core.keeper
        self._journal = core.journal
        self._faults = core.faults
        self._upkeep = core.upkeep
        self._presence = core.presence
        self._told_faults: tuple[str, ...] = ()

    def handle(self, event: object) -> None:
        """Take in one event of the link, or of a part that works on a thread of its own."""
        match event:
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
            case Address(owner=self._node, leaf="state"):
                self._presence.own_state_read(payload)
            case Address(owner=self._node, leaf="stored"):
                self._presence.stored_read(payload)

    def _time_told(self, verdict: TimeAnswer | Settled | Refusal) -> bool:
        """Take over the hub's time if it knows it; False where the answer is no news, or not believed."""
        if isinstance(verdict, Refusal):
            self._refused(verdict)
        if not isinstance(verdict, TimeAnswer):
            return False
        is_settled = not verdict.unsure and self._keeper.answered(verdict.at, sent_s=self._presence.asked_s)
        self._presence.time_answered(is_settled=is_settled)
        return True

    def _refused(self, refusal: Refusal) -> None:
        self._journal.refused(refusal.what, refusal.reason, refusal.detail)

    def _tend_presence(self) -> float:
        """What cannot be read of the ledger is not sent; that must not end a program that plays or counts."""
        try:
            return self._presence.tend()
        except LedgerError as error:
            log.warning("nothing can be sent of the ledger: %s", error)
            return _LEDGER_AGAIN_S

    def _tell_faults_soon(self) -> None:
        present = self._faults.present()
        if present != self._told_faults:
            self._told_faults = present
            self._presence.changed()

    def _leave_word(self) -> None:
        """Send what can be sent, and note that the program was ended in order."""
        self._tend_presence()
        self._keeper.remember()
        self._upkeep.end()
