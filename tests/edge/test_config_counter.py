from pathlib import Path
from typing import Any

import pytest

from edge.config import ConfigError, NodeSettings, load_settings
from tests.factories_settings import content, of_a_counter, write

RTSP = "rtsp://admin:hidden-word@10.0.0.9/stream"


def file_of(folder: Path, **sections: Any) -> Path:
    return write(folder / "node.toml", of_a_counter(**sections))


def load(folder: Path, **sections: Any) -> NodeSettings:
    return load_settings(file_of(folder, **sections))


def told(folder: Path, **sections: Any) -> list[tuple[str, str]]:
    """Section and key of each fault."""
    with pytest.raises(ConfigError) as caught:
        load(folder, **sections)
    return [(fault.section, fault.key) for fault in caught.value.faults]


def test_a_counter_has_four_levels_and_no_pins_unless_told(tmp_path: Path) -> None:
    counter = load(tmp_path, counter={}).counter
    assert counter is not None
    assert (counter.levels, counter.pins, counter.interval_s, counter.touch_port) == (4, "none", 5.0, 0)


@pytest.mark.parametrize(
    ("counter", "key"),
    [
        ({"levels": 2}, "levels"),
        ({"interval_s": -1.0}, "interval_s"),
        ({"button_pins": [5, 6, 13, 28]}, "button_pins"),
        ({"open": ["11:30-07:30"]}, "open"),
        ({"open": ["7:30-11:30"]}, "open"),
        ({"pins": "gpio"}, "pins"),
        ({"touch_host": "all of them"}, "touch_host"),
        ({"buttons": 4}, "buttons"),
        ({"pins": "mock", "levels": 5}, ""),
        ({"pins": "mock", "lamp_pin": 5}, ""),
        ({"labels": ["Tốt", "Xấu"]}, ""),
    ],
)
def test_a_wrong_value_is_told_with_its_place(tmp_path: Path, counter: dict[str, Any], key: str) -> None:
    assert told(tmp_path, counter=counter) == [("counter", key)]


@pytest.mark.parametrize("key", ["lamp_pin", "sound_pin"])
def test_a_wrong_value_that_may_be_left_out_is_told_with_what_was_wanted(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, counter={key: 28})
    assert caught.value.faults[0].wanted == "a BCM pin number from 0 to 27"


def test_several_cameras_are_read(tmp_path: Path) -> None:
    cameras = load(
        tmp_path, camera=[{"name": "a", "source": RTSP}, {"name": "b", "source": "/dev/video0"}]
    ).camera
    assert [camera.source.get_secret_value() for camera in cameras] == [RTSP, "/dev/video0"]


@pytest.mark.parametrize(
    "source",
    [
        "http://a/",
        "rtsp://",
        "/etc/passwd",
        "/dev/video0;x",
        f"{RTSP}'\nfile 'x",
        f'{RTSP}"',
        "file:///x",
        *(f"rtsp://admin:12{cut}hidden-word@10.0.0.5/x" for cut in "/?#"),
    ],
)
def test_a_source_that_is_no_camera_is_told_and_not_repeated(tmp_path: Path, source: str) -> None:
    path = file_of(tmp_path, camera=[{"name": "a", "source": RTSP}, {"name": "b", "source": source}])
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert [(fault.section, fault.key) for fault in caught.value.faults] == [("camera 2", "source")]
    assert "hidden-word" not in str(caught.value)


def test_two_cameras_of_one_name_are_told(tmp_path: Path) -> None:
    camera = {"name": "a", "source": RTSP}
    assert told(tmp_path, camera=[camera, camera]) == [("", "")]


def test_one_camera_that_is_no_list_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, camera={"name": "a", "source": RTSP}) == [("camera", "")]


def test_every_fault_of_every_camera_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, camera=[{"name": "A"}, {"name": "b", "source": RTSP, "every_s": 1.0}])
    assert found == [("camera 1", "name"), ("camera 1", "source"), ("camera 2", "every_s")]


def test_a_loudspeaker_has_no_counter(tmp_path: Path) -> None:
    speaker = content(counter={}, camera=[{"name": "a", "source": RTSP}])
    assert told(tmp_path, **speaker) == [("counter", ""), ("camera", "")]


def test_a_password_under_a_mistyped_name_is_not_repeated(tmp_path: Path) -> None:
    path = file_of(tmp_path, camera=[{"name": "a", "sourc": RTSP}])
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert "perhaps 'source'" in str(caught.value)
    assert "hidden-word" not in str(caught.value)


def test_a_password_is_not_shown_with_the_settings(tmp_path: Path) -> None:
    assert "hidden-word" not in repr(load(tmp_path, camera=[{"name": "a", "source": RTSP}]))
