"""Inventories that cannot be right, and machines that cannot be used: said in words, before anything changes.

Machines of these inventories are this one, through Ansible's local connection; the checks only look.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.playbook import ANSIBLE, Run, play

pytestmark = pytest.mark.long

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43 + " stolen"
NOBODY = 9  # the discard port: nothing listens there


def good() -> dict[str, Any]:
    """One hub, two loudspeakers and a counter; all addresses differ."""
    return {
        "all": {
            "vars": {
                "ansible_connection": "local",
                "ansible_python_interpreter": "/usr/bin/python3",
                "hub_site_id": "xa-mau",
                "hub_site_name": "Xã mẫu",
                "hub_areas": [{"id": "to-1", "name": "Tổ 1"}, {"id": "to-2", "name": "Tổ 2"}],
            }
        },
        "hub": {"hosts": {"hub-mau": {"ansible_host": "127.0.0.1"}}},
        "speakers": {
            "hosts": {
                "to-1-loa-1": {"ansible_host": "127.0.0.2", "speaker_area": "to-1"},
                "to-2-loa-1": {"ansible_host": "127.0.0.3", "speaker_area": "to-2"},
            }
        },
        "counters": {"hosts": {"quay-1": {"ansible_host": "127.0.0.4", "counter_area": "to-1"}}},
    }


def check(tmp_path: Path, inventory: dict[str, Any], *, playbook: str = "preflight.yml") -> Run:
    file = tmp_path / "hosts.yml"
    file.write_text(json.dumps(inventory), encoding="utf-8")
    return play(playbook, file, "--check")  # should a check let it by, nothing happens to this machine


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good inventory with one value set, or taken away (None)."""
    inventory = deepcopy(good())
    *way, last = path.split("/")
    place = inventory
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return inventory


def test_a_good_inventory_passes(tmp_path: Path) -> None:
    run = check(tmp_path, good())
    assert run.code == 0, run.words


FAULTS = [
    ("hub/hosts", {}, ("hub:", "wanted one machine", "found 0")),
    ("all/vars/hub_site_id", "Xã mẫu", ("hub_site_id", "a-z", "'Xã mẫu'")),
    ("all/vars/hub_site_name", None, ("hub_site_name", "found nothing")),
    ("all/vars/hub_areas", [{"id": "To 1", "name": "Tổ 1"}], ("hub_areas", "a-z", "'To 1'")),
    (
        "all/vars/hub_areas",
        [{"id": "to-1", "name": "a"}, {"id": "to-2", "name": "b"}, {"id": "to-1", "name": "c"}],
        ("hub_areas", "to-1", "twice"),
    ),
    (
        "all/vars/hub_areas",
        [{"id": "to-1", "name": "a", "parent": "thon"}, {"id": "to-2", "name": "b"}],
        ("to-1", "parent", "'thon'"),
    ),
    ("speakers/hosts/to-1-loa-1/speaker_area", "to-9", ("to-1-loa-1", "to-1, to-2", "found to-9")),
    ("speakers/hosts/to-1-loa-1/speaker_area", None, ("to-1-loa-1", "speaker_area", "found nothing")),
    ("counters/hosts/quay-1/counter_area", "to-9", ("quay-1", "counter_area", "found to-9")),
    ("speakers/hosts/Loa_1", {"ansible_host": "127.0.0.9", "speaker_area": "to-1"}, ("Loa_1", "a-z")),
    ("speakers/hosts/hub", {"ansible_host": "127.0.0.9", "speaker_area": "to-1"}, ("hub", "another name")),
    ("all/vars/base_timezone", "Asia/HoChiMinh", ("base_timezone", "hub-mau", "'Asia/HoChiMinh'")),
    ("hub/hosts/hub-mau/ansible_host", "Loa-Hub.lan", ("ansible_host", "lower case", "'Loa-Hub.lan'")),
    ("all/vars/base_ssh_keys_gone", [KEY], ("base_ssh_keys", "wanted a key that stays")),
    (
        "counters/hosts/to-1-loa-1",
        {"ansible_host": "127.0.0.2", "counter_area": "to-1"},
        ("to-1-loa-1", "speakers and counters"),
    ),
    (
        "speakers/hosts/to-2-loa-1/ansible_host",
        "127.0.0.2",
        ("to-1-loa-1, to-2-loa-1", "found 127.0.0.2 for all of them"),
    ),
    ("all/vars/hub_backup_at", 1350, ("hub-mau", "hub_backup_at", "with its quotes", "found 1350")),
    ("all/vars/base_upgrades_restart_at", "25:00", ("base_upgrades_restart_at", "found 25:00")),
    ("all/vars/clock_networks", ["192.168.50.1/24"], ("clock_networks", "found 192.168.50.1/24")),
    ("all/vars/hub_data", "/srv/loa hub", ("hub_data", "a whole path", "found /srv/loa hub")),
    ("all/vars/base_timezone", "Asia/Saigon City", ("base_timezone", "Asia/Ho_Chi_Minh")),
    (
        "speakers/children",
        {"dong": {"hosts": {"to-1-loa-1": {"ansible_host": "127.0.0.8"}}}},
        ("to-1-loa-1", "each name once", "found it twice"),
    ),
]


@pytest.mark.parametrize(("path", "value", "words"), FAULTS, ids=lambda value: str(value)[:50])
def test_an_inventory_that_cannot_be_right_is_told(
    tmp_path: Path, path: str, value: Any, words: tuple[str, ...]
) -> None:
    run = check(tmp_path, changed(path, value), playbook="site.yml")
    assert run.code != 0
    assert run.says(*words), run.words
    assert run.plays == ["Check the inventory"]


def test_a_missing_address_is_told(tmp_path: Path) -> None:
    inventory = changed("speakers/hosts/to-1-loa-1/ansible_host", None)
    inventory["speakers"]["hosts"]["to-1-loa-1"]["ansible_connection"] = "ssh"
    run = check(tmp_path, inventory, playbook="site.yml")
    assert run.code != 0
    assert run.says("to-1-loa-1", "address of this loudspeaker", "found nothing"), run.words
    assert run.plays == ["Check the inventory"]


def test_all_faults_are_told_at_once_each_on_a_line_of_its_own(tmp_path: Path) -> None:
    inventory = changed("speakers/hosts/to-1-loa-1/speaker_area", "to-9")
    inventory["counters"]["hosts"]["quay-1"]["counter_area"] = "to-8"
    run = check(tmp_path, inventory, playbook="site.yml")
    told = [line.strip() for line in run.words.splitlines()]
    assert any(line.startswith("to-1-loa-1: ") and line.endswith("found to-9") for line in told), run.words
    assert any(line.startswith("quay-1: ") and line.endswith("found to-8") for line in told), run.words


def test_a_name_that_stands_twice_in_one_list_is_told(tmp_path: Path) -> None:
    file = tmp_path / "hosts.yml"
    file.write_text("speakers:\n  hosts:\n    to-1-loa-1: {a: 1}\n    to-1-loa-1: {a: 2}\n", encoding="utf-8")
    run = play("site.yml", file, "--check")
    assert run.code != 0
    assert run.says("duplicate", "to-1-loa-1"), run.words
    assert run.plays == []


def test_an_inventory_that_is_not_there_is_told(tmp_path: Path) -> None:
    run = play("site.yml", tmp_path / "none.yml", "--check")
    assert run.code != 0
    assert run.says("none.yml")
    assert run.plays == []


def test_a_hub_that_is_off_stops_everything(tmp_path: Path) -> None:
    inventory = good()
    inventory["hub"]["hosts"]["hub-mau"] |= {"ansible_connection": "ssh", "ansible_port": NOBODY}
    run = check(tmp_path, inventory, playbook="site.yml")
    assert run.code != 0
    assert run.says("hub-mau at 127.0.0.1 does not answer", "nothing"), run.words
    assert run.says("ssh-keygen -R 127.0.0.1"), run.words  # what to do next
    assert "Look at the machines" not in run.plays


def sudo_that(does: str, tmp_path: Path) -> str:
    program = tmp_path / f"sudo-{abs(hash(does))}"
    program.write_text(f'#!/bin/sh\nwhile [ "$1" != -u ]; do shift; done\nshift 2\n{does}\n')
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("where", ["hub/hosts/hub-mau", "speakers/hosts/to-1-loa-1"])
def test_a_sudo_that_asks_for_a_password_is_told(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSIBLE_BECOME_ALLOW_SAME_USER", "true")  # root asks itself, too
    asks = sudo_that("echo 'sudo: a password is required' >&2; exit 1", tmp_path)
    inventory = changed(f"{where}/ansible_become_exe", asks)
    inventory["all"]["vars"]["ansible_become_exe"] = sudo_that('exec "$@"', tmp_path)
    run = check(tmp_path, inventory)
    assert run.code != 0
    assert run.says(where.rpartition("/")[2], "sudo"), run.words
    assert run.says("--ask-become-pass"), run.words
    assert run.says("nothing"), run.words


def test_a_node_that_is_off_does_not_hold_the_others_up(tmp_path: Path) -> None:
    inventory = good()
    inventory["speakers"]["hosts"]["to-2-loa-1"] |= {"ansible_connection": "ssh", "ansible_port": NOBODY}
    run = check(tmp_path, inventory)
    last = run.words.partition("TASK [Remember what is wrong with the machine]")[2]
    assert all(f"ok: [{name}]" in last for name in ("hub-mau", "to-1-loa-1", "quay-1")), run.words
    assert "ok: [to-2-loa-1]" not in last
    assert run.says("to-2-loa-1 at 127.0.0.3 does not answer"), run.words
    assert run.says("ssh-keygen -R 127.0.0.3"), run.words  # what to do next


def test_another_system_stops_everything(tmp_path: Path) -> None:
    file = tmp_path / "hosts.yml"
    file.write_text(json.dumps(good()), encoding="utf-8")
    run = play("preflight.yml", file, "--extra-vars", json.dumps({"preflight_releases": ["potato"]}))
    assert run.code != 0
    assert run.says("to-1-loa-1: wanted Debian or Raspberry Pi OS", "64 bits"), run.words
    assert run.says("nothing was changed")


def test_a_firewall_that_would_shut_the_technician_out_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.168.5.7 50000 192.168.50.101 22")
    run = check(tmp_path, changed("all/vars/base_ssh_networks", ["192.168.50.0/24", "fd00::/8"]))
    assert run.code != 0
    assert run.says("to-1-loa-1: base_ssh_networks", "wanted 192.168.5.7"), run.words


def test_the_example_is_right(tmp_path: Path) -> None:
    run = play("preflight.yml", ANSIBLE / "inventory" / "example", "--list-hosts")
    assert run.code == 0, run.words
    names = {line.strip() for line in run.words.splitlines()}
    assert len({name for name in names if "-loa-" in name}) == 40
    assert {"quay-1", "quay-2"} <= names


@pytest.mark.parametrize(
    ("of_hub", "refused"),
    [
        ({}, True),
        ({"base_data_device": "/dev/disk/by-label/loa-data"}, False),
        ({"base_data_leave": True}, False),
    ],
)
def test_a_hub_whose_partition_left_the_inventory_does_not_begin_empty(
    tmp_path: Path, of_hub: dict[str, Any], refused: bool
) -> None:
    fstab = tmp_path / "fstab"
    fstab.write_text("/dev/disk/by-label/loa-data /var/lib/loa-hub ext4 defaults,nofail,x-loa 0 2\n")
    of_hub = {"ansible_host": "127.0.0.1", "preflight_fstab": str(fstab), **of_hub}
    run = check(tmp_path, changed("hub/hosts/hub-mau", of_hub))
    assert (run.code != 0, run.says("the hub would begin empty")) == (refused, refused), run.words
