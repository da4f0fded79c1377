import importlib
import sys
import time
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from edge.speaker.device import open_stream, output_devices
from edge.speaker.errors import DeviceBusy, DeviceMissing


class PortAudioError(Exception):
    """As PortAudio's own."""


class FakePortAudio:
    """PortAudio's way: the list of devices is as old as its last start and leaves out what other programs
    hold then, and a stream may refuse to open."""

    PortAudioError = PortAudioError

    def __init__(self, *names: str, default: int = 0) -> None:
        self.plugged = list(names)
        self.default = SimpleNamespace(device=(-1, default))
        self.refuses = False
        self.refuses_once = False
        self.held: set[str] = set()
        self.breaks: set[str] = set()
        self.streams: list[Any] = []
        self.starts = 0
        self._initialize()

    def _initialize(self) -> None:
        self.starts += 1
        self._listed = [name for name in self.plugged if name not in self.held]

    def _terminate(self) -> None:
        assert all(stream.closed for stream in self.streams), "this would cut what sounds"

    def query_devices(self) -> list[dict[str, Any]]:
        channels = dict.fromkeys(self._listed, 2) | {"microphone": 0}
        return [
            {"name": name, "index": index, "max_output_channels": count}
            for index, (name, count) in enumerate(channels.items())
        ]

    def OutputStream(self, **asked: Any) -> Any:  # noqa: N802 - PortAudio's spelling
        refuses, self.refuses_once = self.refuses or self.refuses_once, False
        if refuses or self._listed[asked["device"]] in self.held:
            raise PortAudioError("Error opening OutputStream: Device unavailable", -9985)
        if self._listed[asked["device"]] in self.breaks:
            raise PortAudioError("Error opening OutputStream: Illegal combination of I/O devices", -9993)
        stream = SimpleNamespace(asked=asked, active=False, closed=False)
        stream.start = lambda: setattr(stream, "active", True)
        stream.close = lambda: setattr(stream, "closed", True)
        self.streams.append(stream)
        return stream


def silence(out: np.ndarray, leaves_in_s: float) -> None:
    out[:] = 0


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    fake = FakePortAudio("USB Audio", "USB Audio 2", default=1)
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return fake


def test_only_devices_that_sound_are_listed(portaudio: FakePortAudio) -> None:
    assert output_devices() == ("USB Audio", "USB Audio 2")


def test_a_device_plugged_in_later_is_listed(portaudio: FakePortAudio) -> None:
    portaudio.plugged.append("late")
    assert "late" in output_devices()


def test_what_sounds_is_never_cut_to_list_devices(portaudio: FakePortAudio) -> None:
    with closing(open_stream("USB Audio", 0.1, silence)):
        portaudio.plugged.append("late")
        assert "late" not in output_devices()


def test_a_name_means_exactly_that_device(portaudio: FakePortAudio) -> None:
    open_stream("USB Audio", 0.1, silence).close()
    assert portaudio.streams[0].asked["device"] == 0


def test_a_part_of_a_name_is_no_name(portaudio: FakePortAudio) -> None:
    with pytest.raises(DeviceMissing, match="USB Audio 2"):
        open_stream("Audio", 0.1, silence)


def test_without_a_name_it_is_the_systems_default(portaudio: FakePortAudio) -> None:
    open_stream(None, 0.1, silence).close()
    assert portaudio.streams[0].asked["device"] == 1


def test_a_device_plugged_in_later_is_found(portaudio: FakePortAudio) -> None:
    portaudio.plugged.append("late")
    open_stream("late", 0.1, silence).close()
    assert portaudio.starts == 2


def test_a_device_that_changed_its_socket_is_found(portaudio: FakePortAudio) -> None:
    portaudio.plugged[:] = ["HDMI", "USB Audio"]
    portaudio.refuses_once = True
    open_stream("USB Audio", 0.1, silence).close()
    assert portaudio.streams[0].asked["device"] == 1


def test_what_sounds_is_never_cut_to_look_for_another_device(portaudio: FakePortAudio) -> None:
    sounding = open_stream("USB Audio", 0.1, silence)
    portaudio.plugged.append("late")
    with pytest.raises(DeviceMissing):
        open_stream("late", 0.1, silence)
    sounding.close()


def test_a_device_that_refuses_is_busy_not_missing(portaudio: FakePortAudio) -> None:
    portaudio.refuses = True
    with pytest.raises(DeviceBusy, match="unavailable"):
        open_stream("USB Audio", 0.1, silence)


def test_a_device_that_another_program_took_is_busy_not_missing(portaudio: FakePortAudio) -> None:
    portaudio.held.add("USB Audio")
    with pytest.raises(DeviceBusy, match=r"USB Audio: .*unavailable"):
        open_stream("USB Audio", 0.1, silence)


def test_a_device_unplugged_after_it_was_listed_is_missing(portaudio: FakePortAudio) -> None:
    portaudio.plugged.remove("USB Audio")
    portaudio.breaks.add("USB Audio")
    with pytest.raises(DeviceMissing):
        open_stream("USB Audio", 0.1, silence)


def test_a_device_that_is_not_listed_may_be_held_and_that_is_said(portaudio: FakePortAudio) -> None:
    portaudio.held.add("USB Audio")
    portaudio._initialize()
    with pytest.raises(DeviceMissing, match="another program"):
        open_stream("USB Audio", 0.1, silence)


@pytest.mark.parametrize("since", ["the start", "then"])
def test_a_device_that_was_given_back_opens(portaudio: FakePortAudio, since: str) -> None:
    portaudio.held.add("USB Audio")
    if since == "the start":
        portaudio._initialize()
    with pytest.raises((DeviceBusy, DeviceMissing)):
        open_stream("USB Audio", 0.1, silence)
    portaudio.held.clear()
    open_stream("USB Audio", 0.1, silence).close()
    assert portaudio.streams[-1].asked["device"] == 0


def test_closing_twice_lets_the_device_go_once(portaudio: FakePortAudio) -> None:
    first, second = open_stream("USB Audio", 0.1, silence), open_stream("USB Audio 2", 0.1, silence)
    first.close()
    first.close()
    with pytest.raises(DeviceMissing):
        open_stream("gone", 0.1, silence)
    assert portaudio.starts == 1
    second.close()


def test_the_block_gets_its_time_from_the_devices_own_clock(portaudio: FakePortAudio) -> None:
    told: list[tuple[int, float]] = []
    stream = open_stream("USB Audio", 0.1, lambda out, leaves_in_s: told.append((len(out), leaves_in_s)))
    when = SimpleNamespace(outputBufferDacTime=12.5, currentTime=12.375)
    portaudio.streams[0].asked["callback"](np.zeros((480, 1), np.float32), 480, when, None)
    stream.close()
    assert told == [(480, 0.125)]


def test_a_callback_that_had_to_wait_is_not_taken_for_a_late_device(
    portaudio: FakePortAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([100.0, 100.025 + 0.007, 100.050])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    told: list[float] = []
    stream = open_stream("USB Audio", 0.1, lambda out, leaves_in_s: told.append(leaves_in_s))
    for looked_at in (0.0, 0.025, 0.050):
        when = SimpleNamespace(outputBufferDacTime=looked_at + 0.1, currentTime=looked_at)
        portaudio.streams[0].asked["callback"](np.zeros((1200, 1), np.float32), 1200, when, None)
    stream.close()
    assert told == pytest.approx([0.1, 0.093, 0.1])


def test_without_portaudio_the_apt_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_library(name: str) -> None:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(importlib, "import_module", no_library)
    with pytest.raises(DeviceMissing, match="apt-get install libportaudio2"):
        output_devices()
