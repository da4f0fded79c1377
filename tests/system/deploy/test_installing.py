"""What the playbooks leave on blank cards, and what systemd makes of it."""

import pytest

from tests.system.deploy.site_rig import COUNTER, HUB, SPEAKER, UNITS, Site
from tests.system.village import until

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

CALL_BACK = """
import sounddevice
ffi = sounddevice._ffi
print(ffi.callback("PaStreamCallback", lambda *_: 7)(ffi.NULL, ffi.NULL, 1, ffi.NULL, 0, ffi.NULL))
"""
MACHINES = (HUB, SPEAKER, COUNTER)


def test_the_second_run_changes_nothing(site: Site) -> None:
    assert site.runs[1].what_changed == []
    assert site.runs[1].changed == dict.fromkeys(MACHINES, 0)


@pytest.mark.parametrize("name", MACHINES)
def test_the_unit_is_without_fault_where_it_is_installed(site: Site, name: str) -> None:
    ran = site.machines[name].run("systemd-analyze", "verify", f"/etc/systemd/system/{UNITS[name]}.service")
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


@pytest.mark.parametrize("name", MACHINES)
def test_the_running_service_exposes_little(site: Site, name: str) -> None:
    ran = site.machines[name].run(
        "systemd-analyze", "security", "--no-pager", "--threshold=25", f"{UNITS[name]}.service"
    )
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("name", MACHINES)
def test_the_service_says_itself_that_it_is_ready_and_feeds_its_watchdog(site: Site, name: str) -> None:
    machine, unit = site.machines[name], UNITS[name]
    assert machine.shown(unit, "StatusText")
    fed = machine.shown(unit, "WatchdogTimestampMonotonic")
    until(
        "the watchdog is fed",
        lambda: machine.shown(unit, "WatchdogTimestampMonotonic") != fed,
        within_s=40,
    )


@pytest.mark.parametrize("name", MACHINES)
def test_nothing_had_to_be_started_again(site: Site, name: str) -> None:
    assert site.machines[name].shown(UNITS[name], "NRestarts") == "0"


@pytest.mark.parametrize("name", MACHINES)
def test_no_service_of_the_machine_failed(site: Site, name: str) -> None:
    assert site.machines[name].told("systemctl", "--failed", "--plain", "--no-legend") == ""


@pytest.mark.parametrize("name", MACHINES)
def test_systemd_would_feed_the_watchdog_of_the_hardware(site: Site, name: str) -> None:
    asked = ("systemctl", "show", "--value", "--property", "RuntimeWatchdogUSec")
    assert site.machines[name].told(*asked).strip() == "14s"


@pytest.mark.parametrize("name", [SPEAKER, COUNTER])
def test_the_hub_hears_the_node(site: Site, name: str) -> None:
    until(f"{name} is here", lambda: site.is_here(name), within_s=30)


def test_a_run_on_the_running_machines_changes_nothing_but_what_a_container_has_not(site: Site) -> None:
    outcome = site.apply(*MACHINES)
    assert outcome.code == 0, outcome.words[-6000:]
    # chronyd does not run in a container, whose clock is the whole machine's, so it is started each time; and
    # a card that had its wheels from a folder learns now whom to believe when the hub serves them.
    known = ("[clock : Run chrony]", "[node : Let the node believe the hub when it serves wheels]")
    assert [each for each in outcome.what_changed if not any(task in each for task in known)] == []


def test_a_sound_card_can_call_the_loudspeaker_back_in_its_sandbox(site: Site) -> None:
    speaker = site.machines[SPEAKER]
    shut_in = [
        f"--property={name}={speaker.shown('loa-speaker', name)}"
        for name in ("MemoryDenyWriteExecute", "NoNewPrivileges", "RestrictRealtime", "LockPersonality")
    ]
    run = ["systemd-run", "--pipe", "--wait", "--quiet", "--uid=loa-node", *shut_in]
    assert speaker.told(*run, "/opt/loa/venv/bin/python", "-c", CALL_BACK) == "7\n"
