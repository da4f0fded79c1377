"""`[tls]` of a node's settings, and where it must stand: what leaves this machine is encrypted, always."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from edge.config_faults import Location
from edge.config_section import Section
from edge.wire.tls import Tls

__all__ = ["URL", "TlsSettings", "tls_misfits"]

URL = r"^https?://[^\s/?#]+(/[^\s?#]*)?$"

_PATH = "the path of a PEM file, relative to this file"


class TlsSettings(Section):
    """`[tls]`: the node's own key and certificate, and the authority that vouches for hub and broker."""

    key: Annotated[Path, Field(strict=False, description=_PATH)] = Path("node.key")
    certificate: Annotated[Path, Field(strict=False, description=_PATH)] = Path("node.crt")
    authority: Annotated[Path, Field(strict=False, description=_PATH)] = Path("authority.crt")

    def files(self) -> Tls:
        """The files, as the link takes them."""
        return Tls(key=self.key, certificate=self.certificate, authority=self.authority)


def tls_misfits(*, host: object, url: object, has_password: bool, has_tls: bool) -> Iterator[Location]:
    """Where the settings of a node with this broker `host` and hub `url` do not fit together. What is no host
    or address at all is another's fault."""
    hub = _host_of(url)
    if not has_tls and (_is_elsewhere(host) or _is_elsewhere(hub)):
        yield ("tls",)
    if has_password == has_tls:
        yield ("broker", "password")
    if hub is not None and str(url).startswith("http://") and (has_tls or _is_elsewhere(hub)):
        yield ("hub", "url")


def _host_of(url: object) -> str | None:
    try:
        return urlsplit(url).hostname if isinstance(url, str) and re.match(URL, url) else None
    except ValueError:
        return None


def _is_elsewhere(host: object) -> bool:
    """Whether it is a host, and not this machine."""
    if not isinstance(host, str) or host in ("", "localhost"):
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True
