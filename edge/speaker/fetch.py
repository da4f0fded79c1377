"""Recordings from the hub and kept sounds to it, over HTTP. Who calls decides when to try again."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, Self
from urllib.parse import quote

import httpx

from edge.door import Door, said
from edge.errors import HubNotReached, HubRefused
from edge.wire.tls import Tls

__all__ = ["Hub", "HubMedia"]

_CHUNK_BYTES = 64 * 1024
_NOT_THE_LAST_WORD = {401, 408, 425, 429}  # a secret may be renewed, a hub may be busy
_NOT_KNOWN = {400, 401, 403}  # 400: nginx, of a certificate that does not hold
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

GoOn = Callable[[], bool]


class Hub(Protocol):
    """The hub's media, as a node needs them. Raises `HubNotReached` (try again) or `HubRefused` (in vain)."""

    def download(self, sha256: str, *, size: int, into: BinaryIO, go_on: GoOn) -> None:
        """Append to `into`, which stands at its end, what is missing of a recording of `size` bytes. It never
        grows beyond `size`; what the hub does not continue begins anew. Ends early when `go_on` says no."""

    def upload(self, play: str, sound: Path, *, first_sample: datetime) -> None:
        """Give the hub the WAV that was kept of a play."""


class HubMedia:
    """The hub at `url`, by HTTP. Use it from one thread; `close` lets its connections go."""

    def __init__(
        self,
        url: str,
        *,
        user: str,
        password: str | None = None,
        tls: Tls | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._door = Door(url, user=user, password=password, tls=tls, transport=transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._door.close()

    def is_reachable(self) -> bool:
        """Whether something answers at the address. Raises `HubNotReached` with the reason when not."""
        try:
            return self._door.client().get(f"{self._door.url}/healthz").status_code < 500
        except httpx.HTTPError as error:
            raise HubNotReached(said(error)) from error

    def knows_me(self) -> bool:
        """Whether the hub takes this node's credential. Raises `HubNotReached`."""
        try:
            answer = self._door.client().get(f"{self._door.url}/media/{'0' * 64}.opus")
        except httpx.HTTPError as error:
            raise HubNotReached(said(error)) from error
        return answer.status_code not in _NOT_KNOWN

    def download(self, sha256: str, *, size: int, into: BinaryIO, go_on: GoOn) -> None:
        """See `Hub`."""
        have = into.tell()
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        try:
            url = f"{self._door.url}/media/{sha256}.opus"
            with self._door.client().stream("GET", url, headers=headers) as answer:
                _place(answer, into, have=have, size=size)
                _copy(answer.iter_raw(), into, size=size, go_on=go_on)
        except httpx.HTTPError as error:
            raise HubNotReached(said(error)) from error

    def upload(self, play: str, sound: Path, *, first_sample: datetime) -> None:
        """See `Hub`."""
        headers = {
            "Content-Type": "audio/wav",
            "Content-Length": str(sound.stat().st_size),
            "Loa-First-Sample": first_sample.isoformat(),
        }
        url = f"{self._door.url}/media/sounds/{quote(play, safe='@')}"
        try:
            with sound.open("rb") as body:
                answer = self._door.client().put(url, content=_pieces(body), headers=headers)
        except httpx.HTTPError as error:
            raise HubNotReached(said(error)) from error
        _expect_success(answer)


def _place(answer: httpx.Response, into: BinaryIO, *, have: int, size: int) -> None:
    """Put `into` where the answer's first byte belongs."""
    if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        into.truncate(0)
        raise HubNotReached(f"the hub has fewer than the {have} bytes fetched so far; beginning anew")
    _expect_success(answer)
    start = 0
    if answer.status_code == httpx.codes.PARTIAL_CONTENT:
        start = _start_of(answer, size)
        if start > have:
            raise HubNotReached(f"asked for bytes from {have}, got them from {start}")
    into.seek(start)
    into.truncate(start)


def _start_of(answer: httpx.Response, size: int) -> int:
    told = str(answer.headers.get("content-range", ""))
    match = _CONTENT_RANGE.fullmatch(told)
    if match is None or match[2] not in ("*", str(size)):
        raise HubRefused(f"wanted a part of {size} bytes, found Content-Range {told[:60]!r}")
    return int(match[1])


def _copy(chunks: Iterator[bytes], into: BinaryIO, *, size: int, go_on: GoOn) -> None:
    for chunk in chunks:
        if into.tell() + len(chunk) > size:
            into.truncate(0)
            raise HubRefused(f"the hub sent more than the {size} bytes that the plan says")
        into.write(chunk)
        if not go_on():
            return


def _pieces(body: BinaryIO) -> Iterator[bytes]:
    while piece := body.read(_CHUNK_BYTES):
        yield piece


def _expect_success(answer: httpx.Response) -> None:
    status = answer.status_code
    if 200 <= status < 300:
        return
    told = f"the hub answered {status} to {answer.request.method} {answer.request.url.path}"
    if 400 <= status < 500 and status not in _NOT_THE_LAST_WORD:
        raise HubRefused(told)
    raise HubNotReached(told)
