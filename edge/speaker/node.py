"""A loudspeaker node: one thread takes in what happens, and sees that what follows is done.

What may sound is decided by `conductor` and `trust`. Nothing waits for the network: what the hub should know
goes to the ledger, and from there when there is a way.
"""

import logging
from typing import Protocol

from edge.ledger import Ledger
from edge.node import Core, Node
from edge.speaker.clips import ClipDropped, ClipHeld
from edge.speaker.errors import AmplifierError
from edge.speaker.holdings import Holdings
from edge.speaker.inventory import Inventory
from edge.speaker.output import Faulted, Started
from edge.speaker.player import Player
from edge.speaker.plays import Heard, Plays
from edge.speaker.sounds import KeptSounds
from edge.speaker.stage import Powered
from edge.trust import Refusal
from edge.wire.entries import AmplifierSwitched, Obeyed, Reason, StandingAccepted
from edge.wire.link import Connected
from edge.wire.orders import Order, Standing
from edge.wire.plan import Plan
from edge.wire.topics import Address

__all__ = ["SoundStage", "SpeakerNode"]

log = logging.getLogger(__name__)


class SoundStage(Protocol):
    """Sound and amplifier, as the node drives them; see `edge.speaker.stage.Stage`."""

    def tend(self) -> float:
        """Do what is due; returns the seconds until it must be called again."""

    def close(self) -> None:
        """End every sound, then take the power away."""


class SpeakerNode(Node):
    """The program of a loudspeaker, for `edge.loop.Loop`; every part is handed in."""

    def __init__(
        self,
        core: Core,
        *,
        ledger: Ledger,
        holdings: Holdings,
        inventory: Inventory,
        stage: SoundStage,
        plays: Plays,
        sounds: KeptSounds,
        player: Player,
    ) -> None:
        super().__init__(core)
        self._ledger = ledger
        self._holdings = holdings
        self._inventory = inventory
        self._stage = stage
        self._plays = plays
        self._sounds = sounds
        self._player = player

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
                super().handle(event)
                self._inventory.hurry()
                self._sounds.hurry()
            case Heard():
                self._heard(event)
            case Powered():
                occurrence = event.play_id or None
                self._journal.record(AmplifierSwitched(on=event.on, occurrence=occurrence))
            case ClipHeld() | ClipDropped():
                self._inventory.heard(event)
                self._presence.changed()
            case _:
                super().handle(event)

    def attend(self) -> float:
        """Decide, act, tend every part; returns the seconds until the next time."""
        self._upkeep.tend()
        self._tell_faults_soon()
        waits = (self._keeper.tend(), self._player.attend(), self._tend_stage(), self._tend_presence())
        return min(waits)

    def doing(self) -> str:
        """What sounds, or when something will; see `edge.speaker.outlook`."""
        return self._player.doing()

    def end(self, why: str) -> None:
        """Fall silent, take the amplifier's power away, and leave word that this was in order."""
        log.info("ending: %s", why)
        self._plays.cut_all(Reason.POWER)
        self._stage.close()
        self._plays.abandon()
        self._leave_word()

    def _take(self, address: Address, payload: bytes) -> None:
        super()._take(address, payload)
        match address:
            case Address(leaf="order"):
                self._take_order(payload)
            case Address(owner=self._node, leaf="plan"):
                self._take_plan(payload)
            case Address(owner=self._node, leaf="standing"):
                self._take_standing(payload)
            case Address(owner=self._node, leaf="answer"):
                self._take_answer(payload)

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
        if self._time_told(self._holdings.offer_time(token)):
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
