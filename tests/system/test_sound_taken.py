"""A sound card that another program takes, as PulseAudio hands it over: it suspends the sink."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.factories_sound import noise, write_recording
from tests.system.rig import SoundServer

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 2.5
AHEAD_S = 3.5
LIMIT_S = 40.0


class Loudspeaker:
    """The program on one device of the rig."""

    def __init__(self, server: SoundServer, device: str, file: Path) -> None:
        self._server = server
        self._device = device
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.stage_player", device, str(file)],
            cwd=ROOT,
            env=server.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._limit = threading.Timer(LIMIT_S, self._process.kill)
        self._limit.start()

    def play(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{AHEAD_S}\n")
        self._process.stdin.flush()

    def hear(self, *until: str) -> list[dict[str, Any]]:
        """What it says, up to the first of these."""
        assert self._process.stdout is not None
        heard: list[dict[str, Any]] = []
        for line in self._process.stdout:
            heard.append(json.loads(line))
            if name_of(heard[-1]) in until:
                break
        return heard

    def take(self, *, away: bool) -> None:
        command = ["pactl", "suspend-sink", self._device, "1" if away else "0"]
        subprocess.run(command, env=self._server.env, check=True, timeout=30)

    def end(self) -> None:
        self._limit.cancel()
        self._process.communicate(timeout=60)
        self.take(away=False)


def name_of(event: dict[str, Any]) -> str:
    if event["event"] == "Powered":
        return "on" if event["on"] else "off"
    return str(event.get("reason", event["event"]))


def names(events: list[dict[str, Any]]) -> list[str]:
    return [name_of(event) for event in events]


def at_the_start(loudspeaker: Loudspeaker) -> list[str]:
    loudspeaker.take(away=True)
    loudspeaker.play()
    heard = loudspeaker.hear("device_lost", "device_busy", "device_missing", "Finished")
    loudspeaker.take(away=False)
    return names(heard + later(loudspeaker, heard))


def while_playing(loudspeaker: Loudspeaker) -> list[str]:
    loudspeaker.play()
    heard = loudspeaker.hear("Started")
    loudspeaker.take(away=True)
    heard += loudspeaker.hear("device_lost", "Finished")
    loudspeaker.take(away=False)
    return names(heard + later(loudspeaker, heard))


def later(loudspeaker: Loudspeaker, heard: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The amplifier goes off, where it is on; then the next item."""
    was_on = [event["on"] for event in heard if event["event"] == "Powered"][-1:] == [True]
    off = loudspeaker.hear("off") if was_on else []
    loudspeaker.play()
    return off + loudspeaker.hear("Finished", "device_lost") + loudspeaker.hear("off")


@pytest.fixture(scope="module")
def heard(
    sound_server: SoundServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, list[str]]]:
    """What two loudspeakers say whose cards are taken, one before and one during its item."""
    file = write_recording(tmp_path_factory.mktemp("taken") / "noise.opus", noise(SECONDS))
    both = [Loudspeaker(sound_server, device, file) for device in ("loa5", "loa6")]
    with ThreadPoolExecutor(2) as pool:
        start, playing = pool.submit(at_the_start, both[0]), pool.submit(while_playing, both[1])
        yield {"at the start": start.result(60), "while playing": playing.result(60)}
    for loudspeaker in both:
        loudspeaker.end()


def test_a_card_taken_at_the_start_is_a_fault_and_the_next_item_sounds(heard: dict[str, list[str]]) -> None:
    told = heard["at the start"]
    assert [name for name in told if name not in {"on", "off"}] == ["device_lost", "Started", "Finished"]


def test_a_card_taken_while_playing_is_a_fault_and_the_next_item_sounds(heard: dict[str, list[str]]) -> None:
    told = heard["while playing"]
    assert [name for name in told if name not in {"on", "off"}] == [
        "Started",
        "device_lost",
        "Started",
        "Finished",
    ]


@pytest.mark.parametrize("when", ["at the start", "while playing"])
def test_the_amplifier_goes_off_after_a_taken_card_and_after_the_next_item(
    heard: dict[str, list[str]], when: str
) -> None:
    switched = [name for name in heard[when] if name in {"on", "off"}]
    assert switched == ["on", "off", "on", "off"]
    assert heard[when].index("off") == heard[when].index("device_lost") + 1
