"""Names in certificates: whom a node's names, and for which names and addresses the authority can vouch.

The latter are "name constraints" (RFC 5280, 4.2.1.10). Office computers and phones are told to trust the
authority. Whoever steals its key may imitate this site with it, and not a bank: its certificate itself says
that it holds for private addresses, names that only a local network has, and those of this hub.
"""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from cryptography import x509

__all__ = ["alternative", "covers", "node_of", "scope_of", "subject_of"]

_NETWORKS = (
    *("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)
_DOMAINS = ("home.arpa", "internal", "lan", "local", "localhost")
_EVERYWHERE: tuple[x509.GeneralName, ...] = (
    *(x509.IPAddress(ip_network(each)) for each in _NETWORKS),
    *(x509.DNSName(each) for each in _DOMAINS),
)


def subject_of(node: str, enrolment: str) -> str:
    """Whom a node's certificate names, as broker and web server print it (RFC 2253)."""
    return f"CN={node},OU={enrolment}"


def node_of(subject: str) -> str:
    """The node in what `subject_of` made; a bare name is one already."""
    return subject.removeprefix("CN=").partition(",")[0]


def alternative(name: str) -> x509.IPAddress | x509.DNSName:
    """A name or an address as certificates write it."""
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def scope_of(names: Sequence[str]) -> x509.NameConstraints:
    """What the authority may vouch for whose hub is reached by `names`."""
    own = [_alone(name) for name in names if not _is_among(name, _EVERYWHERE)]
    return x509.NameConstraints(permitted_subtrees=[*_EVERYWHERE, *own], excluded_subtrees=None)


def covers(authority: x509.Certificate, names: Sequence[str]) -> bool:
    """Whether an authority is bounded, and `names` lie within its bounds."""
    try:
        scope = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return False
    return all(_is_among(name, scope.permitted_subtrees or []) for name in names)


def _alone(name: str) -> x509.GeneralName:
    is_domain = isinstance(alternative(name), x509.DNSName)
    return x509.DNSName(name) if is_domain else x509.IPAddress(ip_network(name))


def _is_among(name: str, subtrees: Sequence[x509.GeneralName]) -> bool:
    if isinstance(alternative(name), x509.DNSName):
        domains = [each.value for each in subtrees if isinstance(each, x509.DNSName)]
        return any(f".{name}".endswith(f".{domain}") for domain in domains)
    networks = [ip_network(each.value) for each in subtrees if isinstance(each, x509.IPAddress)]
    return any(ip_address(name) in network for network in networks)
