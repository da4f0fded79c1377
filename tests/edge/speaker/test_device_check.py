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


def test_a_device_that_comes_late_is_found_and_no_problem_any_more() -> None:
    heard: list[Trouble] = []
    found: list[tuple[str, ...]] = [(), ("USB Audio",)]
    check = DeviceCheck(None, post=heard.append, devices=lambda: found.pop(0))
    assert check.step() < 60
    check.step()
    assert [each.why for each in heard] == ["wanted any device, found none", ""]


def test_a_device_that_stays_away_is_looked_for_less_and_less_often() -> None:
    check = DeviceCheck(None, post=lambda _: None, devices=tuple)
    waits_s = [check.step() for _ in range(12)]
    assert waits_s == sorted(waits_s)
    assert waits_s[-1] == 3_600
