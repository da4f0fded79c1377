import socket
import threading
from collections.abc import Iterator

import pytest

from hub.relay import Line, Relays
from tests.system.village import free_port

WAIT_S = 60


class Echo:
    """A server that says everything back."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.server.getsockname()[1])
        self.peers: list[socket.socket] = []
        self.thread = threading.Thread(target=self.accept)
        self.thread.start()

    def accept(self) -> None:
        while True:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            self.peers.append(peer)
            threading.Thread(target=self.answer, args=(peer,)).start()

    def answer(self, peer: socket.socket) -> None:
        with peer:
            try:
                while data := peer.recv(65536):
                    peer.sendall(data)
            except OSError:
                return

    def close(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(WAIT_S)


@pytest.fixture
def echo() -> Iterator[Echo]:
    server = Echo()
    yield server
    server.close()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def relays(echo: Echo, port: int) -> Iterator[Relays]:
    made = Relays({"loa-1": (Line(port, echo.port),), "loa-2": (Line(free_port(), echo.port),)})
    made.start()
    yield made
    made.stop()


def talk(port: int, said: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), WAIT_S) as line:
        line.sendall(said)
        line.shutdown(socket.SHUT_WR)
        heard = b""
        while chunk := line.recv(65536):
            heard += chunk
        return heard


@pytest.mark.usefixtures("relays")
def test_what_is_said_comes_back_whole(port: int) -> None:
    said = bytes(range(256)) * 4000
    assert talk(port, said) == said


def test_a_cut_breaks_what_is_connected(relays: Relays, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), WAIT_S) as line:
        line.sendall(b"x")
        assert line.recv(1) == b"x"
        relays.cut("loa-1")
        assert line.recv(1) == b""


def test_a_cut_refuses_what_comes(relays: Relays, port: int) -> None:
    relays.cut("loa-1")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), WAIT_S)


def test_a_joined_line_carries_again(relays: Relays, port: int) -> None:
    relays.cut("loa-1")
    relays.join("loa-1")
    assert talk(port, b"again") == b"again"


def test_a_cut_leaves_the_others(relays: Relays) -> None:
    relays.cut("loa-1")
    assert (relays.is_cut("loa-1"), relays.is_cut("loa-2")) == (True, False)


def test_cutting_twice_is_harmless(relays: Relays) -> None:
    relays.cut("loa-1")
    relays.cut("loa-1")
    assert relays.is_cut("loa-1")


def test_a_taken_port_is_said_so(echo: Echo) -> None:
    taken = Relays({"loa-1": (Line(echo.port, echo.port),)})
    with pytest.raises(OSError, match=str(echo.port)):
        taken.start()
    taken.stop()


def test_a_far_end_that_is_still_starting_is_waited_for(port: int) -> None:
    far_port = free_port()
    relays = Relays({"loa-1": (Line(port, far_port),)})
    relays.start()
    with socket.create_connection(("127.0.0.1", port), WAIT_S) as line:
        line.sendall(b"early")
        with socket.create_server(("127.0.0.1", far_port)) as far:
            far.settimeout(WAIT_S)
            peer, _ = far.accept()
            with peer:
                assert peer.recv(5) == b"early"
    relays.stop()
