"""NTP from both ends: the time that a site gets from the internet, and what a machine answers who asks it."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["internet_time", "leap_and_stratum"]

PORT = 123
PATIENCE_S = 5.0
TO_1900_S = 2_208_988_800
_PACKET = struct.Struct(">BBbb II 4s QQQQ")


@contextmanager
def internet_time(address: str) -> Iterator[None]:
    """A server of stratum 1 at this address, on the clock of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((address, PORT))
        line.settimeout(0.2)
        over = threading.Event()
        server = threading.Thread(target=_serve, args=(line, over))
        server.start()
        try:
            yield
        finally:
            over.set()
            server.join(PATIENCE_S)


def leap_and_stratum(address: str) -> tuple[int, int]:
    """What a machine says of its time; a leap of 3 is a clock that is not in step."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(PATIENCE_S)
        line.sendto(_PACKET.pack(0x23, 0, 6, -20, 0, 0, b"", 0, 0, 0, _now()), (address, PORT))
        first, stratum = line.recv(_PACKET.size)[:2]
    return first >> 6, stratum


def _serve(line: socket.socket, over: threading.Event) -> None:
    while not over.is_set():
        try:
            asked, who = line.recvfrom(1024)
        except TimeoutError:
            continue
        came = _now()
        (sent,) = struct.unpack_from(">Q", asked, 40)
        line.sendto(_PACKET.pack(0x24, 1, 6, -20, 0, 0, b"TEST", came, sent, came, _now()), who)


def _now() -> int:
    """Seconds since 1900 in 32 bits, and their fraction in 32."""
    return int((time.time() + TO_1900_S) * 2**32) & (2**64 - 1)
