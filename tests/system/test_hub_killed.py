"""The hub killed outright, as by a power cut: its broker goes with it, and all comes back."""

import os
import signal
from datetime import UTC, datetime

import pytest

from tests.system.village import Village, until


@pytest.fixture(scope="module")
def killed(village: Village) -> dict[str, int | None]:
    """The processes that a kill of the hub took; the hub is back."""
    before = {name: village.pid_of(name) for name in ("hub.toml", "mosquitto.conf")}
    hub = before["hub.toml"]
    assert hub is not None
    killed_at = datetime.now(UTC)
    os.kill(hub, signal.SIGKILL)
    until("another hub runs", lambda: village.pid_of("hub.toml") not in {None, hub}, within_s=15)
    until("every loudspeaker is back", lambda: village.is_whole(since=killed_at), within_s=30)
    return before


def test_its_broker_does_not_outlive_it(village: Village, killed: dict[str, int | None]) -> None:
    assert village.pid_of("mosquitto.conf") not in {None, killed["mosquitto.conf"]}


@pytest.mark.usefixtures("killed")
def test_the_hub_is_well_again(village: Village) -> None:
    until("it says so", village.is_well, within_s=5)


@pytest.mark.usefixtures("killed")
def test_a_start_in_order_leaves_no_fault_of_the_broker(village: Village) -> None:
    until(
        "nothing is broken", lambda: not {"broker", "broker_program"} & set(village.open_faults()), within_s=5
    )
