"""A loudspeaker that fetches over a real socket, from a server that sends what a test wants."""

import hashlib
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from edge.speaker.clips import Clips
from edge.speaker.fetch import HubMedia
from edge.wire.entries import Fault, Finished, Mended, Outcome, Reason
from tests import factories as make
from tests.fakes import FakeClock
from tests.fakes_node import Village

DATA = b"OggS" + bytes(range(256)) * 1_000
SHA = hashlib.sha256(DATA).hexdigest()
DUE_S = 600.0

Way = Callable[[socket.socket, int], None]
"""Answers one request on an open connection, for the bytes from there on."""

_HEADERS = re.compile(
    rb"GET /media/([0-9a-f]{64})\.opus .*?(?:\r\nrange: bytes=(\d+)-\r\n.*)?\r\n\r\n",
    re.DOTALL | re.IGNORECASE,
)


def answer(start: int, data: bytes = DATA, *, length: int | None = None) -> bytes:
    """The head of an answer that continues at `start`."""
    size = len(data) - start if length is None else length
    status = "206 Partial Content" if start else "200 OK"
    span = f"Content-Range: bytes {start}-{len(data) - 1}/{len(data)}\r\n" if start else ""
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{span}\r\n".encode()


def well(data: bytes = DATA) -> Way:
    """As it should be, of these bytes."""
    return lambda peer, start: peer.sendall(answer(start, data) + data[start:])


def closing_after(count: int) -> Way:
    """The connection ends in the middle, in order."""
    return lambda peer, start: peer.sendall(answer(start) + DATA[start : start + count])


def resetting_after(count: int) -> Way:
    """The connection ends in the middle, as when a machine dies."""

    def way(peer: socket.socket, start: int) -> None:
        peer.sendall(answer(start) + DATA[start : start + count])
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return way


def ignoring_ranges(peer: socket.socket, _start: int) -> None:
    """All of it, whatever was asked."""
    well()(peer, 0)


def lying_of_ranges(peer: socket.socket, start: int) -> None:
    """Says that it continues, and begins anew."""
    peer.sendall(answer(start) + DATA[: len(DATA) - start])


def silent_after(count: int, until: threading.Event) -> Way:
    """Says nothing more, and keeps the connection."""

    def way(peer: socket.socket, start: int) -> None:
        peer.sendall(answer(start) + DATA[start : start + count])
        until.wait(60)

    return way


def dripping(on_byte: Callable[[], object]) -> Way:
    """Byte by byte, until the other side has enough."""

    def way(peer: socket.socket, start: int) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.sendall(answer(start))
        for byte in DATA[start:]:
            on_byte()
            peer.sendall(bytes([byte]))

    return way


class MediaServer:
    """`ways` are taken one by one, the last again and again; `asked` notes where each request began."""

    def __init__(self) -> None:
        self.ways: list[Way] = [well()]
        self.asked: list[int] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def stop(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(20)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._socket.accept()
                with peer, suppress(OSError):
                    peer.settimeout(20)
                    self._answer(peer)

    def _answer(self, peer: socket.socket) -> None:
        asked = b""
        while (found := _HEADERS.match(asked)) is None:
            if not (more := peer.recv(65_536)):
                return
            asked += more
        start = int(found[2] or 0)
        self.asked.append(start)
        (self.ways.pop(0) if len(self.ways) > 1 else self.ways[0])(peer, start)


class Station:
    """A node with one item, due in `DUE_S`, and its real folder of recordings, empty yet."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir(exist_ok=True)
        self.steady = FakeClock()
        self.village = Village(folder).boot()
        self.folder = folder / "recordings"
        self._hub = HubMedia(url, user=make.NODE, password="p")
        self.clips = Clips(
            self.folder,
            hub=self._hub,
            post=self.village.posted.append,
            monotonic=self.steady.monotonic,
        )
        item = make.occurrence(recordings=(SHA,), due_at=make.NOW + timedelta(seconds=DUE_S))
        needed = make.recording(sha256=SHA, bytes=len(DATA))
        self.village.plan(recordings=(needed,), occurrences=(item,))
        self.clips.want(self.village.clips.wanted)

    def close(self) -> None:
        self._hub.close()
        self.village.ledger.close()

    def hang_up(self) -> None:
        """Let its connections go."""
        self._hub.close()

    def try_once(self) -> None:
        """Take one step towards what is missing."""
        self.clips.step()
        self.village.run(0)

    def try_again(self) -> None:
        """Another step, once the pause after a failure is over."""
        self.steady.advance(400)
        self.try_once()
        self.clips.step()  # what it failed to is tried by now, and what is over is told
        self.village.run(0)

    def outcome(self) -> tuple[Outcome, Reason | None]:
        """What became of the item."""
        (found,) = self.outcomes()
        return found

    def outcomes(self) -> list[tuple[Outcome, Reason | None]]:
        """What became of every item."""
        self.village.run(DUE_S + 60)
        ended = [each for each in self.village.entries(Finished) if isinstance(each, Finished)]
        return [(each.outcome, each.reason) for each in ended]

    def faults(self) -> list[str]:
        """Each fault that began, and, with a minus, each that ended, in order."""
        told = self.village.entries(Fault, Mended)
        names = [each.name for each in told if isinstance(each, Fault | Mended)]
        return [
            f"-{name}" if isinstance(each, Mended) else name for name, each in zip(names, told, strict=True)
        ]

    @property
    def held(self) -> bytes | None:
        """What stands under the recording's own name."""
        path = self.clips.path_of(SHA)
        return path.read_bytes() if path.exists() else None

    @property
    def part(self) -> bytes | None:
        """What was fetched so far."""
        path = self.folder / f"{SHA}.part"
        return path.read_bytes() if path.exists() else None


@pytest.fixture
def media_server() -> Iterator[MediaServer]:
    """Listens on loopback."""
    server = MediaServer()
    yield server
    server.stop()
