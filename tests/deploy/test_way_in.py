"""The technician's own way in stays open: what would close it is said before anything is changed."""

import configparser
import importlib.util
import shlex
import subprocess
import sys
from types import ModuleType

import pytest

from tests.deploy.playbook import ANSIBLE

TO_THE_NODE = "192.168.5.7 50000 192.168.50.101 2222\n"


@pytest.fixture(scope="module")
def way_in() -> ModuleType:
    file = ANSIBLE / "filter_plugins" / "loa_way_in.py"
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


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


@pytest.mark.long
def test_a_machine_that_falls_silent_in_the_middle_of_a_run_is_noticed_within_two_minutes() -> None:
    settings = configparser.ConfigParser()
    settings.read(ANSIBLE / "ansible.cfg")
    arguments = shlex.split(settings.get("ssh_connection", "ssh_args", fallback=""))
    command = ["ssh", "-F", "none", *arguments, "-G", "192.168.50.110"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
    has = dict(line.split(maxsplit=1) for line in told.splitlines())
    assert 0 < int(has["serveraliveinterval"]) * int(has["serveralivecountmax"]) <= 120
    assert has["controlmaster"] == "auto"
