"""The technician's own way in stays open: what would close it is said before anything is changed."""

import configparser
import shlex
import subprocess
from types import ModuleType

import pytest

from tests.deploy.playbook import ANSIBLE
from tests.deploy.plugins import plugin

TO_THE_NODE = "192.168.5.7 50000 192.168.50.101 2222\n"


ED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"


def key(of: str) -> str:
    """A public key that differs for each owner."""
    return f"{ED}{of.encode().hex():A<43} {of}"


@pytest.fixture(scope="module")
def way_in() -> ModuleType:
    return plugin("loa_way_in")


@pytest.mark.parametrize("networks", [[], ["192.168.5.0/24"], ["fd00::/8", "192.168.5.7"]])
def test_who_comes_from_a_network_that_stays_open_is_not_shut_out(
    way_in: ModuleType, networks: list[str]
) -> None:
    assert list(way_in.lock_outs(TO_THE_NODE, networks)) == []


def test_who_comes_from_elsewhere_would_be_shut_out(way_in: ModuleType) -> None:
    assert list(way_in.lock_outs(TO_THE_NODE, ["192.168.50.0/24"])) == [
        "base_ssh_networks: wanted 192.168.5.7 in one of them, from where you come; found 192.168.50.0/24"
    ]


def test_an_address_of_one_link_is_known_in_its_network(way_in: ModuleType) -> None:
    assert list(way_in.lock_outs("fe80::2%eth0 50000 fe80::1%eth0 22", ["fe80::/10"])) == []


def test_a_network_that_is_none_is_told(way_in: ModuleType) -> None:
    (told,) = way_in.lock_outs("", ["192.168.50.0/240"])
    assert "found '192.168.50.0/240'" in told


def test_the_port_that_ssh_came_in_by_is_known(way_in: ModuleType) -> None:
    assert way_in.ssh_port(TO_THE_NODE) == 2222


def test_without_ssh_its_usual_port_stays_open(way_in: ModuleType) -> None:
    assert way_in.ssh_port("\n") == 22


def faults_of_keys(way_in: ModuleType, stays: list[str], goes: list[str], *own: str) -> list[str]:
    hosts = {name: {"base_ssh_keys": stays, "base_ssh_keys_gone": goes} for name in ("hub-mau", "to-1-loa-1")}
    found = way_in.key_faults({"hub": ["hub-mau"], "speakers": ["to-1-loa-1"]}, hosts, own)
    assert isinstance(found, list)
    return found


def test_a_key_may_go_where_another_stays(way_in: ModuleType) -> None:
    restricted = f'from="192.168.50.0/24" {key("office")}'
    assert faults_of_keys(way_in, [restricted], [key("stolen")], key("office")) == []


def test_a_key_that_stays_and_goes_is_told_once_whatever_its_comment(way_in: ModuleType) -> None:
    same = key("laptop").replace(" laptop", " another comment")
    (told,) = faults_of_keys(way_in, [key("laptop"), key("office")], [same])
    assert told.startswith("base_ssh_keys_gone: wanted a key in one of two lists")


def test_the_last_key_does_not_go(way_in: ModuleType) -> None:
    (told,) = faults_of_keys(way_in, [], [key("stolen")])
    assert told.startswith("base_ssh_keys: wanted a key that stays")


def test_a_key_that_goes_too_is_none_that_stays(way_in: ModuleType) -> None:
    faults = faults_of_keys(way_in, [key("laptop")], [key("laptop")])
    assert any(fault.startswith("base_ssh_keys: wanted a key that stays") for fault in faults)


def test_what_goes_and_is_no_public_key_is_told(way_in: ModuleType) -> None:
    (told,) = faults_of_keys(way_in, [key("office")], ["stolen"])
    assert told.startswith("base_ssh_keys_gone: wanted public keys")


def test_a_technician_does_not_take_the_own_key_away(way_in: ModuleType) -> None:
    (told,) = faults_of_keys(way_in, [key("office")], [key("laptop")], key("laptop"))
    assert told.startswith("base_ssh_keys_gone: wanted keys of other computers")


@pytest.mark.parametrize("text", ["AAAAC3", "ssh-ed25519 AAAA… technician@office", "~/.ssh/id_ed25519.pub"])
def test_what_is_no_public_key_is_told(way_in: ModuleType, text: str) -> None:
    (told,) = faults_of_keys(way_in, [text, key("office")], [])
    assert told == f"base_ssh_keys: wanted public keys such as ssh-ed25519 AAAA… name; found {text!r}"


@pytest.fixture
def settings() -> configparser.ConfigParser:
    """How Ansible is set for a run."""
    made = configparser.ConfigParser()
    assert made.read(ANSIBLE / "ansible.cfg")
    return made


def test_a_busy_machine_has_half_a_minute_to_let_in_and_to_ask_for_a_password(
    settings: configparser.ConfigParser,
) -> None:
    assert settings.getint("defaults", "timeout", fallback=10) >= 30


@pytest.mark.long
def test_a_machine_that_falls_silent_in_the_middle_of_a_run_is_noticed_within_two_minutes(
    settings: configparser.ConfigParser,
) -> None:
    arguments = shlex.split(settings.get("ssh_connection", "ssh_args", fallback=""))
    command = ["ssh", "-F", "none", *arguments, "-G", "192.168.50.110"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
    has = dict(line.split(maxsplit=1) for line in told.splitlines())
    assert 0 < int(has["serveraliveinterval"]) * int(has["serveralivecountmax"]) <= 120
    assert has["controlmaster"] == "auto"
