"""The demo's counter: pressed by command, and its camera a real stream that can be switched off."""

import json
import socket

from tests.system.village import Village, until

COUNTER = "counter-1"


def presses(village: Village) -> int:
    return len(village.get("/ratings/presses", counter=COUNTER)["items"])


def answers_rtsp(village: Village) -> bool:
    ((_, _, port),) = json.loads((village.folder / "state.json").read_text())["counter_ports"]
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as way:
            way.sendall(f"OPTIONS rtsp://127.0.0.1:{port}/{COUNTER} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
            return way.recv(100).startswith(b"RTSP/1.0 200")
    except OSError:
        return False


def test_a_button_pressed_by_command_is_on_the_hub(village: Village) -> None:
    before = presses(village)
    pressed = village.demo("press", COUNTER, "4")
    assert pressed.returncode == 0, pressed.stderr
    until("the press is on the hub", lambda: presses(village) == before + 1, within_s=10)


def test_a_button_that_there_is_not_is_refused(village: Village) -> None:
    refused = village.demo("press", COUNTER, "9")
    assert refused.returncode == 1
    assert "9" in refused.stderr


def test_a_counter_cut_off_takes_presses_and_brings_them_when_joined(village: Village) -> None:
    before = presses(village)
    assert village.demo("cut", COUNTER).returncode == 0
    assert village.demo("press", COUNTER, "1").returncode == 0
    assert presses(village) == before
    assert village.demo("join", COUNTER).returncode == 0
    until("the press is on the hub", lambda: presses(village) == before + 1, within_s=30)


def test_the_camera_is_a_real_stream_that_can_be_switched_off(village: Village) -> None:
    until("the camera answers", lambda: answers_rtsp(village), within_s=20)
    assert village.demo("camera", COUNTER, "off").returncode == 0
    until("nobody answers", lambda: not answers_rtsp(village), within_s=5)
    assert village.demo("camera", COUNTER, "ok").returncode == 0
    until("the camera answers again", lambda: answers_rtsp(village), within_s=5)
