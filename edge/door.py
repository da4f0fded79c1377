"""The way to the hub over HTTP, as whom the node is: with a certificate, or with name and secret.

Redirects are not followed, so that a secret goes nowhere else. Every wait is bounded.
"""

from pathlib import Path

import httpx

from edge.wire.errors import TlsUnusable
from edge.wire.tls import Tls, client_context, explained

__all__ = ["Door", "said"]

_TIMEOUT = httpx.Timeout(connect=10, read=30, write=30, pool=10)


class Door:
    """The hub at `url`. A renewed certificate is used from the next request on. Use it from one thread."""

    def __init__(
        self,
        url: str,
        *,
        user: str,
        password: str | None = None,
        tls: Tls | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._login = None if password is None else (user, password)
        self._tls = tls
        self._transport = transport
        self._client: httpx.Client | None = None
        self._made_of: tuple[object, ...] = ()

    def client(self) -> httpx.Client:
        """A client that shows what the node has now. Raises `httpx.ConnectError` naming a bad file."""
        made_of = () if self._tls is None else tuple(map(_stamp, vars(self._tls).values()))
        if self._client is None or made_of != self._made_of:
            self.close()
            self._client, self._made_of = self._make_client(), made_of
        return self._client

    def close(self) -> None:
        """Let the connections go."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _make_client(self) -> httpx.Client:
        try:
            verify = True if self._tls is None else client_context(self._tls)
        except TlsUnusable as error:
            raise httpx.ConnectError(str(error)) from error
        return httpx.Client(
            auth=self._login,
            verify=verify,
            timeout=_TIMEOUT,
            follow_redirects=False,
            transport=self._transport,
        )


def said(error: httpx.HTTPError) -> str:
    """What went wrong on the way, for people."""
    return f"{type(error).__name__}: {explained(str(error))}"


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
