"""The web server in front: what it says of each caller, believed because nobody else can reach the socket.

It is for a hub that is served on its Unix socket only; on a port of its own the hub believes no such header.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

__all__ = ["BehindProxy", "Presented", "presented"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_KEY = "loa.certificate"
_LONGEST = 100
_NONE = "NONE"


@dataclass(frozen=True)
class Presented:
    """A client certificate: what the web server made of it (SUCCESS or FAILED:reason), its serial, and its
    subject, as `hub.authority_x509.subject_of` writes it."""

    verdict: str
    serial: str
    subject: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is signed by the hub's authority and its time is not over."""
        return self.verdict == "SUCCESS" and bool(self.serial)


def presented(scope: Scope) -> Presented | None:
    """The certificate that the caller presented, if any."""
    found = scope.get(_KEY)
    return found if isinstance(found, Presented) else None


class BehindProxy:
    """ASGI: puts the caller's address, scheme and certificate in the place of the web server's own."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            said = {name: value.decode("latin-1") for name, value in scope["headers"]}
            address = said.get(b"x-real-ip", "")
            scope["client"] = (address, 0) if _is_address(address) else None
            scope["scheme"] = "https" if said.get(b"x-forwarded-proto") == "https" else "http"
            verdict = said.get(b"x-loa-certificate-verify", "")[:_LONGEST]
            if verdict not in ("", _NONE):
                scope[_KEY] = Presented(
                    verdict,
                    said.get(b"x-loa-certificate-serial", "")[:_LONGEST],
                    said.get(b"x-loa-certificate-subject", "")[:_LONGEST],
                )
        await self._app(scope, receive, send)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
