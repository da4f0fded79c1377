"""What a technician reads at the pole."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.check import check_node
from edge.config import NodeSettings
from edge.ledger import Ledger
from tests import factories as make


@pytest.fixture
def findings(tmp_path: Path) -> Callable[..., dict[str, str]]:
    def run(**sections: Any) -> dict[str, str]:
        content = {
            "node": {
                "site": "tan-hoa",
                "name": make.NODE,
                "kind": "speaker",
                "areas": [make.AREA],
                "data": str(tmp_path),
            },
            "broker": {"host": "127.0.0.1", "port": 9, "password": "made-up-for-this-test"},
            "hub": {"url": "http://127.0.0.1:9"},
            "keys": {"site": make.signing_key().public()},
            "clock": {"source": "assume"},
            "sound": {"output": "file"},
        }
        said: list[str] = []
        check_node(NodeSettings.model_validate(content | sections), say=said.append)
        return {line[6:].partition(": ")[0]: line for line in said}

    return run


@pytest.fixture
def running(tmp_path: Path) -> Iterator[None]:
    """The node itself runs: it holds its ledger."""
    ledger = Ledger.open(tmp_path / "ledger.db", boot="b")
    yield
    ledger.close()


def test_an_assumed_clock_is_said(findings: Callable[..., dict[str, str]]) -> None:
    assert "a setting says that it is right; nothing vouches for it" in findings()["clock"]


@pytest.mark.usefixtures("running")
def test_the_running_nodes_session_is_left_alone(findings: Callable[..., dict[str, str]]) -> None:
    assert "not tried" in findings()["broker"]


@pytest.mark.usefixtures("running")
def test_the_running_nodes_pin_is_left_alone(findings: Callable[..., dict[str, str]]) -> None:
    amplifier = findings(amplifier={"pins": "lgpio"})["amplifier"]
    assert "held by the node" in amplifier


def test_a_pin_that_can_be_had_is_tried_and_off(findings: Callable[..., dict[str, str]]) -> None:
    assert findings(amplifier={"pins": "mock"})["amplifier"].endswith("through mock, off")


def test_a_device_that_is_not_there_is_wrong(findings: Callable[..., dict[str, str]]) -> None:
    sound = findings(sound={"output": "device", "device": "no such device"})["sound"]
    assert sound.startswith("WRONG")


def test_nothing_is_made_where_the_node_has_never_run(
    findings: Callable[..., dict[str, str]], tmp_path: Path
) -> None:
    findings()
    assert list(tmp_path.iterdir()) == []
