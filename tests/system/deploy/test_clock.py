"""Whose time a hub without a battery serves after its start: nobody's, until it has been in step."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.system.deploy.internet_time import internet_time, leap_and_stratum
from tests.system.deploy.machines import Machine
from tests.system.deploy.site_rig import HUB, Site
from tests.system.village import until

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

NOT_IN_STEP, LOCAL = 3, 10
IN_STEP_S = 60.0


@pytest.fixture
def hub(site: Site) -> Machine:
    """Its chronyd and loa-clock.service as after a start, with no internet."""
    machine = site.machines[HUB]
    machine.told("systemctl", "restart", "chrony")
    until("chronyd answers", lambda: machine.run("chronyc", "tracking").returncode == 0, within_s=IN_STEP_S)
    return machine


@contextmanager
def in_step(site: Site, hub: Machine) -> Iterator[None]:
    """While there is the internet, from when loa-clock.service has seen the hub in step."""
    with internet_time(site.network.ours):
        hub.told("chronyc", "burst", "4/8")  # which it would ask of itself a minute later
        until("it was in step", lambda: hub.shown("loa-clock", "SubState") == "exited", within_s=IN_STEP_S)
        yield


def waits(hub: Machine) -> bool:
    return hub.shown("loa-clock", "SubState") == "running"


def test_a_hub_serves_the_time_once_it_was_in_step_and_then_without_the_internet(
    site: Site, hub: Machine
) -> None:
    until("it waits", lambda: waits(hub), within_s=IN_STEP_S)
    assert leap_and_stratum(hub.address)[0] == NOT_IN_STEP
    with in_step(site, hub):
        assert leap_and_stratum(hub.address) == (0, 2)
    hub.told("chronyc", "reset", "sources")
    until("it serves its own", lambda: leap_and_stratum(hub.address) == (0, LOCAL), within_s=IN_STEP_S)


def test_a_chronyd_that_begins_anew_is_waited_for_anew(site: Site, hub: Machine) -> None:
    until("it waits", lambda: waits(hub), within_s=IN_STEP_S)
    with in_step(site, hub):
        pass
    hub.told("systemctl", "restart", "chrony")
    until("it waits again", lambda: waits(hub), within_s=IN_STEP_S)
    assert leap_and_stratum(hub.address)[0] == NOT_IN_STEP
