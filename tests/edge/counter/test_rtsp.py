import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from edge.counter.rtsp import Greeting, greet

DATE = b"Date: Fri, 20 Nov 2026 10:00:00 GMT"


@pytest.fixture
def camera() -> Iterator[Callable[[bytes], int]]:
    """Something that listens, answers whatever is asked with the same, and hangs up."""
    listeners: list[socket.socket] = []

    def answering(answer: bytes) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return int(listener.getsockname()[1])

    yield answering
    for each in listeners:
        each.close()


def test_a_camera_is_known_by_its_answer(camera: Callable[[bytes], int]) -> None:
    port = camera(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
    assert greet("127.0.0.1", port, timeout_s=5) == Greeting()


def test_it_tells_its_time_without_a_log_in(camera: Callable[[bytes], int]) -> None:
    port = camera(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n" + DATE + b"\r\n\r\n")
    assert greet("127.0.0.1", port, timeout_s=5).date == datetime(2026, 11, 20, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "date",
    [
        b"Date: yesterday",
        b"Date: ",
        b"Date: \xff\xff",
        b"Date: 99999999",
        b"Date: Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        b"Date: Mon, 01 Jan 2026 00:00:00 +99999999999999",
    ],
)
def test_a_time_that_is_none_is_left_out(camera: Callable[[bytes], int], date: bytes) -> None:
    port = camera(b"RTSP/1.0 200 OK\r\n" + date + b"\r\n\r\n")
    assert greet("127.0.0.1", port, timeout_s=5) == Greeting()


@pytest.mark.parametrize("answer", [b"HTTP/1.0 200 OK\r\n\r\n", b"\x00\xff" * 5_000, b""])
def test_what_is_no_camera_is_said(camera: Callable[[bytes], int], answer: bytes) -> None:
    assert "no RTSP camera" in greet("127.0.0.1", camera(answer), timeout_s=5).problem


def test_a_closed_port_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "refused" in greet("127.0.0.1", port, timeout_s=5).problem


def test_one_that_accepts_and_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        greeting = greet("127.0.0.1", listener.getsockname()[1], timeout_s=0.05)
    assert "says nothing" in greeting.problem


def test_a_name_that_nobody_knows_is_said() -> None:
    assert greet("no-such-host.invalid", 554, timeout_s=5).problem
