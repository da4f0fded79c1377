"""A peer of `node`: Debian's mopidy, with what plays a local file when told by HTTP, and no more."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from tests.bench._bench import CannotRun, need
from tests.bench._site import wait_for
from tests.system.village import free_port

__all__ = ["Mopidy", "version_of"]

HOST = "127.0.0.1"
_NOT_WANTED = ("m3u", "softwaremixer", "stream")
_NOT_FOR_IT = ("PYTHONPATH", "PYTHONSAFEPATH", "VIRTUAL_ENV")


class Mopidy:
    """The program, playing to a PulseAudio sink; running inside a ``with``."""

    def __init__(self, folder: Path, device: str, env: Mapping[str, str]) -> None:
        self._folder = folder
        self._device = device
        self._env = {key: value for key, value in env.items() if key not in _NOT_FOR_IT}
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Mopidy":
        need("mopidy")
        self._folder.mkdir()
        settings = self._folder / "mopidy.conf"
        settings.write_text(self._settings(), encoding="utf-8")
        command = ["mopidy", "--config", str(settings)]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command,
                env={**self._env, "PATH": os.defpath},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            wait_for("mopidy answers", self._answers, within_s=30)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)
            self._process.kill()
            self._process.wait(10)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def play(self, file: Path) -> None:
        """Raises `CannotRun` if it does not take the file."""
        self._say("tracklist.clear")
        if not self._say("tracklist.add", uris=[file.as_uri()]):
            raise CannotRun(f"mopidy does not take {file.name}:\n{self._words()}")
        self._say("playback.play")

    def stop(self) -> None:
        self._say("playback.stop")

    def _say(self, method: str, **params: Any) -> Any:
        call = {"jsonrpc": "2.0", "id": 1, "method": f"core.{method}", "params": params}
        answer = httpx.post(f"http://{HOST}:{self._port}/mopidy/rpc", json=call, timeout=20)
        content = answer.raise_for_status().json()
        if "error" in content:
            raise CannotRun(f"mopidy, {method}: {content['error']}")
        return content["result"]

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise CannotRun(f"mopidy ended:\n{self._words()}")
        try:
            return self._say("get_version") is not None
        except httpx.HTTPError:
            return False

    def _words(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-2000:]

    def _settings(self) -> str:
        places = "\n".join(f"{name}_dir = {self._folder / name}" for name in ("cache", "config", "data"))
        without = "\n".join(f"[{name}]\nenabled = false" for name in _NOT_WANTED)
        return f"""
[core]
{places}
[audio]
mixer = none
output = pulsesink device={self._device}
[file]
media_dirs = {self._folder.parent}
[http]
hostname = {HOST}
port = {self._port}
zeroconf =
{without}
"""


def version_of() -> str:
    """As figures name the peer."""
    said = subprocess.run(["mopidy", "--version"], capture_output=True, text=True, check=False).stdout
    return said.strip().lower() or "mopidy"
