"""Papers of a node with real certificates, as a hub of the tests would give them."""

from typing import Any

from edge.wire.papers import Papers
from tests import factories as make
from tests.certificates import TestAuthority

__all__ = ["papers", "settings"]


def settings(*, name: str = make.NODE, kind: str = "speaker", site: str = make.SITE) -> dict[str, Any]:
    sections: dict[str, Any] = {
        "node": {"site": site, "name": name, "kind": kind, "areas": [make.AREA]},
        "broker": {"host": "192.168.50.10", "port": 8883},
        "hub": {"url": "https://192.168.50.10:8443"},
        "keys": {"site": make.signing_key().public()},
        "clock": {"source": "chrony"},
    }
    if kind == "speaker":
        return sections | {"sound": {"output": "device"}, "amplifier": {"pins": "none"}}
    return sections | {"counter": {"pins": "none"}}


def papers(
    authority: TestAuthority,
    request: str,
    *,
    name: str = make.NODE,
    certificate: str | None = None,
    ends: float = 730,
    **sections: Any,
) -> Papers:
    """What a hub answers to a request (PEM); a section of the settings is replaced by keyword."""
    kind = sections.pop("kind", "speaker")
    return Papers(
        node=name,
        settings=settings(name=name, kind=kind) | sections,
        certificate=certificate or authority.sign(request, name, ends=ends),
        authority=authority.pem,
        is_new=True,
    )
