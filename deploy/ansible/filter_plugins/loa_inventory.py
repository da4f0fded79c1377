"""What is wrong with an inventory, in sentences that say where, what was found and what was wanted."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import yaml

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_WANTED_NAME = "1 to 63 of a-z, 0-9 and -, not beginning with -"
_KINDS = {"hub": "hub", "speakers": "loudspeaker", "counters": "counter"}
_NODES = {"speakers": "speaker_area", "counters": "counter_area"}
# What stands as it is in files of systemd, nginx, nftables and chrony.
_HOURS = ("base_upgrades_refresh_at", "base_upgrades_install_at", "base_upgrades_restart_at", "hub_backup_at")
_NETWORKS = ("broker_networks", "clock_networks", "counter_touch_networks", "hub_metrics_networks")
_FOLDERS = (
    "base_data_folder",
    "hub_apt_cache_folder",
    "hub_backup_folder",
    "hub_backup_second_folder",
    "hub_certificate",
    "hub_certificate_key",
    "hub_data",
    "hub_wheels",
)

Hosts = Mapping[str, Mapping[str, Any]]
Groups = Mapping[str, list[str]]


class FilterModule:
    """Filters of this project's playbooks."""

    def filters(self) -> dict[str, Any]:
        """`groups | loa_inventory_faults(hostvars, sources)`: a list of sentences, empty when all is well."""
        return {"loa_inventory_faults": _all_faults}


def _all_faults(groups: Groups, hosts: Hosts, sources: Iterable[str]) -> list[str]:
    return [*inventory_faults(groups, hosts), *_faults_of_files(sources)]


def inventory_faults(groups: Groups, hosts: Hosts) -> list[str]:
    """What is wrong with the hosts of `groups` and their variables."""
    hubs = groups.get("hub", [])
    faults = [f"hub: wanted one machine in this group; found {len(hubs)}"] if len(hubs) != 1 else []
    if len(hubs) == 1:
        faults += _faults_of_site(hubs[0], hosts[hubs[0]])
    known = _areas(hosts[hubs[0]]) if len(hubs) == 1 else []
    for group in _KINDS:
        for name in groups.get(group, []):
            faults += _faults_of_host(name, hosts[name], group, known)
            faults += _faults_of_values(name, hosts[name])
    return [*faults, *_in_two_kinds(groups), *_same_address(groups, hosts)]


def _faults_of_site(hub: str, settings: Mapping[str, Any]) -> Iterator[str]:
    found = str(settings.get("hub_site_id", ""))
    if not _NAME.fullmatch(found):
        yield f"{hub}: hub_site_id: wanted the site's name in topics, {_WANTED_NAME}; found {found!r}"
    if not str(settings.get("hub_site_name", "")).strip():
        yield f"{hub}: hub_site_name: wanted the site's name on pages, such as Xã Hoà Bình; found nothing"
    yield from _faults_of_areas(hub, settings.get("hub_areas") or [])


def _faults_of_areas(hub: str, areas: list[Mapping[str, Any]]) -> Iterator[str]:
    ids = [str(area.get("id", "")) for area in areas]
    for at, area in enumerate(areas):
        where, parent = f"{hub}: hub_areas: {ids[at] or f'number {at + 1}'}", area.get("parent")
        if not _NAME.fullmatch(ids[at]):
            yield f"{where}: id: wanted {_WANTED_NAME}; found {ids[at]!r}"
        if not str(area.get("name", "")).strip():
            yield f"{where}: name: wanted its name on pages; found nothing"
        if parent and parent not in ids[:at]:
            yield f"{where}: parent: wanted an area that stands above it; found {parent!r}"
    for name in _twice(ids):
        yield f"{hub}: hub_areas: {name} stands there twice; each area has a name of its own"


def _faults_of_host(name: str, settings: Mapping[str, Any], group: str, areas: list[str]) -> Iterator[str]:
    if not _NAME.fullmatch(name):
        yield f"{name}: wanted a name of {_WANTED_NAME}; found {name!r} in {group}"
    if name == "hub" and group in _NODES:
        yield f"{name}: wanted another name; found that of the hub's own log-in to the broker"
    if not settings.get("ansible_host") and settings.get("ansible_connection", "ssh") == "ssh":
        yield f"{name}: ansible_host: wanted the address of this {_KINDS[group]}; found nothing"
    if group in _NODES:
        area = str(settings.get(_NODES[group]) or "")
        if area not in areas:
            listed = ", ".join(areas) or "none is listed"
            yield f"{name}: {_NODES[group]}: wanted one of hub_areas ({listed}); found {area or 'nothing'}"


def _faults_of_values(name: str, settings: Mapping[str, Any]) -> Iterator[str]:
    for key in _HOURS:
        found = settings.get(key) or "00:00"
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", str(found)):
            yield f'{name}: {key}: wanted an hour such as "22:30", with its quotes; found {found}'
    for key in _NETWORKS:
        for found in settings.get(key) or []:
            if not _is_network(str(found)):
                yield f"{name}: {key}: wanted networks such as 192.168.50.0/24; found {found}"
    for key in _FOLDERS:
        found = settings.get(key) or "/"
        if not re.fullmatch(r"/[\w./-]*", str(found), re.ASCII):
            yield f"{name}: {key}: wanted a whole path of letters, digits and / . _ -; found {found}"
    zone, known = settings.get("base_timezone"), available_timezones()
    if zone and known and zone not in known:
        yield f"{name}: base_timezone: wanted a time zone such as Asia/Ho_Chi_Minh; found {zone}"


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _areas(hub: Mapping[str, Any]) -> list[str]:
    return [str(area.get("id", "")) for area in hub.get("hub_areas") or []]


def _in_two_kinds(groups: Groups) -> Iterator[str]:
    for name in _twice(name for group in _KINDS for name in groups.get(group, [])):
        kinds = " and ".join(group for group in _KINDS if name in groups.get(group, []))
        yield f"{name}: wanted in one of hub, speakers and counters; found in {kinds}"


def _same_address(groups: Groups, hosts: Hosts) -> Iterator[str]:
    names = sorted({name for group in _KINDS for name in groups.get(group, [])})
    at = {name: str(hosts[name].get("ansible_host") or "") for name in names}
    ports = {name: str(hosts[name].get("ansible_port") or 22) for name in names}
    for address, port in _twice((at[name], ports[name]) for name in names if at[name]):
        same = ", ".join(name for name in names if (at[name], ports[name]) == (address, port))
        yield f"{same}: ansible_host: wanted an address for each machine; found {address} for all of them"


def _faults_of_files(sources: Iterable[str]) -> Iterator[str]:
    mentions = [each for file in _files(sources) for each in _mentions(_read(file))]
    for name in _twice(mentions):
        yield f"{name}: wanted each name once; found it twice with settings of its own"


def _files(sources: Iterable[str]) -> Iterator[Path]:
    for source in map(Path, sources):
        if source.is_dir():
            yield from sorted(each for each in source.iterdir() if each.suffix in {".yml", ".yaml"})
        elif source.suffix in {".yml", ".yaml"}:
            yield source


def _read(file: Path) -> Mapping[str, Any]:
    content = yaml.load(file.read_text(encoding="utf-8"), Loader=_Lenient)  # noqa: S506 - a SafeLoader
    return content if isinstance(content, Mapping) else {}


class _Lenient(yaml.SafeLoader):
    """Ansible has read the file; its tags (a vault's) mean nothing here."""


_Lenient.add_constructor(None, lambda _loader, _node: None)


def _mentions(groups: Mapping[str, Any]) -> Iterator[str]:
    for group in groups.values():
        if isinstance(group, Mapping):
            hosts = group.get("hosts") or {}
            yield from (name for name, settings in hosts.items() if settings)
            yield from _mentions(group.get("children") or {})


def _twice(items: Iterable[Any]) -> list[Any]:
    return [item for item, count in Counter(items).items() if count > 1]
