"""Whether firewall and keys to come leave the way open by which the technician came in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

_USUAL_PORT = 22
_PUBLIC_KEY = re.compile(
    r"(?:^|\s)(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+ +(AAAA[A-Za-z0-9+/]{40,}={0,2})(?:\s|$)"
)


class FilterModule:
    """Filters of this project's playbooks."""

    def filters(self) -> dict[str, Any]:
        """`SSH_CONNECTION | loa_ssh_port`: the port that SSH answers at on the machine; 22 without SSH.
        `SSH_CONNECTION | loa_lock_outs(networks)`: a list of sentences, empty when all is well.
        `groups | loa_key_faults(hostvars, own)`: likewise."""
        return {
            "loa_ssh_port": ssh_port,
            "loa_lock_outs": lambda way, networks: list(lock_outs(way, networks)),
            "loa_key_faults": key_faults,
        }


def ssh_port(way: str) -> int:
    """Of `way`, which is SSH_CONNECTION: client's address and port, the machine's address and port."""
    parts = way.split()
    return int(parts[3]) if len(parts) == 4 else _USUAL_PORT


def lock_outs(way: str, networks: Iterable[str]) -> Iterator[str]:
    """Why nobody, or not the one who is here now, could come in by SSH any more."""
    known: list[IPv4Network | IPv6Network] = []
    for text in networks:
        try:
            known.append(ip_network(text))
        except ValueError:
            yield f"base_ssh_networks: wanted networks such as 192.168.50.0/24; found {text!r}"
    caller = way.split()[0] if way.strip() else ""
    if caller and known and not any(ip_address(caller) in network for network in known):
        listed = ", ".join(map(str, known))
        yield f"base_ssh_networks: wanted {caller} in one of them, from where you come; found {listed}"


def key_faults(
    groups: Mapping[str, list[str]], hosts: Mapping[str, Mapping[str, Any]], own: Iterable[str]
) -> list[str]:
    """What is wrong with the keys that may log in, and with those that may not any more, each told once.

    `own` are the public keys of the computer that runs the playbook.
    """
    machines = [hosts[name] for group in ("hub", "speakers", "counters") for name in groups.get(group, [])]
    mine = _keys("", own)[0]
    faults = [fault for machine in machines for fault in _faults_of_keys(machine, mine)]
    return list(dict.fromkeys(faults))


def _faults_of_keys(machine: Mapping[str, Any], own: Mapping[str, str]) -> Iterator[str]:
    stays, wrong = _keys("base_ssh_keys", machine.get("base_ssh_keys") or [])
    goes, wrong_too = _keys("base_ssh_keys_gone", machine.get("base_ssh_keys_gone") or [])
    yield from (*wrong, *wrong_too)
    for key in goes.keys() & stays.keys():
        yield f"base_ssh_keys_gone: wanted a key in one of two lists; found in base_ssh_keys too: {goes[key]}"
    for key in goes.keys() & own.keys():
        yield f"base_ssh_keys_gone: wanted keys of other computers; found this one's own: {goes[key]}"
    if goes and not stays.keys() - goes.keys():
        yield "base_ssh_keys: wanted a key that stays, since base_ssh_keys_gone takes some away; found none"


def _keys(where: str, lines: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """What is public in each key, whatever its comment, with a line to show; and what is no key."""
    known, wrong = {}, []
    for line in (str(line).strip() for line in lines):
        if found := _PUBLIC_KEY.search(line):
            known[found[1]] = line if len(line) <= 60 else f"{line[:20]}…{line[-35:]}"
        else:
            wrong.append(f"{where}: wanted public keys such as ssh-ed25519 AAAA… name; found {line[:60]!r}")
    return known, wrong
