"""From the call that begins an emergency to the first sample out of a loudspeaker.

Up to `--full` nodes are whole programs on the sound rig, amplifier warm-up 0: their sound is looked for on
the square's monitor, by the sound system's own time. The others verify, decode and answer over connections of
their own, at a lower priority: elsewhere every node has its own processor. Between two emergencies the broker
carries a bare message of the same size to as many clients; `mosquitto` is how long that took to arrive at
as many probes as there are whole nodes. `skew` is how far apart two whole nodes began.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from edge.wire.link import Link
from hub.enroll import NewNode, equip
from tests.bench._bench import CannotRun, Figure, main, need
from tests.bench._simulated import BARE, Probe, Report
from tests.bench._site import AREA, CROWD, ROOT, TOPICS, Site, peer_of, running_site, wait_for
from tests.bench._sound import noise_wav
from tests.bench._swarm import Swarm, gather, swarm_of, wait_for_calm, wait_for_connections
from tests.system.rig import DEVICES, RATE_HZ, Capture, Captured, SoundServer

SOUND_S = 0.8
BARE_BYTES = 1_300
HEARD = 0.02
LOOKED_FOR_S = 2.5
CALM_S = 0.5
SWARMS = 2


@dataclass
class Run:
    """What was measured with one number of nodes; milliseconds."""

    to_sound: list[float] = field(default_factory=list)
    obeyed: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    skew: list[float] = field(default_factory=list)
    unheard: int = 0


def run(arguments: argparse.Namespace) -> list[Figure]:
    need("mosquitto", "pulseaudio", "parec")
    figures: list[Figure] = []
    server = SoundServer()
    server.start()
    try:
        for count in arguments.nodes:
            full = min(count, arguments.full, len(DEVICES))
            with tempfile.TemporaryDirectory(prefix="loa-bench-") as name:
                found = _measured(Path(name) / "site", server, count, full, arguments.rounds)
            figures += _figures(count, found)
    finally:
        server.stop()
    return figures


def _figures(count: int, found: Run) -> Iterator[Figure]:
    for percent in (50, 99):
        yield Figure(
            name=f"to_sound_p{percent}_{count}",
            value=float(np.percentile(found.to_sound, percent)),
            unit="ms",
            n=len(found.to_sound),
            peer="mosquitto",
            peer_value=float(np.percentile(found.bare, percent)),
        )
    for name, values in (("simulated_obeyed", found.obeyed), ("skew", found.skew)):
        if values:
            p99 = float(np.percentile(values, 99))
            yield Figure(name=f"{name}_p99_{count}", value=p99, unit="ms", n=len(values))
    yield Figure(name=f"unheard_{count}", value=found.unheard, unit="plays", n=len(found.to_sound))


def _measured(folder: Path, server: SoundServer, count: int, full: int, rounds: int) -> Run:
    new = [NewNode(id=f"loa-{n}", kind="speaker", area=AREA, clock="assume") for n in range(full)]
    new += [NewNode(id=f"sim-{n}", kind="speaker", area=CROWD, clock="assume") for n in range(count - full)]
    with ExitStack() as stack:
        site = stack.enter_context(running_site(folder, new, probes=full))
        crowd = stack.enter_context(swarm_of(site.files[full:], processes=SWARMS))
        topics = (TOPICS.order_area(CROWD),)
        probes = [Probe(broker, topics) for broker in site.probes]
        ears = stack.enter_context(swarm_of(probes, processes=1, is_polite=False))
        for file, device in zip(site.files[:full], DEVICES, strict=False):
            stack.enter_context(_whole_node(file, device, server))
        bulletin = site.approved_bulletin(noise_wav(SOUND_S), priority="emergency")
        wait_for_connections([*crowd, *ears])
        capture = Capture(server)
        stack.callback(capture.stop)
        wait_for("all hold the recording", lambda: _warmed_up(site, bulletin), within_s=120)
        publish = Publish(stack.enter_context(peer_of(site)))
        begun, seen = _rounds(site, bulletin, (crowd, ears, publish), rounds)
        return _judged(capture.stop(), begun, seen, publish.sent, full)


@contextmanager
def _whole_node(file: Path, device: str, server: SoundServer) -> Iterator[None]:
    amplifier = {"pins": "none", "warm_up_ms": 0, "hold_ms": 0}
    equip(file, {"sound": {"output": "device", "device": device}, "amplifier": amplifier})
    folder = file.with_suffix("")
    folder.mkdir()
    own = file.rename(folder / "node.toml")
    with (folder / "node.log").open("wb") as words:
        command = [sys.executable, "-m", "edge", "speaker", "--config", str(own)]
        process = subprocess.Popen(command, cwd=ROOT, env=server.env, stdout=words, stderr=words)
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


class Publish:
    """Sends bare messages of an order's size."""

    def __init__(self, link: Link) -> None:
        self.sent: dict[int, float] = {}
        self._link = link

    def __call__(self) -> None:
        number = len(self.sent) + 1
        payload = (BARE + b"%d:" % number).ljust(BARE_BYTES, b".")
        self.sent[number] = time.time()
        self._link.publish(TOPICS.order_area(CROWD), payload)


def _rounds(
    site: Site,
    bulletin: str,
    others: "tuple[list[Swarm], list[Swarm], Publish]",
    rounds: int,
) -> tuple[dict[int, float], Report]:
    """When each emergency was asked for, by its number, and what the swarms saw."""
    crowd, ears, publish = others
    begun: dict[int, float] = {}
    seen = Report()
    wait_for_calm(crowd, seen, calm_s=CALM_S)
    for _ in range(rounds):
        publish()
        wait_for_calm(crowd, seen, calm_s=CALM_S)
        at = time.time()
        emergency = site.post("/emergencies", {"bulletin": bulletin, "all": True})
        begun[emergency["seq"]] = at
        time.sleep(SOUND_S + 1.0)
        cancelled = site.api.delete(f"/emergencies/{emergency['id']}")
        cancelled.raise_for_status()
        wait_for_calm(crowd, seen, calm_s=CALM_S)
    gather(ears, seen)
    return begun, seen


def _judged(heard: Captured, begun: dict[int, float], seen: Report, sent: dict[int, float], full: int) -> Run:
    found = Run()
    for seq, at in begun.items():
        found.obeyed += [(obeyed - at) * 1000 for obeyed in seen.orders.get(seq, ())]
        onsets = [_onset(heard, device, at) for device in DEVICES[:full]]
        begun_at = sorted(onset for onset in onsets if onset is not None)
        found.unheard += full - len(begun_at)
        found.to_sound += [(onset - at) * 1000 for onset in begun_at]
        found.skew += [(later - begun_at[0]) * 1000 for later in begun_at[1:]]
    for number, at in sent.items():
        found.bare += [(arrived - at) * 1000 for arrived in seen.bare.get(number, ())]
    if not found.to_sound or not found.bare:
        raise CannotRun("nothing was heard")
    return found


def _onset(heard: Captured, device: str, at: float) -> float | None:
    """When the device's first sample after `at` sounded; None for silence."""
    first = max(0, heard.row_at(at))
    channel = np.abs(heard.channel(device)[first : first + round(LOOKED_FOR_S * RATE_HZ)])
    loud = np.flatnonzero(channel > HEARD)
    return heard.instant_of(first + int(loud[0])) if len(loud) else None


def _warmed_up(site: Site, bulletin: str) -> bool:
    """A first emergency, which nobody times; refused until every loudspeaker holds the recording."""
    answer = site.api.post("/emergencies", json={"bulletin": bulletin, "all": True})
    if answer.status_code == 409:
        return False
    answer.raise_for_status()
    time.sleep(SOUND_S + 1.5)
    site.api.delete(f"/emergencies/{answer.json()['id']}").raise_for_status()
    time.sleep(1.0)
    return True


def _counts(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench emergency", description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=_counts, default=[1, 100, 1000], help="default: 1,100,1000")
    parser.add_argument("--full", type=int, default=4, help="whole nodes, at most 8; default: 4")
    parser.add_argument("--rounds", type=int, default=15, help="emergencies for each; default: 15")
    return parser


if __name__ == "__main__":
    sys.exit(main("emergency", _arguments(), run))
