"""The way to the hub over HTTP, as whom the node is: with a certificate, or with name and secret.

Redirects are not followed, so that a secret goes nowhere else. Every wait is bounded.
"""

import json
import time
from pathlib import Path

import httpx

from edge.errors import HubNotReached, HubNotVerified, HubRefused
from edge.wire.errors import TlsUnusable
from edge.wire.tls import (
    Tls,
    client_context,
    explained,
    is_unverified,
    unverified_context,
    verifying_context,
)

__all__ = ["Door", "get", "post", "said", "stranger"]

_TIMEOUT = httpx.Timeout(connect=10, read=30, write=30, pool=10)
_LONGEST_ANSWER_BYTES = 256 * 1024
_LONGEST_ANSWER_S = 60.0
_LONGEST_WORDS = 300
_NOT_THE_LAST_WORD = {408, 425, 429}


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

    def post(self, path: str, message: bytes) -> bytes:
        """Send JSON to a path of the hub, and return the JSON that is answered. Raises `HubNotReached`,
        `HubRefused`."""
        try:
            client = self.client()
        except httpx.HTTPError as error:
            raise HubNotReached(said(error)) from error
        return post(client, self.url + path, message)

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


def stranger(*, authority: Path | None = None, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client that shows nothing, and believes whom this authority vouches for; without one it believes
    anyone, and who asks with it must judge the answer. Raises `HubNotReached` for a useless file."""
    try:
        verify = unverified_context() if authority is None else verifying_context(authority)
    except TlsUnusable as error:
        raise HubNotReached(str(error)) from error
    return httpx.Client(verify=verify, timeout=_TIMEOUT, follow_redirects=False, transport=transport)


def get(client: httpx.Client, url: str, *, most: int) -> bytes:
    """What is answered, `most` bytes of it at most. Raises what `post` raises."""
    return _exchange(client, "GET", url, None, most=most)


def post(client: httpx.Client, url: str, message: bytes) -> bytes:
    """Send JSON, and return the JSON that is answered. Raises `HubNotReached` (try again), of which
    `HubNotVerified` is one, and `HubRefused`."""
    return _exchange(client, "POST", url, message, most=_LONGEST_ANSWER_BYTES)


def _exchange(client: httpx.Client, method: str, url: str, message: bytes | None, *, most: int) -> bytes:
    headers = {"Accept-Language": "en", "Accept-Encoding": "identity"}
    if message is not None:
        headers["Content-Type"] = "application/json"
    try:
        with client.stream(method, url, content=message, headers=headers) as answer:
            body = _read(answer, most=most, until_s=time.monotonic() + _LONGEST_ANSWER_S)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        wrong = HubNotVerified if is_unverified(error) else HubNotReached
        raise wrong(f"{url}: {said(error)}") from error
    if answer.is_success:
        return body
    told = f"{url}: the hub answered {answer.status_code}{_words(body)}"
    if answer.is_server_error or answer.status_code in _NOT_THE_LAST_WORD:
        raise HubNotReached(told)
    raise HubRefused(told)


def said(error: Exception) -> str:
    """What went wrong on the way, for people."""
    return explained(str(error)) or type(error).__name__


def _read(answer: httpx.Response, *, most: int, until_s: float) -> bytes:
    body = bytearray()
    for chunk in answer.iter_raw():  # nobody may send a little that unpacks to much
        body += chunk
        if len(body) > most:
            raise HubRefused(f"{answer.url}: wanted at most {most} bytes; more came")
        if time.monotonic() > until_s:
            raise HubNotReached(f"{answer.url}: the answer was not whole within {_LONGEST_ANSWER_S:.0f} s")
    return bytes(body)


def _words(body: bytes) -> str:
    """What a problem (RFC 9457) says, if it is one."""
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    told = found.get("detail") or found.get("title") if isinstance(found, dict) else None
    return f": {told[:_LONGEST_WORDS]}" if isinstance(told, str) and told.isprintable() else ""


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
