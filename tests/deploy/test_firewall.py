"""What each role opens in the firewall is right by itself, for it is tried before it is put in its place.

There a wrong line would keep the whole firewall from loading at the next start.
"""

import subprocess
from pathlib import Path
from typing import Any

import jinja2
import pytest

pytestmark = pytest.mark.long

ROLES = Path(__file__).resolve().parents[2] / "deploy/ansible/roles"
DEFAULTS: dict[str, Any] = {
    "ansible_managed": "written by Ansible",
    "base_ssh_networks": [],
    "base_ssh_port": 22,
    "broker_networks": [],
    "broker_port": 8883,
    "clock_networks": ["192.168.0.0/16", "fc00::/7"],
    "counter_touch_host": "192.168.50.31",
    "counter_touch_networks": ["192.168.50.0/24", "fd00::/8"],
    "counter_touch_port": 8080,
    "hub_devices_port": 8443,
    "hub_people_port": 443,
}
OPENED = {"broker": "8883", "clock": "123", "counter": "8080", "hub": "8443"}


def rendered(role: str, name: str, **more: Any) -> str:
    environment = jinja2.Environment(trim_blocks=True, autoescape=False, undefined=jinja2.StrictUndefined)  # noqa: S701
    environment.tests["search"] = lambda text, part: part in text
    template = (ROLES / role / "templates" / f"{name}.j2").read_text(encoding="utf-8")
    return environment.from_string(template).render(**{**DEFAULTS, **more})


def nft(text: str, *options: str) -> "subprocess.CompletedProcess[str]":
    """Give rules to nft in a network of its own."""
    command = [
        "unshare",
        "--map-root-user",
        "--net",
        "--",
        "sh",
        "-c",
        f"nft {' '.join(options)} -f - && nft list ruleset",
    ]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=20)


@pytest.mark.parametrize("role", OPENED)
def test_what_a_role_opens_can_be_tried_by_itself(role: str) -> None:
    tried = nft(rendered(role, f"{role}.nft"), "-c")
    assert tried.returncode == 0, tried.stderr


@pytest.mark.parametrize("role", OPENED)
def test_what_a_role_opens_is_added_to_a_firewall_that_drops_the_rest(role: str) -> None:
    base = rendered("base", "nftables.conf").partition("include")[0]
    loaded = nft(base + rendered(role, f"{role}.nft"))
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.count("chain input") == 1
    assert "policy drop" in loaded.stdout
    assert OPENED[role] in loaded.stdout


def test_a_network_that_is_none_is_found_before_it_is_put_in_its_place() -> None:
    assert nft(rendered("broker", "broker.nft", broker_networks=["192.168.50.0/240"]), "-c").returncode != 0
    for file in (
        "broker/tasks/main.yml",
        "clock/tasks/main.yml",
        "counter/tasks/main.yml",
        "hub/tasks/doors.yml",
    ):
        text = (ROLES / file).read_text(encoding="utf-8")
        assert text.count("dest: /etc/nftables.d/") == text.count("validate: /usr/sbin/nft -c -f %s") == 1
