"""Memory and processor of a loudspeaker's program: idle after a play, armed for the next one, and playing.

The real program, with no Python packages but a node's and the environment that its unit gives it, plays to
the sound rig; snapclient and mopidy play to it beside it at the same time, and then are as idle. Memory is
what is resident, shared libraries included.

PortAudio tries every plugin that ALSA has. The Debian packages of a node bring none; this machine has some,
and one of them loads libavcodec. So the node is shown the sound system without them, but for the one that
leads to the rig, and a second node shows what they cost: `…_with_plugins`.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.bench._bench import CannotRun, Figure, main
from tests.bench._lean import lean_python
from tests.bench._mopidy import Mopidy
from tests.bench._mopidy import version_of as mopidy_version
from tests.bench._snapcast import Client, Snapcast
from tests.bench._snapcast import version_of as snapcast_version
from tests.bench._sound import noise_opus
from tests.bench._speakers import Item, Recording, Speaker, Speakers
from tests.bench._use import Use, watch
from tests.system.rig import SoundServer

OURS, RICH, SNAPCLIENT, MOPIDY = "loa1", "loa2", "loa3", "loa4"
LEVEL = 0.1
FIRST_PLAY_S = 4.0
SOON_S = 3.0
SETTLE_S = 10.0
BEGIN_S = 3.0
ARM_S = 43.0
ARMED_FROM_S, ARMED_S = 12.0, 10.0

UNIT = Path(__file__).resolve().parents[2] / "deploy/ansible/roles/speaker/templates/loa-speaker.service.j2"

_ALSA = Path("/usr/share/alsa/alsa.conf")
_PLUGINS = '"/etc/alsa/conf.d"'

Uses = Mapping[str, Use]


@dataclass(frozen=True)
class Bench:
    """What runs, and what is played: a short one first."""

    server: SoundServer
    speakers: Speakers
    snapcast: Snapcast
    mopidy: Mopidy
    short: Recording
    recording: Recording

    def pids(self) -> dict[str, int]:
        nodes = {one.name: one.process.pid for one in self.speakers.all if one.process is not None}
        return {**nodes, SNAPCLIENT: self.snapcast.client_pids[0], MOPIDY: self.mopidy.pid}

    def peers_play(self) -> None:
        self.snapcast.play()
        self.mopidy.play(self.recording.file)

    def peers_pause(self) -> None:
        self.snapcast.pause()
        self.mopidy.stop()

    def use(self, state: str, seconds: float, *, playing: set[str]) -> Uses:
        """What each program uses for so long. Raises `CannotRun` if others play than those named."""
        pids = self.pids()
        self._check(state, playing, pids)
        found = watch(pids, seconds, let_pass=self.speakers.let_pass)
        self._check(state, playing, pids)
        return found

    def let_pass_until(self, instant: datetime) -> None:
        self.speakers.let_pass((instant - datetime.now(UTC)).total_seconds())

    def _check(self, state: str, playing: set[str], pids: Mapping[str, int]) -> None:
        connected = _connected(self.server)
        found = {name for name, pid in pids.items() if pid in connected}
        if found != playing:
            raise CannotRun(f"{state}: wanted at the sound server: {sorted(playing)}; found {sorted(found)}")


def run(arguments: argparse.Namespace) -> list[Figure]:
    with _running(arguments.seconds) as bench:
        _play_once(bench)
        due = datetime.now(UTC) + timedelta(seconds=SETTLE_S + arguments.seconds + ARM_S)
        bench.speakers.plan([Item("second", due, bench.recording)])
        bench.speakers.let_pass(SETTLE_S)
        idle = bench.use("idle", arguments.seconds, playing=set())
        bench.let_pass_until(due - timedelta(seconds=ARMED_FROM_S))
        armed = bench.use("armed", ARMED_S, playing={OURS, RICH})
        bench.let_pass_until(due)
        bench.peers_play()
        bench.let_pass_until(due + timedelta(seconds=BEGIN_S))
        playing = bench.use("playing", arguments.seconds, playing={OURS, RICH, SNAPCLIENT, MOPIDY})
    return _figures(idle, armed, playing)


def _play_once(bench: Bench) -> None:
    """Everybody has sounded, and is silent."""
    first = Item("first", datetime.now(UTC) + timedelta(seconds=SOON_S), bench.short)
    bench.speakers.plan([first])
    bench.peers_play()
    bench.speakers.wait_until_over([first], within_s=30)
    bench.peers_pause()


@contextmanager
def _running(seconds: float) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loa-bench-")))
        server = SoundServer()
        try:
            server.start()
        except (OSError, RuntimeError) as error:
            raise CannotRun(str(error)) from error
        stack.callback(server.stop)
        short = _recording(folder / "short.opus", FIRST_PLAY_S)
        recording = _recording(folder / "long.opus", seconds + 2 * BEGIN_S)
        snapcast = stack.enter_context(Snapcast([Client(SNAPCLIENT, server.env)]))
        mopidy = stack.enter_context(Mopidy(folder / "mopidy", MOPIDY, server.env))
        speakers = stack.enter_context(Speakers(folder, _speakers(folder, server), [short, recording]))
        speakers.hold_recordings(within_s=60)
        yield Bench(server, speakers, snapcast, mopidy, short, recording)


def _speakers(folder: Path, server: SoundServer) -> list[Speaker]:
    python = lean_python(folder / "python")
    unit = dict(re.findall(r"^Environment=(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE))
    del unit["LG_WD"]  # a folder that the unit makes
    envs = {OURS: _without_plugins(server, folder / "asound.conf"), RICH: server.env}
    return [
        Speaker(name, {"output": "device", "device": name}, env={**env, **unit}, python=python)
        for name, env in envs.items()
    ]


def _without_plugins(server: SoundServer, file: Path) -> Mapping[str, str]:
    """The rig's devices, and of the system's only those that ALSA itself brings."""
    rig = Path(server.env["ALSA_CONFIG_PATH"]).read_text(encoding="utf-8")
    system = _ALSA.read_text(encoding="utf-8")
    if f"<{_ALSA}>" not in rig or _PLUGINS not in system:
        raise CannotRun(f"{_ALSA} is not as expected: no {_PLUGINS}")
    file.write_text(rig.replace(f"<{_ALSA}>", system.replace(_PLUGINS, "")), encoding="utf-8")
    return {**server.env, "ALSA_CONFIG_PATH": str(file)}


def _recording(path: Path, seconds: float) -> Recording:
    noise_opus(path, seconds, level=LEVEL, dice=np.random.default_rng(1))
    return Recording.of(path)


def _connected(server: SoundServer) -> set[int]:
    """The processes that have a stream at the sound server."""
    command = ["pactl", "--format=json", "list", "sink-inputs"]
    said = subprocess.run(command, env=server.env, capture_output=True, check=True, timeout=10).stdout
    return {int(one["properties"].get("application.process.id", 0)) for one in json.loads(said)}


def _figures(idle: Uses, armed: Uses, playing: Uses) -> list[Figure]:
    snapcast, mopidy = f"snapclient {snapcast_version().split()[-1]}", mopidy_version()
    found: list[Figure] = []
    for state, uses in (("idle", idle), ("playing", playing)):
        for name, peer, peer_uses in (("", snapcast, uses[SNAPCLIENT]), ("_to_mopidy", mopidy, uses[MOPIDY])):
            found += [
                _rss(f"{state}_rss{name}", uses[OURS], peer, peer_uses),
                _cpu(f"{state}_cpu{name}", uses[OURS], peer, peer_uses),
            ]
    found += [_rss("armed_rss", armed[OURS]), _cpu("armed_cpu", armed[OURS])]
    named = (("idle", idle), ("armed", armed), ("playing", playing))
    return found + [_rss(f"{state}_rss_with_plugins", uses[RICH]) for state, uses in named]


def _rss(name: str, use: Use, peer: str | None = None, other: Use | None = None) -> Figure:
    peer_value = other.rss_mib if other else None
    return Figure(name=name, value=use.rss_mib, unit="MiB", n=use.looks, peer=peer, peer_value=peer_value)


def _cpu(name: str, use: Use, peer: str | None = None, other: Use | None = None) -> Figure:
    peer_value = other.cpu_percent if other else None
    return Figure(name=name, value=use.cpu_percent, unit="%", n=use.looks, peer=peer, peer_value=peer_value)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="loa bench node", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=float, default=14.0, help="to look at idle and at playing programs; default: 14"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main("node", _arguments(), run))
