"""A stretch of network that can be cut: TCP relays on loopback that close, refuse, and open again."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Line", "Relays"]

T = TypeVar("T")

_HOST = "127.0.0.1"
_CHUNK = 64 * 1024
_PATIENCE_S = 5.0
_TRY_AGAIN_S = 0.05


@dataclass(frozen=True)
class Line:
    """Who connects to `port` reaches `target_port`; both on loopback."""

    port: int
    target_port: int


class Relays:
    """The lines of each name, cut and joined together. Threads may share it."""

    def __init__(self, lines: Mapping[str, tuple[Line, ...]]) -> None:
        self._stretches = {name: [_Relay(line) for line in own] for name, own in lines.items()}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relays", daemon=True)

    @property
    def names(self) -> tuple[str, ...]:
        """Everyone who has lines."""
        return tuple(self._stretches)

    def is_cut(self, name: str) -> bool:
        """Whether the lines of `name` are closed."""
        return not all(relay.is_open for relay in self._stretches[name])

    def start(self) -> None:
        """Open every line. Raises OSError for a port that is taken."""
        self._thread.start()
        for name in self._stretches:
            self.join(name)

    def cut(self, name: str) -> None:
        """Break what is connected and refuse what comes. Raises KeyError for an unknown name."""
        for relay in self._stretches[name]:
            self._run(relay.close())

    def join(self, name: str) -> None:
        """Open the lines of `name` again. Raises KeyError, or OSError for a port that is taken."""
        for relay in self._stretches[name]:
            self._run(relay.open())

    def stop(self) -> None:
        """Close every line and end the thread."""
        if not self._thread.is_alive():
            return
        for name in self._stretches:
            self.cut(name)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(5)


class _Relay:
    """One listening port. Lives on the loop of its owner."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()

    @property
    def is_open(self) -> bool:
        return self._server is not None

    async def open(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, _HOST, self._line.port, reuse_address=True)

    async def close(self) -> None:
        if self._server is None:
            return
        self._server.close()
        self._server = None
        for end in tuple(self._ends):
            end.transport.abort()
        while self._ends:
            await asyncio.sleep(0.005)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        try:
            await self._bridge(reader, writer)
        except OSError:
            pass  # an end that breaks is what a cut looks like
        finally:
            self._ends.discard(writer)
            writer.transport.abort()

    async def _bridge(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await self._reach(writer)
        self._ends.add(far_writer)
        try:
            for end in (writer, far_writer):
                end.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        finally:
            self._ends.discard(far_writer)
            far_writer.transport.abort()

    async def _reach(self, caller: asyncio.StreamWriter) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The far end; it may still be starting, and whoever calls need not call again."""
        loop = asyncio.get_running_loop()
        until_s = loop.time() + _PATIENCE_S
        while True:
            try:
                return await asyncio.open_connection(_HOST, self._line.target_port)
            except ConnectionRefusedError:
                if caller.is_closing() or loop.time() > until_s:
                    raise
            await asyncio.sleep(_TRY_AGAIN_S)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()
