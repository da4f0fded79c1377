"""Eight loudspeakers without a sound card: a private PulseAudio server, and a recording of them all.

An eight-channel null sink, paced in real time, is the village square. One mono sink is remapped to each of
its channels; to ALSA, and so to PortAudio, these are the devices ``loa1`` … ``loa8``. Recording the null
sink's monitor hears all of them side by side on one clock.
"""

import itertools
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
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 30.0
# What the square's monitor may hold back; small, so that its own account of time is exact.
CAPTURE_LATENCY_MS = 10

SAMPLE_BYTES = 2
ACCOUNT_S = 12.0
LOWEST = 0.1

# What measures should not be held up by what it measures, nor what is measured by other tests.
FIRST = ("nice", "-n", "-15") if os.geteuid() == 0 else ()
_AUX = [f"aux{number}" for number in range(CHANNELS)]
_STATUS = re.compile(rb"Time: ([\d.]+) sec; Latency: (-?\d+) usec")


class SoundServer:
    """A PulseAudio server of its own, in a folder of its own, reachable through ``env`` only.

    With ``drift_ppm`` its sound card is so much too fast: the server lives by a clock that libfaketime makes
    run so, and nobody else does.
    """

    def __init__(self, *, drift_ppm: float = 0.0) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="loa-sound-"))
        self._captures = itertools.count(1)
        self.drift_ppm = drift_ppm
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
                    *FIRST,
                    "pulseaudio",
                    "-n",
                    f"--file={self._folder / 'square.pa'}",
                    "--daemonize=no",
                    "--exit-idle-time=-1",
                    "--use-pid-file=no",
                    "--disable-shm=yes",
                    "--log-level=notice",
                ],
                env={**self.env, **self._pace()},
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

    def new_file(self) -> Path:
        """For a recording; it goes when the server does."""
        return self._folder / f"heard-{next(self._captures)}.raw"

    def _pace(self) -> Mapping[str, str]:
        if not self.drift_ppm:
            return {}
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        if library is None:
            raise RuntimeError("libfaketime is not installed (apt-get install faketime)")
        return {"LD_PRELOAD": str(library), "FAKETIME": f"+0 x{1 + self.drift_ppm / 1e6:.9f}"}

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
class Account:
    """When each row of a recording was heard, by what the sound system said again and again: at ``rows``
    (rising), how many seconds (Unix) the row's instant was ahead of its place in the recording."""

    rows: np.ndarray
    origins_s: np.ndarray

    @classmethod
    def of(cls, told: list[tuple[float, float]]) -> "Account":
        """``told`` are instants (Unix seconds) and the recording's length then, in seconds.

        Lengths are rounded to milliseconds, and on a busy machine most are read late: never early. So of each
        second the lowest tenth is taken, less what rounding makes of it; and of a dozen around, the
        line through most, for a null sink's clock is up to 200 ppm off (it rounds the length of its blocks).
        """
        lengths_s = np.array([stream_s for _, stream_s in told])
        origins_s = np.array([now_s for now_s, _ in told]) - lengths_s
        seconds = np.unique(np.floor(lengths_s))
        of_each = [origins_s[np.floor(lengths_s) == second] for second in seconds]
        lowest = np.array([np.quantile(one, LOWEST) + (0.5 - LOWEST) / 1000 for one in of_each])
        middles = seconds + 0.5
        return cls(middles * RATE_HZ, np.array([_line_at(middle, middles, lowest) for middle in middles]))

    def instant_of(self, row: float) -> float:
        return float(row / RATE_HZ + np.interp(row, self.rows, self.origins_s))

    def row_at(self, unix_s: float) -> int:
        row = (unix_s - self.origins_s[0]) * RATE_HZ
        for _ in range(3):
            row += (unix_s - self.instant_of(row)) * RATE_HZ
        return int(np.rint(row))


def _line_at(at: float, places: np.ndarray, values: np.ndarray) -> float:
    """The value at `at` of the line (Theil and Sen's) through those within `ACCOUNT_S`."""
    near = np.abs(places - at) <= ACCOUNT_S
    x, y = places[near], values[near]
    one, other = np.triu_indices(len(x), 1)
    slope = float(np.median((y[other] - y[one]) / (x[other] - x[one]))) if len(x) > 1 else 0.0
    return float(np.median(y - slope * (x - at)))


@dataclass(frozen=True)
class Captured:
    """What the square heard: one column per device."""

    samples: np.ndarray
    account: Account

    def channel(self, device: str, rows: slice = slice(None)) -> np.ndarray:
        """What one device sounded, in −1 … 1."""
        return np.asarray(self.samples[rows, DEVICES.index(device)] / np.float32(1 << 15))

    def row_at(self, unix_s: float) -> int:
        return self.account.row_at(unix_s)

    def instant_of(self, row: float) -> float:
        """In Unix seconds."""
        return self.account.instant_of(row)


class Capture:
    """Records the whole square from its making until :meth:`stop`."""

    def __init__(self, server: SoundServer) -> None:
        self._file = server.new_file()
        self._told: list[tuple[float, float]] = []
        self._process = subprocess.Popen(
            [
                *FIRST,
                "parec",
                "--raw",
                "--verbose",
                "--device=square.monitor",
                "--format=s16le",
                f"--rate={RATE_HZ}",
                f"--channels={CHANNELS}",
                f"--channel-map={','.join(_AUX)}",
                f"--latency-msec={CAPTURE_LATENCY_MS}",
                str(self._file),
            ],
            env=server.env,
            stderr=subprocess.PIPE,
        )
        self._has_begun = threading.Event()
        self._thread = threading.Thread(target=self._read_clock)
        self._thread.start()
        assert self._has_begun.wait(START_TIMEOUT_S), "the square cannot be recorded"

    def stop(self) -> Captured:
        self._process.terminate()
        self._thread.join(STOP_TIMEOUT_S)
        self._process.wait(STOP_TIMEOUT_S)
        if self._process.stderr is not None:
            self._process.stderr.close()
        rows = self._file.stat().st_size // (SAMPLE_BYTES * CHANNELS)
        samples = np.memmap(self._file, "<i2", mode="r", shape=(rows, CHANNELS))
        return Captured(samples, Account.of(self._told))

    def _read_clock(self) -> None:
        """The recorder says again and again how long the stream is, by the sound system's account."""
        assert self._process.stderr is not None
        while chunk := os.read(self._process.stderr.fileno(), 4096):
            now_s = time.time()
            for stream_s, _ in _STATUS.findall(chunk):
                self._told.append((now_s, float(stream_s)))
                self._has_begun.set()


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
