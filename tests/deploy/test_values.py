"""Values of an inventory that cannot be right are told with what was wanted; those that can be are not."""

from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.deploy.playbook import ANSIBLE
from tests.deploy.plugins import plugin

ROLES = ANSIBLE / "roles"
CASES: list[tuple[str, Any, bool]] = [
    ("base_timezone", "Asia/Ho_Chi_Minh", True),
    ("base_timezone", "Asia/HoChiMinh", False),
    ("base_timezone", "../../etc/passwd", False),
    ("speaker_amplifier_pin", 17, True),
    ("speaker_amplifier_pin", "17", True),
    ("speaker_amplifier_pin", "17a", False),
    ("speaker_amplifier_pin", 28, False),
    ("speaker_amplifier_pin", None, False),
    ("speaker_amplifier_pin", True, False),
    ("counter_lamp_pin", "", True),
    ("counter_lamp_pin", None, True),
    ("counter_lamp_pin", "x", False),
    ("speaker_amplifier_active_high", "no", True),
    ("speaker_amplifier_active_high", "low", False),
    ("speaker_amplifier_active_high", "", False),
    ("speaker_delay_ms", 1_001, False),
    ("speaker_output", "alsa", False),
    ("speaker_clock", "ntp", False),
    ("hub_address", "loa.lan", True),
    ("hub_address", "192.168.50.10", True),
    ("hub_address", "fd00::10", True),
    ("hub_address", "Loa-Hub.lan", False),
    ("hub_address", "https://loa.lan", False),
    ("hub_address", ".".join(["a" * 60] * 5), False),
    ("hub_address", "192.168.50.300", False),
    ("hub_more_names", ["loa.lan"], True),
    ("hub_more_names", "loa.lan", False),
    ("hub_more_names", "loa", False),
    ("hub_site_name", "Xã " + "a" * 198, False),
    ("speaker_title", "a" * 200, True),
    ("speaker_title", "a" * 201, False),
    ("speaker_title", "a\nb", False),
    ("counter_heading", "a" * 61, False),
    ("counter_labels", ["a" * 41], False),
    ("counter_button_pins", "5, 6, 13, 19", False),
    ("counter_open", ["7:30-11:30"], False),
    ("counter_touch_host", "0.0.0.0", True),  # noqa: S104 - nothing is bound here
    ("counter_touch_host", "quay-1", False),
    ("counter_touch_port", 0, True),
    ("counter_touch_port", 70_000, False),
    ("counter_touch_networks", ["192.168.50.1/24"], False),
    ("hub_upload_max_mb", 4_001, False),
    ("hub_backup_at", "02:15", True),
    ("hub_backup_at", 135, False),  # as YAML reads 02:15 without quotes
    ("base_upgrades_restart_at", "", True),
    ("base_journal_max", "100 MB", False),
    ("base_watchdog_s", 16, False),
]

WRONG: dict[str, Any] = {
    "base_timezone": "Hanoi",
    "base_clock_tolerance_s": 0,
    "base_journal_max": "100",
    "base_journal_keep": "three months",
    "base_watchdog_s": 0,
    "base_ssh_passwords": "never",
    "base_ssh_port": 0,
    "base_upgrades": "nightly",
    "base_upgrades_refresh_at": "1:00",
    "base_upgrades_install_at": "24:00",
    "base_upgrades_spread": "half an hour",
    "base_upgrades_restart_at": "3",
    "base_amplifier_pin": 28,
    "base_amplifier_active_high": "high",
    "base_count_memory": "some",
    "broker_port": 65_536,
    "broker_networks": ["192.168.50.1/24"],
    "clock_networks": "10.0.0.0/8",
    "clock_rtc": "ds3231",
    "hub_site_name": "",
    "hub_timezone": "Vietnam",
    "hub_address": "Loa Hub",
    "hub_more_names": ["loa.lan"] * 16,
    "hub_people_port": "https",
    "hub_devices_port": -1,
    "hub_broker_port": None,
    "hub_rtc": "",
    "hub_upload_max_mb": 0,
    "hub_upload_max_minutes": 601,
    "hub_keep_entries_years": 0,
    "hub_keep_audit_years": 101,
    "hub_limit_requests": 0,
    "hub_limit_connections": 0,
    "hub_limit_uploads": 0,
    "hub_ipv6": "v6",
    "hub_metrics_networks": [None],
    "hub_apt_cache": "nginx",
    "hub_apt_cache_size": "0g",
    "hub_apt_ipv6": "v6",
    "hub_backup_at": "2:15",
    "hub_backup_keep": 0,
    "speaker_title": "a\tb",
    "speaker_output": "alsa",
    "speaker_delay_ms": -1,
    "speaker_pins": "rpigpio",
    "speaker_amplifier_pin": "",
    "speaker_amplifier_active_high": "low",
    "speaker_warm_up_ms": 10_001,
    "speaker_hold_ms": "2s",
    "speaker_clock": "ntpd",
    "speaker_rtc": "none",
    "counter_title": "a" * 201,
    "counter_heading": "a" * 61,
    "counter_levels": 6,
    "counter_labels": [""],
    "counter_pins": "rpigpio",
    "counter_button_pins": [5, 6, 13, 28],
    "counter_pull_up": "up",
    "counter_lamp_pin": -1,
    "counter_sound_pin": "beep",
    "counter_open": ["07:30-24:01"],
    "counter_touch_host": "localhost",
    "counter_touch_port": -1,
    "counter_touch_networks": ["everyone"],
    "counter_clock": "gps",
    "counter_rtc": "maybe",
}
"""For each variable that has a kind, a value that is none of it."""


@pytest.fixture(scope="module")
def values() -> ModuleType:
    return plugin("loa_values")


@pytest.mark.parametrize(("name", "value", "is_right"), CASES, ids=lambda value: str(value)[:30])
def test_a_value_is_told_where_it_cannot_be_right(
    values: ModuleType, name: str, value: Any, is_right: bool
) -> None:
    told = list(values.faults_of({name: value}))
    assert [fault.partition(": wanted ")[0] for fault in told] == ([] if is_right else [name])


def test_no_kind_goes_unasked(values: ModuleType) -> None:
    told = [fault.partition(": wanted ")[0] for fault in values.faults_of(WRONG)]
    assert told == list(values.KINDS)


def test_a_long_value_is_not_repeated_whole(values: ModuleType) -> None:
    (told,) = values.faults_of({"speaker_title": "a" * 300})
    assert len(told) < 200
    assert "(300 letters)" in told


def test_what_many_machines_have_is_told_once(values: ModuleType) -> None:
    names = [f"loa-{number}" for number in range(40)]
    hosts = {name: {"base_timezone": "Hanoi"} for name in names}
    (told,) = values.value_faults({"speakers": names}, hosts)
    assert told.startswith("loa-0, loa-1, loa-2 and 37 more: base_timezone: wanted")


@pytest.mark.parametrize(
    "changes",
    [
        {"counter_button_pins": [5, 6, 13]},
        {"counter_button_pins": [5, 6, 13, 13]},
        {"counter_button_pins": [5, 6, 13, 19], "counter_lamp_pin": "19"},
        {"counter_lamp_pin": 20, "counter_sound_pin": 20},
        {"counter_levels": 5},
        {"counter_labels": ["Tốt", "Kém"]},
    ],
)
def test_buttons_lamp_and_labels_of_a_counter_fit_each_other(
    values: ModuleType, changes: dict[str, Any]
) -> None:
    (told,) = values.faults_of({"counter_area": "to-1", **changes})
    assert told.startswith(("counter_button_pins: wanted one pin", "counter_labels: wanted a text"))


def test_a_counter_without_buttons_has_no_pins_to_fit(values: ModuleType) -> None:
    counter = {"counter_area": "to-1", "counter_pins": "none", "counter_button_pins": []}
    assert list(values.faults_of(counter)) == []


def test_the_hub_is_known_to_its_nodes_by_the_address_at_which_it_is_reached(values: ModuleType) -> None:
    hub = {"group_names": ["hub"], "hub_areas": [], "ansible_host": "Loa-Hub.lan"}
    (told,) = values.faults_of(hub)
    assert told.startswith("ansible_host: wanted")
    assert list(values.faults_of({**hub, "hub_address": "loa.lan"})) == []


def test_the_name_of_an_area_fits_a_page(values: ModuleType) -> None:
    (told,) = values.faults_of(
        {"hub_areas": [{"id": "to-1", "name": "a" * 300}, {"id": "to-2", "name": "b"}]}
    )
    assert told.startswith("hub_areas: to-1: name: wanted")


def test_every_default_that_is_plain_is_right_by_its_kind(values: ModuleType) -> None:
    defaults: dict[str, Any] = {}
    for file in sorted(ROLES.glob("*/defaults/main.yml")):
        defaults |= yaml.safe_load(file.read_text(encoding="utf-8"))
    plain = {name: value for name, value in defaults.items() if "{{" not in str(value)}
    unset = {"hub_site_name": "Xã mẫu"}
    assert list(values.faults_of(plain | unset)) == []
    assert set(values.KINDS) - set(defaults) == set()


def test_the_example_is_right(values: ModuleType) -> None:
    site = Path(ANSIBLE / "inventory/example/group_vars/all/site.yml").read_text(encoding="utf-8")
    assert list(values.faults_of(yaml.safe_load(site))) == []
