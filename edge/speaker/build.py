"""A loudspeaker node from its settings: every part made, wired, started in order and stopped in reverse."""

import threading
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

from edge.belongings import PLAYED
from edge.clock import Clock
from edge.config import AmplifierSettings, NodeSettings, SoundSettings
from edge.loop import Loop
from edge.parts import NodeParts
from edge.presence import Presence
from edge.speaker.amplifier import Amplifier, GpioAmplifier, NoAmplifier
from edge.speaker.clips import Clips
from edge.speaker.device_check import DeviceCheck
from edge.speaker.device_output import DeviceOutput
from edge.speaker.fetch import HubMedia
from edge.speaker.holdings import Holdings
from edge.speaker.inventory import Inventory
from edge.speaker.node import SpeakerNode
from edge.speaker.numbers import numbers_of
from edge.speaker.output import Output
from edge.speaker.pace import Pace
from edge.speaker.player import Player
from edge.speaker.plays import Plays
from edge.speaker.ring import RingOutput
from edge.speaker.sounds import KeptSounds, NoSounds, Sounds
from edge.speaker.stage import Stage
from edge.trust import Trust

__all__ = ["make_amplifier", "make_output", "ring_folder", "run_speaker"]

_START_OF_TIME = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class _ClockPace:
    """The node's clock, for threads that sound: it may know better than the system's."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def utc(self) -> datetime:
        return self.clock.now()

    def monotonic_s(self) -> float:
        return self.clock.monotonic()

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        return event.wait(timeout_s)


def ring_folder(data: Path) -> Path:
    """Where a file output keeps what it played."""
    return data / PLAYED


def make_output(sound: SoundSettings, *, data: Path, pace: Pace | None = None) -> Output:
    """The output that the settings name. Raises OSError if the folder of a file output cannot be made."""
    if sound.output == "file":
        limit_bytes = sound.file_limit_mb * 1_000_000
        return RingOutput(ring_folder(data), limit_bytes=limit_bytes, delay_ms=sound.delay_ms, pace=pace)
    return DeviceOutput(sound.device, delay_ms=sound.delay_ms, pace=pace)


def make_amplifier(wanted: AmplifierSettings) -> Amplifier:
    """The amplifier that the settings name, off. Raises `AmplifierError`."""
    if wanted.pins == "none":
        return NoAmplifier()
    return GpioAmplifier(
        pin=wanted.pin,
        pin_factory=wanted.pins,
        active_high=wanted.active_high,
        warm_up_s=wanted.warm_up_ms / 1000,
        hold_s=wanted.hold_ms / 1000,
        watchdog_s=wanted.watchdog_s,
    )


def run_speaker(settings: NodeSettings, *, loop: Loop, software: str) -> None:
    """Run the node until `Quit` is posted to `loop`; on return everything is silent, stopped and closed.

    Raises `LedgerError`, `AmplifierError` or OSError when a part cannot be had at all, `GaveUp` when the
    program fails again and again.
    """
    with ExitStack() as parts:
        node = _Parts(settings, loop, software, parts).node()
        loop.run(node)


class _Parts(NodeParts):
    """Makes a loudspeaker's own parts."""

    def __init__(self, settings: NodeSettings, loop: Loop, software: str, parts: ExitStack) -> None:
        if settings.sound is None:
            raise ValueError("a loudspeaker's settings have a section [sound]")
        super().__init__(settings, loop, software, parts)
        self._sound = settings.sound
        self._holdings = self._make_holdings()
        self._held: set[str] = set()

    def node(self) -> SpeakerNode:
        """The node, its threads running."""
        stage = self._make_stage()
        clips = self._make_clips()
        sounds = self._make_sounds()
        plays = self._make_plays(stage, clips, sounds)
        inventory = self._make_inventory(clips)
        presence = self._make_presence(inventory)
        self.keep_certificate()
        return SpeakerNode(
            self.core(presence),
            ledger=self.ledger,
            holdings=self._holdings,
            inventory=inventory,
            stage=stage,
            plays=plays,
            sounds=sounds,
            player=self._make_player(plays, stage),
        )

    def _make_holdings(self) -> Holdings:
        who = self.settings.node
        trust = Trust(keyring=self.settings.keyring(), site=who.site, node=who.name, areas=who.areas)
        return Holdings(ledger=self.ledger, trust=trust, clock=self.clock)

    def _make_stage(self) -> Stage:
        output = make_output(self._sound, data=self.data, pace=_ClockPace(self.clock))
        if self._sound.output == "device":
            check = DeviceCheck(self._sound.device, post=self.loop.post)
            self.work("device check", check.step, threading.Event())
        amplifier = make_amplifier(self.settings.amplifier)
        stage = Stage(output, amplifier, on_power=self.loop.post, pace=_ClockPace(self.clock))
        self.parts.callback(stage.close)
        return stage

    def _make_hub(self) -> HubMedia:
        settings = self.settings
        hub = HubMedia(
            settings.hub.url,
            user=settings.node.name,
            password=settings.password(),
            tls=settings.tls_files(),
        )
        self.parts.callback(hub.close)
        return hub

    def _make_clips(self) -> Clips:
        clips = Clips(self.data / "recordings", hub=self._make_hub(), post=self.loop.post)
        self.work("recordings", clips.step, clips.changed)
        self.parts.callback(clips.stop)
        return clips

    def _make_plays(self, stage: Stage, clips: Clips, sounds: KeptSounds) -> Plays:
        return Plays(
            stage=stage,
            path_of=clips.path_of,
            sounds=sounds,
            record=self.journal.record,
            post=self.loop.post,
            clock=self.clock,
            settled=set(self.ledger.finished_ids(since=_START_OF_TIME)),
        )

    def _make_sounds(self) -> KeptSounds:
        if self._sound.output != "file":
            return NoSounds()
        sounds = Sounds(ring_folder(self.data), node=self.settings.node.name, hub=self._make_hub())
        self.work("sounds", sounds.step, sounds.changed)
        return sounds

    def _make_inventory(self, clips: Clips) -> Inventory:
        return Inventory(
            clips=clips,
            ledger=self.ledger,
            journal=self.journal,
            faults=self.faults,
            now=self.clock.now,
            held=self._held,
        )

    def _make_player(self, plays: Plays, stage: Stage) -> Player:
        return Player(
            holdings=self._holdings,
            plays=plays,
            journal=self.journal,
            clock=self.clock,
            arm_s=self._sound.arm_s,
            lead_s=stage.lead_s,
            held=self._held,
        )

    def _make_presence(self, inventory: Inventory) -> Presence:
        numbers = partial(
            numbers_of,
            holdings=self._holdings,
            inventory=inventory,
            journal=self.journal,
            faults=self.faults,
        )
        return self.presence(output=self._sound.output, numbers=numbers)
