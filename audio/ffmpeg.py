"""The one place of this package that starts processes: ffmpeg and ffprobe.

A file from a stranger may try to make ffmpeg open other files or addresses, use up memory, or never end.
So: no shell, names only behind `file:`, protocols and containers from a list, memory and processor time
limited, and a process that falls silent is killed.
"""

import contextlib
import json
import os
import resource
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from audio.errors import Refused, ToolFailed, ToolMissing

__all__ = ["CONTAINERS", "Process", "check_killed", "ffmpeg", "probe_json", "source_arguments"]

# Containers that hold their own sound. Left out on purpose: playlists and scripts that name other files
# (hls, dash, concat, sdp, …), pictures, subtitles, raw samples, emulated game music.
CONTAINERS = (
    "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dts,eac3,flac,flv,gsm,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,"
    "mpc,mpc8,mpeg,mpegts,ogg,oma,rm,tak,truehd,tta,voc,w64,wav,wtv,wv"
)

STALL_S = 60.0
TICK_S = 0.5
PROCESSOR_LIMIT_S = 3600
MEMORY_LIMIT_BYTES = 2 << 30
CRASHES = (signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV, signal.SIGXCPU)
SAID_LIMIT_BYTES = 16_384
PIPE_BYTES = 1 << 20
READ_BYTES = 1 << 16


def source_arguments(source: Path) -> list[str]:
    """How a stranger's file is named to ffmpeg or ffprobe."""
    return [
        *("-protocol_whitelist", "file,pipe"),
        *("-format_whitelist", CONTAINERS),
        *("-i", f"file:{source.resolve()}"),
    ]


class Process:
    """A running program: iterate for what it writes (b"" when idle for half a second), leave to have it gone.

    Afterwards `code` is its exit code and `said` the end of its standard error. A program that writes
    nothing for `stall_s` seconds raises ToolFailed.
    """

    def __init__(self, program: str, arguments: Sequence[str], *, stall_s: float = STALL_S) -> None:
        self._program = program
        self._arguments = [program, *arguments]
        self._stall_s = stall_s
        self._said = bytearray()
        self._child: subprocess.Popen[bytes] | None = None
        self.code: int | None = None

    @property
    def pid(self) -> int:
        return self._started().pid

    @property
    def said(self) -> str:
        return self._said.decode("utf-8", "replace").strip()

    def __enter__(self) -> Self:
        try:
            self._child = subprocess.Popen(
                self._arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pipesize=PIPE_BYTES,
            )
        except FileNotFoundError as error:
            raise ToolMissing(self._program) from error
        self._restrain(self._child.pid)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        child = self._started()
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        self.code = child.wait()
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()

    def __iter__(self) -> Iterator[bytes]:
        child = self._started()
        assert child.stdout is not None and child.stderr is not None  # noqa: S101, PT018  # asked for above
        heard_s = time.monotonic()
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            ready.register(child.stderr, selectors.EVENT_READ)
            while ready.get_map():
                found = ready.select(TICK_S)
                if found:
                    heard_s = time.monotonic()
                elif time.monotonic() - heard_s > self._stall_s:
                    raise ToolFailed(self._program, f"no progress in {self._stall_s:g} s", self.said)
                else:
                    yield b""
                for key, _ in found:
                    chunk = os.read(key.fd, READ_BYTES)
                    if not chunk:
                        ready.unregister(key.fileobj)
                    elif key.fileobj is child.stderr:
                        self._said = (self._said + chunk)[-SAID_LIMIT_BYTES:]
                    else:
                        yield chunk
        self.code = child.wait(timeout=self._stall_s)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            raise RuntimeError("a Process is used inside its with block")
        return self._child

    @staticmethod
    def _restrain(pid: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, pid, 10)
            resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
            resource.prlimit(pid, resource.RLIMIT_CPU, (PROCESSOR_LIMIT_S, PROCESSOR_LIMIT_S))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def ffmpeg(arguments: Sequence[str]) -> Process:
    """ffmpeg with the settings that every call shares: no keyboard, no banner, one thread, errors only."""
    common = ["-nostdin", "-hide_banner", "-nostats", "-v", "error", "-threads", "1", "-filter_threads", "1"]
    return Process("ffmpeg", [*common, *arguments])


def probe_json(source: Path) -> tuple[dict[str, Any] | None, str]:
    """What ffprobe makes of the file (None when it cannot read it) and what it complained of."""
    arguments = [
        *("-hide_banner", "-v", "warning", "-print_format", "json", "-show_format", "-show_streams"),
        *source_arguments(source),
    ]
    output = bytearray()
    with Process("ffprobe", arguments) as process:
        for chunk in process:
            output += chunk
            if len(output) > PIPE_BYTES:
                return None, "its description is absurdly long"
    check_killed("ffprobe", process)
    if process.code != 0:
        return None, process.said
    found = json.loads(output.decode("utf-8", "replace"))
    return (found if isinstance(found, dict) else None), process.said


def check_killed(program: str, process: Process) -> None:
    """Refused when the file made the program crash, ToolFailed when it was killed or the disk is full."""
    if process.code is not None and process.code < 0:
        cause = signal.Signals(-process.code)
        if cause in CRASHES:
            raise Refused("damaged")
        raise ToolFailed(program, f"ended by {cause.name}", process.said)
    if "No space left on device" in process.said:
        raise ToolFailed(program, "the disk is full", process.said)
