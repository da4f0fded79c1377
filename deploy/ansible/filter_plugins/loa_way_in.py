"""Whether the firewall to come leaves the way open by which the technician came in."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

_USUAL_PORT = 22


class FilterModule:
    """Filters of this project's playbooks."""

    def filters(self) -> dict[str, Any]:
        """`SSH_CONNECTION | loa_ssh_port`: the port that SSH answers at on the machine; 22 without SSH.
        `SSH_CONNECTION | loa_lock_outs(networks)`: a list of sentences, empty when all is well."""
        return {
            "loa_ssh_port": ssh_port,
            "loa_lock_outs": lambda way, networks: list(lock_outs(way, networks)),
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
