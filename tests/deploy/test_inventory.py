"""Each rule of an inventory, asked alone; `test_preflight.py` sees that the playbooks ask them."""

from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.deploy.plugins import plugin

HUB: dict[str, Any] = {
    "ansible_host": "192.168.50.10",
    "hub_site_id": "xa-mau",
    "hub_site_name": "Xã mẫu",
    "hub_areas": [{"id": "dong", "name": "Đông"}, {"id": "to-1", "name": "Tổ 1", "parent": "dong"}],
}
HOSTS = {
    "hub-mau": HUB,
    "to-1-loa-1": {"ansible_host": "192.168.50.101", "speaker_area": "to-1"},
    "quay-1": {"ansible_host": "192.168.50.31", "counter_area": "dong"},
}
GROUPS = {"hub": ["hub-mau"], "speakers": ["to-1-loa-1"], "counters": ["quay-1"]}


@pytest.fixture(scope="module")
def inventory() -> ModuleType:
    return plugin("loa_inventory")


def told(inventory: ModuleType, *, groups: dict[str, list[str]] | None = None, **changes: Any) -> list[str]:
    """What is said of the good inventory with changes, each `machine__name=value`."""
    hosts = deepcopy(HOSTS)
    for where, value in changes.items():
        machine, _, name = where.partition("__")
        hosts.setdefault(machine.replace("_", "-"), {})[name] = value
    return list(inventory.inventory_faults(GROUPS | (groups or {}), hosts))


def test_a_good_inventory_is_not_told_of(inventory: ModuleType) -> None:
    assert told(inventory) == []


@pytest.mark.parametrize("hubs", [[], ["hub-mau", "quay-1"]])
def test_there_is_one_hub(inventory: ModuleType, hubs: list[str]) -> None:
    assert any(fault.startswith("hub: wanted one machine") for fault in told(inventory, groups={"hub": hubs}))


AREA = {"id": "to-1", "name": "Tổ 1"}
RULES: list[tuple[str, Any, str]] = [
    ("hub_mau__hub_site_id", "", "hub-mau: hub_site_id: wanted"),
    ("hub_mau__hub_site_id", "Xã", "hub-mau: hub_site_id: wanted"),
    ("hub_mau__hub_site_name", " ", "hub-mau: hub_site_name: wanted"),
    ("hub_mau__hub_areas", [*HUB["hub_areas"], {"name": "Tổ 2"}], "hub-mau: hub_areas: number 3: id: wanted"),
    (
        "hub_mau__hub_areas",
        [*HUB["hub_areas"], {"id": "a", "name": ""}],
        "hub-mau: hub_areas: a: name: wanted",
    ),
    (
        "hub_mau__hub_areas",
        [HUB["hub_areas"][1], HUB["hub_areas"][0]],
        "hub-mau: hub_areas: to-1: parent: wanted an area that stands above it",
    ),
    ("hub_mau__hub_areas", [*HUB["hub_areas"], AREA], "hub-mau: hub_areas: to-1 stands there twice"),
    ("to_1_loa_1__ansible_host", "", "to-1-loa-1: ansible_host: wanted the address of this loudspeaker"),
    ("quay_1__ansible_host", "", "quay-1: ansible_host: wanted the address of this counter"),
    ("hub_mau__ansible_host", "", "hub-mau: ansible_host: wanted the address of this hub"),
    ("to_1_loa_1__speaker_area", "to-9", "to-1-loa-1: speaker_area: wanted one of hub_areas (dong, to-1)"),
    ("quay_1__counter_area", "", "quay-1: counter_area: wanted one of hub_areas (dong, to-1); found nothing"),
    (
        "quay_1__ansible_host",
        "192.168.50.101",
        "quay-1, to-1-loa-1: ansible_host: wanted an address for each",
    ),
    ("quay_1__base_timezone", "Asia/HoChiMinh", "quay-1: base_timezone: wanted a time zone"),
    *(
        (f"hub_mau__{name}", value, f"hub-mau: {name}: wanted {wanted}")
        for names, value, wanted in (
            (
                (
                    "base_upgrades_refresh_at",
                    "base_upgrades_install_at",
                    "base_upgrades_restart_at",
                    "hub_backup_at",
                ),
                "24:00",
                "an hour",
            ),
            (
                ("broker_networks", "clock_networks", "counter_touch_networks", "hub_metrics_networks"),
                ["10.0.0.1/8"],
                "networks",
            ),
            (
                (
                    "base_data_folder",
                    "hub_apt_cache_folder",
                    "hub_backup_folder",
                    "hub_backup_second_folder",
                    "hub_certificate",
                    "hub_certificate_key",
                    "hub_data",
                    "hub_wheels",
                ),
                "/srv/loa hub",
                "a whole path",
            ),
        )
        for name in names
    ),
    ("hub_mau__hub_data", "srv/loa", "hub-mau: hub_data: wanted a whole path"),
]


@pytest.mark.parametrize(("where", "value", "fault"), RULES, ids=lambda value: str(value)[:40])
def test_what_cannot_be_right_is_told_once(inventory: ModuleType, where: str, value: Any, fault: str) -> None:
    (found,) = told(inventory, **{where: value})
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Loa_1", "wanted a name of 1 to 63"),
        ("a" * 64, "wanted a name of 1 to 63"),
        ("hub", "wanted another name"),
    ],
)
def test_a_name_is_one_for_topics_and_certificates(inventory: ModuleType, name: str, fault: str) -> None:
    hosts = {**HOSTS, name: {"ansible_host": "192.168.50.102", "speaker_area": "to-1"}}
    (found,) = inventory.inventory_faults(GROUPS | {"speakers": [name]}, hosts)
    assert found.startswith(f"{name}: {fault}")


def test_a_machine_is_of_one_kind(inventory: ModuleType) -> None:
    faults = told(
        inventory,
        groups={"speakers": ["to-1-loa-1", "quay-1"]},
        quay_1__speaker_area="to-1",
    )
    assert faults == ["quay-1: wanted in one of hub, speakers and counters; found in speakers and counters"]


def test_one_address_with_two_ports_is_two_machines(inventory: ModuleType) -> None:
    changes: dict[str, Any] = {"quay_1__ansible_host": "192.168.50.101", "quay_1__ansible_port": 2222}
    assert told(inventory, **changes) == []


def test_a_machine_that_is_no_ssh_away_needs_no_address(inventory: ModuleType) -> None:
    assert told(inventory, quay_1__ansible_host="", quay_1__ansible_connection="local") == []


def test_a_name_with_settings_in_two_places_is_told(inventory: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "hosts.yml"
    file.write_text(
        "speakers:\n  hosts:\n    a: {x: 1}\n  children:\n    dong: {hosts: {a: {x: !vault 2}, b: }}\n"
        "counters: {hosts: {b: {x: 1}}}\n"
    )
    for source in (file, tmp_path):
        faults = inventory._all_faults(GROUPS, HOSTS, [str(source)])
        assert faults == ["a: wanted each name once; found it twice with settings of its own"]
