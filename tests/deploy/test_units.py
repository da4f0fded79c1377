"""The units as systemd reads them: without a fault, and shut in as far as what they do allows."""

import subprocess
from pathlib import Path
from typing import Any

import jinja2
import pytest

ROLES = Path(__file__).resolve().parents[2] / "deploy/ansible/roles"
UNITS = {
    "loa-hub.service": ROLES / "hub/templates",
    "loa-backup.service": ROLES / "hub/templates",
    "loa-clock.service": ROLES / "clock/templates",
    "loa-speaker.service": ROLES / "speaker/templates",
    "loa-counter.service": ROLES / "counter/templates",
}
SERVICES = ("loa-hub.service", "loa-speaker.service", "loa-counter.service")
MOST_EXPOSED = 25  # tenths


def rendered(name: str, *, debian: int = 12, **more: str) -> str:
    environment = jinja2.Environment(trim_blocks=True, autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701
    environment.tests["version"] = lambda found, least, _how: int(found) >= int(least)
    facts: dict[str, Any] = {"distribution_major_version": str(debian)}
    settings = {
        "ansible_managed": "written by Ansible",
        "ansible_facts": facts,
        "hub_data": "/var/lib/loa-hub",
        "hub_backup_folder": "/var/backups/loa",
        "hub_backup_second_folder": "",
        "hub_certificate": "",
        "hub_certificate_key": "",
    }
    text = (UNITS.get(name, ROLES / "hub/templates") / f"{name}.j2").read_text()
    return environment.from_string(text).render(settings, **more)


def analyze(*arguments: str | Path) -> str:
    ran = subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    return ran.stderr + ("" if ran.returncode == 0 else ran.stdout)


@pytest.fixture(params=UNITS)
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / str(request.param)
    path.write_text(
        rendered(request.param)
        .replace("/opt/loa/venv/bin/", "/bin/true ")
        .replace("/usr/local/sbin/", "/bin/true ")
    )
    return path


def test_systemd_finds_no_fault(unit: Path) -> None:
    assert analyze("verify", unit) == ""


def test_little_is_exposed(unit: Path) -> None:
    assert analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", unit) == ""


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_fails_again_and_again_waits_longer_where_systemd_can(name: str) -> None:
    assert "RestartSteps" not in rendered(name, debian=12)
    assert "RestartSteps" in rendered(name, debian=13)


def test_the_amplifier_is_off_after_whatever_ended_the_loudspeaker() -> None:
    assert "\nExecStopPost=/opt/loa/venv/bin/loa-node off --config " in rendered("loa-speaker.service")


@pytest.mark.parametrize(("name", "major"), [("loa-speaker.service", 116), ("loa-counter.service", 81)])
def test_a_card_or_camera_that_comes_after_the_start_is_not_shut_out(name: str, major: int) -> None:
    assert f"\nDeviceAllow=char-{major} rw\n" in rendered(name)


def test_nginx_takes_up_a_renewed_certificate_of_another_authority() -> None:
    watched = rendered(
        "loa-doors.path", hub_certificate="/etc/ssl/x.crt", hub_certificate_key="/etc/ssl/x.key"
    )
    assert "\nPathChanged=/etc/ssl/x.crt\nPathChanged=/etc/ssl/x.key\n" in watched
    assert rendered("loa-doors.path").count("PathChanged=") == 3


def test_the_broker_may_have_a_connection_for_each_of_two_thousand_nodes() -> None:
    (limit,) = (each for each in rendered("loa-hub.service").splitlines() if each.startswith("LimitNOFILE="))
    assert int(limit.partition("=")[2]) > 2 * 2000


@pytest.mark.parametrize(
    ("name", "data", "mount"),
    [
        ("loa-hub.service", "/var/lib/loa-hub loa-hub", r"var-lib-loa\x2dhub.mount"),
        ("loa-speaker.service", "/var/lib/loa-node loa-node", r"var-lib-loa\x2dnode.mount"),
        ("loa-counter.service", "/var/lib/loa-node loa-node", r"var-lib-loa\x2dnode.mount"),
    ],
)
def test_a_service_waits_for_the_partition_of_its_data_and_tries_again(
    name: str, data: str, mount: str
) -> None:
    unit = rendered(name)
    assert f"/usr/local/sbin/loa-partition {data}\n" in unit
    (after,) = (line for line in unit.splitlines() if line.startswith("After="))
    assert mount in after.split()
    assert not any(
        line.startswith(("RequiresMountsFor=", "WorkingDirectory=/var")) for line in unit.splitlines()
    )
