"""Whether the sound device is there, told at boot."""

import pytest

from edge.events import Trouble
from edge.speaker.device_check import DeviceCheck
from edge.speaker.errors import DeviceMissing


def told(device: str | None, *found: str) -> str:
    """The problem with `device` on a machine that has `found`."""
    heard: list[Trouble] = []
    DeviceCheck(device, post=heard.append, devices=lambda: found).step()
    (checked,) = heard
    return checked.why


@pytest.mark.parametrize("device", ["USB Audio", None])
def test_a_device_that_is_there_is_no_problem(device: str | None) -> None:
    assert told(device, "HDMI", "USB Audio") == ""


def test_a_device_that_is_missing_is_named_with_those_that_are_there() -> None:
    assert told("USB Audio", "HDMI") == "wanted USB Audio, found HDMI"


def test_a_machine_without_any_device_says_so() -> None:
    assert told(None) == "wanted any device, found none"


def test_a_machine_without_portaudio_says_so() -> None:
    heard: list[Trouble] = []

    def devices() -> tuple[str, ...]:
        raise DeviceMissing("PortAudio is not installed")

    DeviceCheck(None, post=heard.append, devices=devices).step()
    assert heard == [Trouble("sound", "PortAudio is not installed")]
