"""The demo as a program: it starts once, says what is in its way, and leaves nothing behind."""

import json
import signal
import socket
from pathlib import Path

from tests.system.village import Village, demo_command, free_port, processes_of, run, started_demo, until


def test_a_second_demo_on_the_same_folder_is_refused(village: Village) -> None:
    second = run(*demo_command("--data", str(village.folder), "--port", str(free_port())))
    assert second.returncode == 1
    assert f"already running on {village.folder}" in second.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run(*demo_command("--data", str(tmp_path), "--port", str(port)))
    assert refused.returncode == 1
    assert f"port {port} is taken" in refused.stderr


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    refused = run(*demo_command("--data", str(tmp_path), "--port", str(free_port())))
    assert refused.returncode == 1
    assert "holds something else" in refused.stderr
    assert not (tmp_path / "hub.toml").exists()


def test_cutting_without_a_demo_says_so(tmp_path: Path) -> None:
    asked = run(*demo_command("cut", "to-2-loa-1", "--data", str(tmp_path)))
    assert asked.returncode == 1
    assert "no demo is running" in asked.stderr


def test_ctrl_c_leaves_no_process_and_a_new_start_keeps_the_people(tmp_path: Path) -> None:
    port = free_port()
    with started_demo(tmp_path, port) as process:
        first = json.loads((tmp_path / "demo.json").read_text())
        process.send_signal(signal.SIGINT)
        process.wait(60)
        assert process.returncode == 0
        assert processes_of(tmp_path) == []
    with started_demo(tmp_path, port) as process:
        assert json.loads((tmp_path / "demo.json").read_text()) == first
        process.kill()
        process.wait(60)
        until("a killed demo takes all with it", lambda: processes_of(tmp_path) == [], within_s=10)
