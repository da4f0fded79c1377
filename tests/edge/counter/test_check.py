import socket
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from edge.config import load_settings
from edge.counter import check as module
from edge.counter.check import counter_findings
from edge.findings import Finding
from tests import factories as make


def findings(folder: Path, *, is_running: bool = False, **sections: Any) -> dict[str, Finding]:
    content: dict[str, Any] = {
        "node": {"site": make.SITE, "name": make.NODE, "kind": "counter", "areas": [make.AREA]},
        "broker": {"host": "127.0.0.1", "port": 9, "password": "an example and no secret"},
        "hub": {"url": "http://127.0.0.1:9"},
        "keys": {"site": make.signing_key().public()},
        "clock": {"source": "assume"},
    }
    path = folder / "node.toml"
    path.write_text(tomli_w.dumps(content | sections))
    path.chmod(0o600)
    return {each.part: each for each in counter_findings(load_settings(path), is_running=is_running)}


def test_buttons_that_can_be_had_are_tried(tmp_path: Path) -> None:
    assert findings(tmp_path, counter={"pins": "mock"})["buttons"].works


def test_a_running_nodes_buttons_are_left_alone(tmp_path: Path) -> None:
    found = findings(tmp_path, counter={"pins": "lgpio"}, is_running=True)["buttons"]
    assert (found.works, "running" in found.found) == (True, True)


def test_a_camera_that_does_not_answer_is_wrong_and_its_password_is_not_shown(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        source = f"rtsp://admin:hidden-word@127.0.0.1:{listener.getsockname()[1]}/"
        listener.close()
        found = findings(tmp_path, camera=[{"name": "a", "source": source}])["camera a"]
    assert not found.works
    assert "hidden-word" not in found.found


def test_missing_ffmpeg_is_wrong_where_there_are_cameras(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_program", lambda name: None)
    found = findings(tmp_path, camera=[{"name": "a", "source": "/dev/video99"}])
    assert (found["ffmpeg"].works, found["camera a"].works) == (False, False)
    assert "ffmpeg" not in findings(tmp_path)
