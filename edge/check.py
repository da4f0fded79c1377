"""What a technician asks of a node: does each part work? One line for each, in plain words."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

from edge.belongings import LEDGER
from edge.check_certificate import certificate_findings
from edge.clock import SystemClock, make_source
from edge.config import NodeSettings, SoundSettings
from edge.counter.check import counter_findings
from edge.errors import EdgeError, LedgerError
from edge.findings import Finding
from edge.ledger import Ledger
from edge.presence import Sessions
from edge.speaker.build import make_amplifier, ring_folder
from edge.speaker.decoder import can_decode_opus
from edge.speaker.device import output_devices
from edge.speaker.errors import SpeakerError
from edge.speaker.fetch import HubMedia
from edge.wire.base import ClockState
from edge.wire.link import Connected, Link, LinkEvent, Lost
from edge.wire.topics import Topics

__all__ = ["Finding", "check_node"]

_BROKER_TIMEOUT_S = 10.0
_LEAST_FREE_BYTES = 200_000_000
_ASSUMED = "a setting says that it is right; nothing vouches for it"


def check_node(settings: NodeSettings, *, say: Callable[[str], object]) -> bool:
    """Try each part and `say` what was found; True when all work. Nothing sounds, nothing is changed."""
    all_work = True
    for finding in _findings(settings):
        say(str(finding))
        all_work = all_work and finding.works
    return all_work


def _findings(settings: NodeSettings) -> Iterator[Finding]:
    who = settings.node
    yield Finding("settings", True, f"{who.kind} {who.name} at {who.site}, in {', '.join(who.areas)}")
    yield _clock(settings)
    yield _disk(who.data)
    is_running = _is_running(who.data)
    if settings.sound is not None:
        yield _sound(settings.sound, who.data)
        yield _amplifier(settings, is_running=is_running)
    if who.kind == "counter":
        yield from counter_findings(settings, is_running=is_running)
    yield from certificate_findings(settings, clock=SystemClock(make_source(settings.clock.source)))
    yield _hub(settings)
    yield _broker(settings, is_running=is_running)


def _clock(settings: NodeSettings) -> Finding:
    clock = SystemClock(make_source(settings.clock.source))
    reading = clock.reading()
    bound = "" if reading.bound_ms is None else f", within {reading.bound_ms:.1f} ms"
    told = "".join(f"; {_ASSUMED if fault == 'clock_assumed' else fault}" for fault in clock.faults())
    found = f"{reading.state} by {settings.clock.source}{bound}{told}; it shows {clock.now().isoformat()}"
    return Finding("clock", reading.state is not ClockState.UNTRUSTED, found)


def _disk(data: Path) -> Finding:
    folder = next(place for place in (data, *data.parents) if place.exists())
    free = shutil.disk_usage(folder).free
    return Finding("disk", free >= _LEAST_FREE_BYTES, f"{free // 1_000_000} MB free for {data}")


def _sound(sound: SoundSettings, data: Path) -> Finding:
    if not can_decode_opus():
        return Finding("sound", False, "libsndfile cannot read Opus; version 1.0.29 or later is needed")
    if sound.output == "file":
        return Finding("sound", True, f"file output, to {ring_folder(data)}")
    try:
        devices = output_devices()
    except SpeakerError as error:
        return Finding("sound", False, str(error))
    wanted = sound.device or "the system's default"
    found = f"{wanted}; there are: {', '.join(devices) or 'none'}"
    return Finding("sound", bool(devices) and sound.device in (None, *devices), found)


def _amplifier(settings: NodeSettings, *, is_running: bool) -> Finding:
    wanted = settings.amplifier
    if wanted.pins == "none":
        return Finding("amplifier", True, "none is switched by this node")
    if is_running:
        return Finding("amplifier", True, f"pin {wanted.pin}, held by the node, which is running")
    try:
        make_amplifier(wanted).close()
    except SpeakerError as error:
        return Finding("amplifier", False, str(error))
    return Finding("amplifier", True, f"pin {wanted.pin} through {wanted.pins}, off")


def _hub(settings: NodeSettings) -> Finding:
    user, password, tls = settings.node.name, settings.password(), settings.tls_files()
    try:
        with HubMedia(settings.hub.url, user=user, password=password, tls=tls) as hub:
            hub.is_reachable()
            is_known = hub.knows_me()
    except EdgeError as error:
        return Finding("hub", False, f"{settings.hub.url}: {error}")
    if not is_known:
        return Finding("hub", False, f"{settings.hub.url} does not take this node: enrol it anew")
    return Finding("hub", True, f"{settings.hub.url} answers and knows this node")


def _broker(settings: NodeSettings, *, is_running: bool) -> Finding:
    """Log in and out. Not beside the running node, whose session it would take over."""
    place = f"{settings.broker.host}:{settings.broker.port}"
    if is_running:
        return Finding("broker", True, f"{place} not tried: the node is running and holds the session")
    outcome: list[LinkEvent] = []
    heard = threading.Event()

    def hear(event: LinkEvent) -> None:
        outcome.append(event)
        heard.set()

    state = Topics(settings.node.site).node(settings.node.name, "state")
    link = Link(
        settings.broker_link(),
        subscriptions=(),
        new_session=Sessions(state).new,
        on_event=hear,
        keep_session=True,
    )
    link.start()
    heard.wait(_BROKER_TIMEOUT_S)
    link.stop()
    match outcome[:1]:
        case [Connected()]:
            return Finding("broker", True, f"{place}: logged in as {settings.node.name}")
        case [Lost(reason=reason)]:
            return Finding("broker", False, reason)
    return Finding("broker", False, f"{place}: no answer within {_BROKER_TIMEOUT_S:.0f} s")


def _is_running(data: Path) -> bool:
    path = data / LEDGER
    if not path.exists():
        return False
    try:
        Ledger.open(path, boot=uuid4().hex).close()
    except LedgerError:
        return True
    return False
