"""A peer of `sync` and `node`: Debian's snapserver, fed with noise, and snapclients on the sound rig."""

import itertools
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.bench._bench import CannotRun, need
from tests.system.rig import RATE_HZ
from tests.system.village import free_port

__all__ = ["Client", "Snapcast", "version_of"]

HOST = "127.0.0.1"
LOOP_S = 10
PIECES_PER_S = 10
LEVEL = 0.1


@dataclass(frozen=True)
class Client:
    """A snapclient to be: the PulseAudio sink it plays to, and what its process finds around it."""

    device: str
    env: Mapping[str, str]


class Snapcast:
    """A server with its defaults, at our sample rate, and its clients; running inside a ``with``.

    It plays from the start on, until :meth:`pause`."""

    def __init__(self, clients: Sequence[Client]) -> None:
        self._clients = tuple(clients)
        self._folder = Path(tempfile.mkdtemp(prefix="loa-snapcast-"))
        self._port = free_port()
        self._pipe = self._folder / "sound"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._plays = threading.Event()
        self._plays.set()
        self._feeder = threading.Thread(target=self._feed, daemon=True)

    def __enter__(self) -> "Snapcast":
        need("snapserver", "snapclient")
        os.mkfifo(self._pipe)
        self._run(self._serve(), os.environ)
        self._feeder.start()
        for number, client in enumerate(self._clients, 1):
            self._run(self._play(client, number), client.env)
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
        self.play()
        self._feeder.join(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def client_pids(self) -> tuple[int, ...]:
        return tuple(process.pid for process in self._processes[1:])

    def play(self) -> None:
        self._plays.set()

    def pause(self) -> None:
        self._plays.clear()

    def check(self) -> None:
        """Raises `CannotRun` if one of its programs is gone."""
        for process in self._processes:
            if process.poll() is not None:
                words = (self._folder / "log").read_text(errors="replace")
                raise CannotRun(f"{process.args!r} ended:\n{words[-2000:]}")

    def _serve(self) -> list[str]:
        (self._folder / "snapserver.conf").write_text("")
        return [
            "snapserver",
            f"--config={self._folder / 'snapserver.conf'}",
            f"--server.datadir={self._folder}",
            "--http.enabled=false",
            "--tcp.enabled=false",
            f"--stream.bind_to_address={HOST}",
            f"--stream.port={self._port}",
            f"--stream.source=pipe://{self._pipe}?name=bench&sampleformat={RATE_HZ}:16:2&mode=read",
        ]

    def _play(self, client: Client, number: int) -> list[str]:
        return [
            *("snapclient", "--host", HOST, "--port", str(self._port), "--player", "pulse"),
            *("--soundcard", client.device, "--instance", str(number), "--hostID", f"bench-{number}"),
        ]

    def _run(self, command: list[str], env: Mapping[str, str]) -> None:
        with (self._folder / "log").open("ab") as log:
            self._processes.append(
                subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            )

    def _feed(self) -> None:
        """The same noise over and over, as fast as the server takes it: in real time."""
        noise = np.random.default_rng(2).normal(0, LEVEL, LOOP_S * RATE_HZ).clip(-1, 1)
        pieces = np.split(np.repeat((noise * 32_767).astype("<i2"), 2), LOOP_S * PIECES_PER_S)
        with suppress(OSError), self._pipe.open("wb") as pipe:
            for piece in itertools.cycle(pieces):
                self._plays.wait()
                pipe.write(piece.tobytes())


def version_of() -> str:
    """As figures name the peer."""
    said = subprocess.run(["snapserver", "--version"], capture_output=True, text=True, check=False).stdout
    return f"snapcast {said.split()[1].lstrip('v')}" if said else "snapcast"
