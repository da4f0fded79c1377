"""A loudspeaker node: one thread takes in what happens, and sees that what follows is done.

What may sound is decided by `conductor` and `trust`. Nothing waits for the network: what the hub should know
goes to the ledger, and from there when there is a way.
"""

import logging
from typing import Protocol

from edge.clock import Clock
from edge.clock_keeper import ClockKeeper
from edge.errors import LedgerError
from edge.events import Trouble
from edge.faults import Faults
from edge.journal import Journal
from edge.ledger import Ledger
from edge.presence import Presence
from edge.speaker.clips import ClipDropped, ClipHeld, ClipTrouble, ClipWell
from edge.speaker.device_check import DeviceChecked
from edge.speaker.errors import AmplifierError
from edge.speaker.holdings import Holdings
from edge.speaker.inventory import Inventory
from edge.speaker.output import Faulted, Started
from edge.speaker.player import Player
from edge.speaker.plays import Heard, Plays
from edge.speaker.sounds import KeptSounds
from edge.speaker.stage import Powered
from edge.trust import Refusal
from edge.upkeep import Upkeep
from edge.wire.entries import AmplifierSwitched, Obeyed, Reason, StandingAccepted
from edge.wire.errors import BadMessage, BadTopic
from edge.wire.link import Arrived, Connected, Lost
from edge.wire.orders import Order, Standing, TimeAnswer
from edge.wire.plan import Plan
from edge.wire.topics import Address, Topics

__all__ = ["SoundStage", "SpeakerNode"]

log = logging.getLogger(__name__)

_LEDGER_AGAIN_S = 30.0


class SoundStage(Protocol):
    """Sound and amplifier, as the node drives them; see `edge.speaker.stage.Stage`."""

    def tend(self) -> float:
        """Do what is due; returns the seconds until it must be called again."""

    def close(self) -> None:
        """End every sound, then take the power away."""


class SpeakerNode:
    """The program of a loudspeaker, for `edge.loop.Loop`; every part is handed in."""

    def __init__(
        self,
        *,
        node: str,
        software: str,
        topics: Topics,
        clock: Clock,
        keeper: ClockKeeper,
        ledger: Ledger,
        journal: Journal,
        faults: Faults,
        presence: Presence,
        holdings: Holdings,
        inventory: Inventory,
        stage: SoundStage,
        plays: Plays,
        sounds: KeptSounds,
        player: Player,
    ) -> None:
        self._node = node
        self._topics = topics
        self._clock = clock
        self._keeper = keeper
        self._ledger = ledger
        self._journal = journal
        self._faults = faults
        self._presence = presence
        self._holdings = holdings
        self._inventory = inventory
        self._stage = stage
        self._plays = plays
        self._sounds = sounds
        self._player = player
        self._upkeep = Upkeep(software=software, ledger=ledger, journal=journal, faults=faults, clock=clock)

    def begin(self) -> None:
        """Take up what the last run left: what is obeyed, what was cut off, which recordings are needed."""
        self._upkeep.begin()
        for refusal in self._holdings.load():
            self._refused(refusal)
        for started in self._ledger.unfinished():
            self._plays.recover(started)
        plan = self._holdings.held.plan
        if plan is not None:
            self._player.woke_with_plan()
            self._inventory.follow(plan)

    def handle(self, event: object) -> None:
        """Take in one event of the link, the output, or the recordings."""
        match event:
            case Connected():
                self._presence.connected()
                self._inventory.hurry()
                self._sounds.hurry()
            case Lost(reason=reason):
                self._presence.lost(reason)
            case Arrived():
                self._read(event)
            case Heard():
                self._heard(event)
            case Powered():
                occurrence = event.play_id or None
                self._journal.record(AmplifierSwitched(on=event.on, occurrence=occurrence))
            case ClipHeld() | ClipDropped() | ClipTrouble() | ClipWell():
                self._inventory.heard(event)
                self._presence.changed()
            case Trouble(name=name, why=""):
                self._faults.end(name)
            case Trouble(name=name, why=why):
                self._faults.begin(name, why)
            case DeviceChecked(problem=""):
                self._faults.end("sound")
            case DeviceChecked(problem=problem):
                self._faults.begin("sound", problem)

    def attend(self) -> float:
        """Decide, act, tend every part; returns the seconds until the next time."""
        self._upkeep.tend()
        waits = (self._keeper.tend(), self._player.attend(), self._tend_stage(), self._tend_presence())
        return min(waits)

    def end(self, why: str) -> None:
        """Fall silent, take the amplifier's power away, and leave word that this was in order."""
        log.info("ending: %s", why)
        self._plays.cut_all(Reason.POWER)
        self._stage.close()
        self._plays.abandon()
        self._tend_presence()
        self._keeper.remember()
        self._upkeep.end()

    def _read(self, message: Arrived) -> None:
        if not message.payload:
            return  # a retained message was cleared
        try:
            address = self._topics.parse(message.topic)
            self._take(address, message.payload)
        except (BadTopic, BadMessage) as error:
            reason = error.reason if isinstance(error, BadMessage) else "bad_topic"
            self._journal.refused(message.topic.rsplit("/", 1)[-1][:40], reason, str(error))

    def _take(self, address: Address, payload: bytes) -> None:
        match address:
            case Address(leaf="order"):
                self._take_order(payload)
            case Address(leaf="hub"):
                self._presence.hub_state_read(payload)
            case Address(owner=self._node, leaf="plan"):
                self._take_plan(payload)
            case Address(owner=self._node, leaf="standing"):
                self._take_standing(payload)
            case Address(owner=self._node, leaf="answer"):
                self._take_answer(payload)
            case Address(owner=self._node, leaf="state"):
                self._presence.own_state_read(payload)
            case Address(owner=self._node, leaf="stored"):
                self._presence.stored_read(payload)

    def _take_order(self, token: bytes) -> None:
        verdict = self._holdings.offer_order(token)
        if isinstance(verdict, Refusal):
            self._refused(verdict)
        elif isinstance(verdict, Order):
            log.info("order %d: %s, by %s", verdict.seq, verdict.kind, verdict.by)
            self._player.confirm(Obeyed(seq=verdict.seq, order=verdict.kind))

    def _take_standing(self, token: bytes) -> None:
        verdict = self._holdings.offer_standing(token)
        if isinstance(verdict, Refusal):
            self._refused(verdict)
        elif isinstance(verdict, Standing):
            self._player.confirm(
                StandingAccepted(
                    version=verdict.version,
                    stopped=verdict.stopped is not None,
                    muted=verdict.muted,
                    volume=verdict.volume,
                )
            )

    def _take_plan(self, token: bytes) -> None:
        verdict = self._holdings.offer_plan(token)
        if isinstance(verdict, Refusal):
            self._refused(verdict)
        elif isinstance(verdict, Plan):
            log.info("plan %d: %d occurrences", verdict.version, len(verdict.occurrences))
            self._inventory.follow(verdict)

    def _take_answer(self, token: bytes) -> None:
        self._holdings.begin_birth(self._presence.nonce)
        verdict = self._holdings.offer_time(token)
        if isinstance(verdict, Refusal):
            self._refused(verdict)
        elif isinstance(verdict, TimeAnswer):
            self._keeper.answered(verdict.at, sent_s=self._presence.asked_s)
            self._presence.time_answered()
            self._take_unproven()

    def _take_unproven(self) -> None:
        standing, plan = self._holdings.take_unproven()
        if standing is not None:
            self._take_standing(standing)
        if plan is not None:
            self._take_plan(plan)

    def _heard(self, heard: Heard) -> None:
        occurrence = self._plays.heard(heard)
        match heard.event:
            case Started():
                self._faults.end("sound")
            case Faulted(reason="unplayable") if occurrence is not None:
                self._inventory.doubt(occurrence.recordings)
            case Faulted(reason=reason, detail=detail):
                self._faults.begin("sound", f"{reason}: {detail}")

    def _tend_stage(self) -> float:
        try:
            wait_s = self._stage.tend()
        except AmplifierError as error:
            self._faults.begin("amplifier", str(error))
            return 1.0
        self._faults.end("amplifier")
        return wait_s

    def _tend_presence(self) -> float:
        """What cannot be read of the ledger is not sent; it must not end a program that can still play."""
        try:
            return self._presence.tend()
        except LedgerError as error:
            log.warning("nothing can be sent of the ledger: %s", error)
            return _LEDGER_AGAIN_S

    def _refused(self, refusal: Refusal) -> None:
        self._journal.refused(refusal.what, refusal.reason, refusal.detail)
