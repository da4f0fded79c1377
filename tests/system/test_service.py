"""The installed programs under a service manager: what they say of themselves, and when."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.factories_settings import alone
from tests.service_manager import ServiceManager
from tests.system.village import free_port, until

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 30.0

HUB = """
[site]
id = "xa-mau"
name = "Xã mẫu"
[hub]
port = {port}
[broker]
mode = "outside"
port = 9
password = "nobody asks"
"""

NODE = alone(amplifier={"pins": "none"})


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ServiceManager]:
    with ServiceManager(tmp_path / "notify", watchdog_s=4, pid=0) as made:
        del made.environment["WATCHDOG_PID"]
        yield made


@contextmanager
def started(*command: str, settings: Path, manager: ServiceManager) -> Iterator["subprocess.Popen[bytes]"]:
    settings.chmod(0o600)
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--config", str(settings)],
        env={**os.environ, **manager.environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(WITHIN_S)


def lives_and_ends(process: "subprocess.Popen[bytes]", manager: ServiceManager) -> None:
    until("the watchdog is fed", lambda: "WATCHDOG=1" in manager.heard(), within_s=WITHIN_S)
    process.send_signal(signal.SIGTERM)
    assert process.wait(WITHIN_S) == 0
    assert manager.heard()[-1] == "STOPPING=1"


def test_the_hub_says_that_it_serves_that_it_lives_and_that_it_ends(
    tmp_path: Path, manager: ServiceManager
) -> None:
    port = free_port()
    settings = tmp_path / "hub.toml"
    settings.write_text(HUB.format(port=port))
    with started("hub", "serve", settings=settings, manager=manager) as process:
        until("the hub is ready", lambda: "READY=1" in manager.heard(), within_s=WITHIN_S)
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=WITHIN_S).status_code in (200, 503)
        lives_and_ends(process, manager)


def test_a_node_says_that_it_runs_that_it_lives_and_that_it_ends(
    tmp_path: Path, manager: ServiceManager
) -> None:
    settings = tmp_path / "node.toml"
    settings.write_text(NODE)
    with started("edge", "speaker", settings=settings, manager=manager) as process:
        until("the node is ready", lambda: "READY=1" in manager.heard(), within_s=WITHIN_S)
        lives_and_ends(process, manager)
