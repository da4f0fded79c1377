"""What values of an inventory cannot be right: each variable that a technician fills in has its kind here.

Some values Ansible would bend (`17a` becomes pin 0, an empty one too), others a program would refuse when
half of a site is changed already: they are told before anything is. What is not set keeps its role's default.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_FLAGS = ("true", "false", "yes", "no", "on", "off", "1", "0")

Settings = Mapping[str, Any]
Check = Callable[[Any], bool]
Kind = tuple[str, Check]
"""What is wanted, in words, and whether a value is that."""


class FilterModule:
    """Filters of this project's playbooks."""

    def filters(self) -> dict[str, Any]:
        """`groups | loa_value_faults(hostvars)`: a list of sentences, empty when all is well."""
        return {"loa_value_faults": lambda groups, hosts: list(value_faults(groups, hosts))}


def value_faults(groups: Mapping[str, list[str]], hosts: Mapping[str, Settings]) -> Iterator[str]:
    """What is wrong with the values of each machine; what all of them have is told once."""
    told: dict[str, list[str]] = {}
    for name in dict.fromkeys(
        name for group in ("hub", "speakers", "counters") for name in groups.get(group, [])
    ):
        for fault in faults_of(hosts[name]):
            told.setdefault(fault, []).append(name)
    for fault, names in told.items():
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"{', '.join(names[:3])}{more}: {fault}"


def faults_of(settings: Settings) -> Iterator[str]:
    """What is wrong with one machine's values."""
    for name, (wanted, is_right) in KINDS.items():
        if name in settings and not is_right(settings[name]):
            yield f"{name}: wanted {wanted}; found {_shown(settings[name])}"
    if (
        not settings.get("hub_address")
        and "hub_areas" in settings
        and "hub" in settings.get("group_names", ())
    ):
        address = settings.get("ansible_host", "")
        if address and not _is_reachable(address):
            yield f"ansible_host: wanted, as nodes are given it, {REACHABLE[0]}; found {_shown(address)}"
    yield from _faults_of_areas(settings)
    yield from _faults_of_pins(settings)


def _faults_of_areas(settings: Settings) -> Iterator[str]:
    for area in settings.get("hub_areas") or []:
        if isinstance(area, Mapping) and not _is_title(area.get("name", "")):
            yield f"hub_areas: {area.get('id')}: name: wanted {TITLE[0]}; found {_shown(area.get('name'))}"


def _faults_of_pins(settings: Settings) -> Iterator[str]:
    """Each pin is one thing's, and there is one button, and one label, for each level."""
    levels = int_of(settings.get("counter_levels", 4))
    buttons = settings.get("counter_button_pins", [5, 6, 13, 19])
    labels = settings.get("counter_labels") or []
    thanks = [settings.get(name) for name in ("counter_lamp_pin", "counter_sound_pin")]
    if not isinstance(buttons, list) or "counter_area" not in settings:
        return
    pins = [int_of(pin) for pin in (*buttons, *thanks) if pin not in (None, "")]
    if settings.get("counter_pins", "lgpio") != "none" and (
        len(buttons) != levels or len(set(pins)) != len(pins)
    ):
        yield (
            f"counter_button_pins: wanted one pin for each of {levels} levels, no pin twice and none that is"
            f" counter_lamp_pin or counter_sound_pin; found {_shown(buttons)}"
        )
    if labels and len(labels) != levels:
        yield f"counter_labels: wanted a text for each of {levels} levels; found {len(labels)}"


def int_of(value: Any) -> int | None:
    """The whole number that the value is, or is written as; None for everything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}", value.strip()) else None


def _shown(value: Any) -> str:
    text = repr(str(value) if isinstance(value, str) else value)
    return text if len(text) <= 80 else f"{text[:60]}… ({len(str(value))} letters)"


def _number(low: int, high: int, what: str = "a whole number") -> Kind:
    def is_right(value: Any) -> bool:
        number = int_of(value)
        return number is not None and low <= number <= high

    return f"{what} from {low} to {high}", is_right


def _or_empty(kind: Kind) -> Kind:
    return f"{kind[0]}, or nothing", lambda value: value in (None, "") or kind[1](value)


def _each(kind: Kind, *, most: int = 1_000) -> Kind:
    def is_right(value: Any) -> bool:
        return isinstance(value, list) and len(value) <= most and all(map(kind[1], value))

    return f"a list, each of it {kind[0]}", is_right


def _one_of(*words: str) -> Kind:
    return " or ".join(words), lambda value: value in words


def _like(pattern: str, wanted: str) -> Kind:
    return wanted, lambda value: re.fullmatch(pattern, str(value)) is not None


def _text(least: int, most: int) -> Kind:
    def is_right(value: Any) -> bool:
        text = str("" if value is None else value).strip()
        return least <= len(text) <= most and text.isprintable()

    return f"a line of {least} to {most} letters", is_right


def _is_flag(value: Any) -> bool:
    return str(value).lower() in _FLAGS


def _is_zone(value: Any) -> bool:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _is_reachable(value: Any) -> bool:
    if _is_address(value):
        return True
    labels = str(value).split(".")
    return len(str(value)) <= 253 and not labels[-1].isdigit() and all(map(_LABEL.fullmatch, labels))


def _is_address(value: Any) -> bool:
    try:
        ip_address(str(value))
    except ValueError:
        return False
    return True


def _is_network(value: Any) -> bool:
    try:
        ip_network(str(value))
    except ValueError:
        return False
    return True


TITLE = _text(1, 200)
_is_title = TITLE[1]
REACHABLE: Kind = ("an address, or a name in lower case such as loa.lan", _is_reachable)
FLAG: Kind = ("true or false", _is_flag)
ZONE: Kind = ("the name of a time zone, such as Asia/Ho_Chi_Minh", _is_zone)
NETWORK: Kind = ("a network such as 192.168.50.0/24", _is_network)
HOUR = _like(r"([01][0-9]|2[0-3]):[0-5][0-9]", 'an hour in quotes, such as "02:15"')
SPAN = _like(
    r"([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)", 'a span such as "07:30-11:30"'
)
TIME = _like(r"[0-9]{1,4} ?(s|min|h|day|week|month|year)", "a length of time such as 30min or 3month")
SIZE = _like(r"[1-9][0-9]{0,5}[kKmMgGtT]", "a size such as 100M or 4g")
PIN, PORT = _number(0, 27, "a BCM pin number"), _number(1, 65_535, "a port")
SOURCE = _one_of("chrony", "timesyncd", "assume")
PINS: Kind = ("lgpio or none", lambda value: value in ("lgpio", "none", "mock"))
MS = _number(0, 10_000, "whole milliseconds")
KINDS: Mapping[str, Kind] = {
    "base_timezone": ZONE,
    "base_clock_tolerance_s": _number(1, 86_400, "whole seconds"),
    "base_journal_max": SIZE,
    "base_journal_keep": TIME,
    "base_watchdog_s": _number(1, 15, "whole seconds"),
    "base_ssh_passwords": FLAG,
    "base_ssh_port": PORT,
    "base_upgrades": FLAG,
    "base_upgrades_refresh_at": HOUR,
    "base_upgrades_install_at": HOUR,
    "base_upgrades_spread": TIME,
    "base_upgrades_restart_at": _or_empty(HOUR),
    "base_amplifier_pin": _or_empty(PIN),
    "base_amplifier_active_high": FLAG,
    "base_count_memory": FLAG,
    "broker_port": PORT,
    "broker_networks": _each(NETWORK),
    "clock_networks": _each(NETWORK),
    "clock_rtc": FLAG,
    "hub_site_name": TITLE,
    "hub_timezone": ZONE,
    "hub_address": _or_empty(REACHABLE),
    "hub_more_names": _each(REACHABLE, most=15),
    "hub_people_port": PORT,
    "hub_devices_port": PORT,
    "hub_broker_port": PORT,
    "hub_rtc": FLAG,
    "hub_upload_max_mb": _number(1, 4_000),
    "hub_upload_max_minutes": _number(1, 600),
    "hub_keep_entries_years": _number(1, 100, "whole years"),
    "hub_keep_audit_years": _number(1, 100, "whole years"),
    "hub_limit_requests": _number(1, 100_000),
    "hub_limit_connections": _number(1, 100_000),
    "hub_limit_uploads": _number(1, 100_000),
    "hub_ipv6": FLAG,
    "hub_metrics_networks": _each(NETWORK),
    "hub_apt_cache": FLAG,
    "hub_apt_cache_size": SIZE,
    "hub_apt_ipv6": FLAG,
    "hub_backup_at": HOUR,
    "hub_backup_keep": _number(1, 1_000),
    "speaker_title": _text(0, 200),
    "speaker_output": _one_of("device", "file"),
    "speaker_delay_ms": _number(0, 1_000, "whole milliseconds"),
    "speaker_pins": PINS,
    "speaker_amplifier_pin": PIN,
    "speaker_amplifier_active_high": FLAG,
    "speaker_warm_up_ms": MS,
    "speaker_hold_ms": MS,
    "speaker_clock": SOURCE,
    "speaker_rtc": FLAG,
    "counter_title": _text(0, 200),
    "counter_heading": _text(0, 60),
    "counter_levels": _number(3, 5),
    "counter_labels": _each(_text(1, 40), most=5),
    "counter_pins": PINS,
    "counter_button_pins": _each(PIN, most=5),
    "counter_pull_up": FLAG,
    "counter_lamp_pin": _or_empty(PIN),
    "counter_sound_pin": _or_empty(PIN),
    "counter_open": _each(SPAN, most=12),
    "counter_touch_host": ("an address of the machine", _is_address),
    "counter_touch_port": _number(0, 65_535, "a port, or 0 for no touch page,"),
    "counter_touch_networks": _each(NETWORK),
    "counter_clock": SOURCE,
    "counter_rtc": FLAG,
}
