"""Eight loudspeakers without a sound card: a private PulseAudio server, and a recording of them all.

An eight-channel null sink, paced in real time, is the village square. One mono sink is remapped to each of
its channels; to ALSA, and so to PortAudio, these are the devices ``loa1`` … ``loa8``. Recording the null
sink's monitor hears all of them side by side on one clock.
"""

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE_HZ = 48_000
CHANNELS = 8
DEVICES = tuple(f"loa{number}" for number in range(1, CHANNELS + 1))
START_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 10.0
# What the square's monitor may hold back; small, so that its own account of time is exact.
CAPTURE_LATENCY_MS = 10

_AUX = [f"aux{number}" for number in range(CHANNELS)]
_STATUS = re.compile(rb"Time: ([\d.]+) sec; Latency: (-?\d+) usec")


class SoundServer:
    """A PulseAudio server of its own, in a folder of its own, reachable through ``env`` only."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="loa-sound-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> Mapping[str, str]:
        """The environment of a program that is to play to, or to record from, this server."""
        return os.environ | {
            "ALSA_CONFIG_PATH": str(self._folder / "asound.conf"),
            "HOME": str(self._folder),
            "PULSE_SERVER": f"unix:{self._folder / 'native'}",
            "XDG_CONFIG_HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
        }

    def start(self) -> None:
        """Returns when every device is there; RuntimeError, with the server's words, if none comes."""
        (self._folder / "asound.conf").write_text(_asound_conf())
        (self._folder / "square.pa").write_text(_pulse_script(self._folder / "native"))
        with (self._folder / "pulseaudio.log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    "pulseaudio",
                    "-n",
                    f"--file={self._folder / 'square.pa'}",
                    "--daemonize=no",
                    "--exit-idle-time=-1",
                    "--use-pid-file=no",
                    "--disable-shm=yes",
                    "--log-level=notice",
                ],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self._has_every_device():
            if time.monotonic() > deadline or self._process.poll() is not None:
                words = (self._folder / "pulseaudio.log").read_text(errors="replace")
                self.stop()
                raise RuntimeError(f"the sound server did not start:\n{words}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As when the sound system crashes."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_TIMEOUT_S)

    def stop(self) -> None:
        """The server is gone, and its folder with it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _has_every_device(self) -> bool:
        listing = subprocess.run(
            ["pactl", "list", "short", "sinks"],
            env=self.env,
            capture_output=True,
            timeout=START_TIMEOUT_S,
            check=False,
        )
        return all(f"\t{device}\t".encode() in listing.stdout for device in DEVICES)


@dataclass(frozen=True)
class Captured:
    """What the square heard: one column per device, the first row heard at ``first_s`` (Unix seconds)."""

    samples: np.ndarray
    first_s: float

    def channel(self, device: str) -> np.ndarray:
        return np.asarray(self.samples[:, DEVICES.index(device)])

    def row_at(self, unix_s: float) -> int:
        return round((unix_s - self.first_s) * RATE_HZ)

    def instant_of(self, row: float) -> float:
        return self.first_s + row / RATE_HZ


class Capture:
    """Records the whole square from its making until :meth:`stop`."""

    def __init__(self, server: SoundServer) -> None:
        self._sound = bytearray()
        self._origins: list[float] = []
        self._process = subprocess.Popen(
            [
                "parec",
                "--raw",
                "--verbose",
                "--device=square.monitor",
                "--format=float32le",
                f"--rate={RATE_HZ}",
                f"--channels={CHANNELS}",
                f"--channel-map={','.join(_AUX)}",
                f"--latency-msec={CAPTURE_LATENCY_MS}",
            ],
            env=server.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._has_begun = threading.Event()
        self._threads = [threading.Thread(target=self._hear), threading.Thread(target=self._read_clock)]
        for thread in self._threads:
            thread.start()
        assert self._has_begun.wait(START_TIMEOUT_S), "the square cannot be recorded"

    def stop(self) -> Captured:
        self._process.terminate()
        for thread in self._threads:
            thread.join(STOP_TIMEOUT_S)
        self._process.wait(STOP_TIMEOUT_S)
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        frame_bytes = 4 * CHANNELS
        whole = bytes(self._sound[: len(self._sound) // frame_bytes * frame_bytes])
        samples = np.frombuffer(whole, "<f4").reshape(-1, CHANNELS)
        # The beginning is left out: the server is still making up its mind then.
        return Captured(samples, float(np.median(self._origins[len(self._origins) // 4 :])))

    def _hear(self) -> None:
        assert self._process.stdout is not None
        while chunk := os.read(self._process.stdout.fileno(), 65_536):
            self._sound += chunk
            self._has_begun.set()

    def _read_clock(self) -> None:
        """The recorder says again and again how long the stream is, by the sound system's account."""
        assert self._process.stderr is not None
        while chunk := os.read(self._process.stderr.fileno(), 4096):
            now_s = time.time()
            self._origins += [now_s - float(stream_s) for stream_s, _ in _STATUS.findall(chunk)]


def _pulse_script(socket: Path) -> str:
    lines = [
        f"load-module module-native-protocol-unix socket={socket} auth-anonymous=1",
        f"load-module module-null-sink sink_name=square rate={RATE_HZ} channels={CHANNELS} "
        f"format=float32le channel_map={','.join(_AUX)}",
    ]
    lines += [
        f"load-module module-remap-sink sink_name={device} master=square channels=1 channel_map=mono "
        f"master_channel_map={aux} remix=no"
        for device, aux in zip(DEVICES, _AUX, strict=True)
    ]
    return "\n".join(lines) + "\n"


def _asound_conf() -> str:
    devices = [
        f'pcm.{device} {{ type pulse device "{device}" hint {{ show on description "{device}" }} }}'
        for device in DEVICES
    ]
    return "\n".join(["</usr/share/alsa/alsa.conf>", *devices]) + "\n"
