"""A loudspeaker node from its settings: every part made, wired, started in order and stopped in reverse."""

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from edge.clock import Clock, SystemClock, make_source
from edge.clock_keeper import MEMORY, ClockKeeper
from edge.config import NodeSettings, SoundSettings
from edge.faults import Faults
from edge.journal import Journal
from edge.ledger import Ledger
from edge.loop import Loop
from edge.presence import Presence, Sessions, Who
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
from edge.speaker.trust import Trust
from edge.wire.link import Link
from edge.wire.topics import Topics
from edge.worker import Worker

__all__ = ["make_amplifier", "make_output", "ring_folder", "run_speaker"]

log = logging.getLogger(__name__)

_START_OF_TIME = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


class _ClockPace:
    """The node's clock, for threads that sound: it may know better than the system's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def utc(self) -> datetime:
        return self._clock.now()

    def monotonic_s(self) -> float:
        return self._clock.monotonic()

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        return event.wait(timeout_s)


def ring_folder(data: Path) -> Path:
    """Where a file output keeps what it played."""
    return data / "played"


def make_output(sound: SoundSettings, *, data: Path, pace: Pace | None = None) -> Output:
    """The output that the settings name. Raises OSError if the folder of a file output cannot be made."""
    if sound.output == "file":
        limit_bytes = sound.file_limit_mb * 1_000_000
        return RingOutput(ring_folder(data), limit_bytes=limit_bytes, delay_ms=sound.delay_ms, pace=pace)
    return DeviceOutput(sound.device, delay_ms=sound.delay_ms, pace=pace)


def make_amplifier(settings: NodeSettings) -> Amplifier:
    """The amplifier that the settings name, off. Raises `AmplifierError`."""
    wanted = settings.amplifier
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


class _Parts:
    """Makes the parts; each that must be let go is noted in `parts`, so that the last made goes first."""

    def __init__(self, settings: NodeSettings, loop: Loop, software: str, parts: ExitStack) -> None:
        if settings.sound is None:
            raise ValueError("a loudspeaker's settings have a section [sound]")
        self._settings = settings
        self._sound = settings.sound
        self._loop = loop
        self._software = software
        self._parts = parts
        self._data = settings.node.data
        self._topics = Topics(settings.node.site)
        self._ledger = Ledger.open(self._data / "ledger.db", boot=uuid4().hex)
        parts.callback(self._ledger.close)
        remembered = self._ledger.kept(MEMORY) if settings.clock.rtc else None
        self._clock = SystemClock(make_source(settings.clock.source), remembered=remembered)
        self._journal = Journal(ledger=self._ledger, clock=self._clock)
        self._faults = Faults(record=self._journal.record, ledger=self._ledger)
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
        return SpeakerNode(
            node=self._settings.node.name,
            software=self._software,
            topics=self._topics,
            clock=self._clock,
            keeper=self._make_keeper(),
            ledger=self._ledger,
            journal=self._journal,
            faults=self._faults,
            presence=presence,
            holdings=self._holdings,
            inventory=inventory,
            stage=stage,
            plays=plays,
            sounds=sounds,
            player=self._make_player(plays, stage),
        )

    def _make_holdings(self) -> Holdings:
        who = self._settings.node
        trust = Trust(keyring=self._settings.keyring(), site=who.site, node=who.name, areas=who.areas)
        return Holdings(ledger=self._ledger, trust=trust, clock=self._clock)

    def _make_keeper(self) -> ClockKeeper:
        remember = self._settings.clock.rtc
        return ClockKeeper(clock=self._clock, ledger=self._ledger, faults=self._faults, remember=remember)

    def _make_stage(self) -> Stage:
        output = make_output(self._sound, data=self._data, pace=_ClockPace(self._clock))
        if self._sound.output == "device":
            check = DeviceCheck(self._sound.device, post=self._loop.post)
            self._work("device check", check.step, threading.Event())
        amplifier = make_amplifier(self._settings)
        stage = Stage(output, amplifier, on_power=self._loop.post, pace=_ClockPace(self._clock))
        self._parts.callback(stage.close)
        return stage

    def _make_hub(self) -> HubMedia:
        settings = self._settings
        password = settings.broker.password.get_secret_value()
        hub = HubMedia(settings.hub.url, user=settings.node.name, password=password)
        self._parts.callback(hub.close)
        return hub

    def _make_clips(self) -> Clips:
        clips = Clips(self._data / "recordings", hub=self._make_hub(), post=self._loop.post)
        self._work("recordings", clips.step, clips.changed)
        self._parts.callback(clips.stop)
        return clips

    def _make_plays(self, stage: Stage, clips: Clips, sounds: KeptSounds) -> Plays:
        return Plays(
            stage=stage,
            path_of=clips.path_of,
            sounds=sounds,
            record=self._journal.record,
            post=self._loop.post,
            clock=self._clock,
            settled=set(self._ledger.finished_ids(since=_START_OF_TIME)),
        )

    def _make_sounds(self) -> KeptSounds:
        if self._sound.output != "file":
            return NoSounds()
        sounds = Sounds(ring_folder(self._data), node=self._settings.node.name, hub=self._make_hub())
        self._work("sounds", sounds.step, sounds.changed)
        return sounds

    def _make_inventory(self, clips: Clips) -> Inventory:
        return Inventory(
            clips=clips,
            ledger=self._ledger,
            journal=self._journal,
            faults=self._faults,
            now=self._clock.now,
            held=self._held,
        )

    def _make_player(self, plays: Plays, stage: Stage) -> Player:
        return Player(
            holdings=self._holdings,
            plays=plays,
            journal=self._journal,
            clock=self._clock,
            arm_s=self._sound.arm_s,
            lead_s=stage.lead_s,
            held=self._held,
        )

    def _make_presence(self, inventory: Inventory) -> Presence:
        who = self._settings.node
        sessions = Sessions(self._topics.node(who.name, "state"))
        link = Link(
            self._settings.broker_link(),
            subscriptions=self._topics.node_hears(who.name, who.areas),
            new_session=sessions.new,
            on_event=self._loop.post,
            keep_session=True,
        )
        link.start()
        self._parts.callback(link.stop)
        return Presence(
            who=Who(
                node=who.name,
                kind="speaker",
                output=self._sound.output,
                software=self._software,
                data=who.data,
            ),
            topics=self._topics,
            link=link,
            sessions=sessions,
            ledger=self._ledger,
            clock=self._clock,
            numbers=partial(
                numbers_of,
                holdings=self._holdings,
                inventory=inventory,
                journal=self._journal,
                faults=self._faults,
            ),
        )

    def _work(self, name: str, step: Callable[[], float], changed: threading.Event) -> None:
        worker = Worker(name, step, nudged=changed)
        worker.start()
        self._parts.callback(worker.stop)
