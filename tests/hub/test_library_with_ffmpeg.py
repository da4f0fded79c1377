"""The library with the real preparation: one suite with the fake's, on what matters most."""

import math
import struct
import wave
from io import BytesIO
from pathlib import Path

import pytest

from hub.events import Events
from hub.library import Library
from hub.people.roles import Actor, Role
from hub.store.database import Store
from tests.factories_library import ready
from tests.factories_people import Clock, person_at_work


@pytest.fixture
def library(store: Store, tmp_path: Path, clock: Clock) -> Library:
    return Library(store=store, folder=tmp_path, events=Events(), now=clock, reserve_bytes=0)


@pytest.fixture
def clerk(store: Store) -> Actor:
    return person_at_work(store, Role.CLERK)


def quiet_tone(seconds: int = 3, rate_hz: int = 16_000) -> bytes:
    samples = (round(600 * math.sin(2 * math.pi * 440 * n / rate_hz)) for n in range(seconds * rate_hz))
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate_hz)
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


def test_a_quiet_tone_becomes_as_loud_as_the_house(library: Library, clerk: Actor) -> None:
    result = ready(library, clerk, quiet_tone()).result
    assert result is not None
    assert result.integrated_lufs == pytest.approx(-16, abs=0.5)
    assert result.true_peak_dbtp <= -1
    assert library.path_of(result.sha256) is not None


@pytest.mark.parametrize("content", [b"only text", b"ID3" + b"\0" * 500, quiet_tone()[:60]])
def test_what_is_no_sound_is_refused_and_gone(
    library: Library, clerk: Actor, tmp_path: Path, content: bytes
) -> None:
    recording = ready(library, clerk, content)
    assert recording.reason is not None
    assert (recording.state, recording.reason.code != "tool_failed") == ("refused", True)
    assert [path for path in tmp_path.rglob("*") if path.is_file() and "hub.db" not in path.name] == []
