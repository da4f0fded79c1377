"""The hub fetches Debian's packages for nodes, whatever kind of name server the site has, and keeps them."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6, create_connection
from typing import TypeVar

import httpx
import pytest

from tests.deploy.doors_rig import rendered, running_nginx, write_around
from tests.system.village import free_port, until

pytestmark = pytest.mark.long

ARCHIVE = "deb.debian.example"
INDEX = "/debian/dists/bookworm/InRelease"
PACKAGE = "/debian/pool/main/l/loa/loa_1_all.deb"
A, AAAA = 1, 28
OK, FAILED, NO_SUCH_NAME, NOT_BUILT_IN, REFUSED, SILENT, NONE = 0, 2, 3, 4, 5, -1, -2
S = TypeVar("S", bound=socketserver.BaseServer)
ADDRESS = {A: bytes([127, 0, 0, 1]), AAAA: bytes(15) + b"\x01"}


class NameServer(socketserver.UDPServer):
    """Answers each kind of question by its code: with an address of this machine, with none, or an error."""

    def __init__(self, codes: dict[int, int]) -> None:
        self.codes = codes
        self.asked = 0
        super().__init__(("127.0.0.1", 0), _Reply)


class _Reply(socketserver.BaseRequestHandler):
    server: NameServer

    def handle(self) -> None:
        self.server.asked += 1
        asked, line = self.request
        end = asked.index(0, 12) + 5
        kind = asked[end - 3]
        code = self.server.codes[kind]
        if code == SILENT:
            return
        found = b"\xc0\x0c" + bytes([0, kind, 0, 1, 0, 0, 0, 60, 0, len(ADDRESS[kind])]) + ADDRESS[kind]
        answers = [found] if code == OK else []
        header = asked[:2] + bytes([0x81, 0x80 | max(OK, code), 0, 1, 0, len(answers), 0, 0, 0, 0])
        line.sendto(header + asked[12:end] + b"".join(answers), self.client_address)


class Archive(ThreadingHTTPServer):
    """Has every file there is; its text is its path."""

    daemon_threads = True

    def __init__(self, address: str, port: int) -> None:
        self.asked: list[str] = []
        super().__init__((address, port), _File)


class ArchiveBySix(Archive):
    address_family = AF_INET6


class _File(BaseHTTPRequestHandler):
    server: Archive

    def do_GET(self) -> None:
        self.server.asked.append(f"{self.headers['Host']}{self.path}")
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.path)))
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_arguments: object) -> None:
        """Not onto the screen."""


@dataclass
class Site:
    names: NameServer
    archive: Archive
    port: int

    def asks(self, path: str, *, host: str = ARCHIVE, door: str = "127.0.0.1") -> httpx.Response:
        """What a node's apt gets that asks the hub for this file of an archive."""
        return httpx.get(f"http://{door}:{self.port}{path}", headers={"Host": host}, timeout=30)


@contextmanager
def site(folder: Path, codes: dict[int, int], *, by_six: bool = False) -> Iterator[Site]:
    """An archive, a name server that answers with these codes, and the hub's nginx between."""
    archive = ArchiveBySix("::1", 0) if by_six else Archive("127.0.0.1", 0)
    with ExitStack() as running:
        names = running.enter_context(served(NameServer(codes)))
        running.enter_context(served(archive))
        port = free_port()
        write_around(folder)
        (folder / "loa.conf").write_text(written(folder, names, archive, port, by_six=by_six))
        running.enter_context(running_nginx(folder, lambda: is_open(port)))
        yield Site(names, archive, port)


@contextmanager
def served(server: S) -> Iterator[S]:
    serving = threading.Thread(target=server.serve_forever, args=[0.05])
    serving.start()
    try:
        yield server
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def written(folder: Path, names: NameServer, archive: Archive, port: int, *, by_six: bool) -> str:
    """The part of the role's settings that has to do with packages; what is kept is asked for soon again."""
    whole = rendered(
        hub_data=str(folder),
        hub_wheels="/nowhere",
        hub_people_port=443,
        hub_devices_port=8443,
        hub_apt_cache=True,
        hub_apt_cache_folder=str(folder / "kept"),
        hub_apt_cache_size="10m",
        hub_apt_hosts=[ARCHIVE],
        hub_apt_ipv6=by_six,
        hub_resolvers=["192.0.2.53"],
    )
    places = {
        "192.0.2.53": f"127.0.0.1:{names.server_address[1]}",
        "listen 80": f"listen 127.0.0.1:{port}",
        "127.0.0.80:80": f"127.0.0.80:{port}",
        "http://$host": f"http://$host:{archive.server_address[1]}",
        "valid=300s": "valid=1s",
        "valid 200 1m": "valid 200 1s",
    }
    found = whole[whole.index("# Without TLS") :]
    for wanted, here in places.items():
        assert wanted in found, wanted
        found = found.replace(wanted, here)
    return found


def is_open(port: int) -> bool:
    try:
        with closing(create_connection(("127.0.0.1", port), timeout=1)):
            return True
    except OSError:
        return False


@pytest.mark.parametrize("code", [OK, NONE, FAILED, NO_SUCH_NAME, NOT_BUILT_IN, REFUSED, SILENT])
def test_packages_come_whatever_the_name_server_says_of_ipv6(tmp_path: Path, code: int) -> None:
    with site(tmp_path, {A: OK, AAAA: code}) as here:
        assert (here.asks(PACKAGE).status_code, here.asks(PACKAGE).text) == (200, PACKAGE)
        assert here.archive.asked == [f"{ARCHIVE}{PACKAGE}"]


def test_packages_come_where_the_hub_reaches_archives_by_ipv6_only(tmp_path: Path) -> None:
    with site(tmp_path, {A: NONE, AAAA: OK}, by_six=True) as here:
        assert here.asks(PACKAGE).text == PACKAGE


@pytest.mark.parametrize("code", [NO_SUCH_NAME, REFUSED, FAILED])
def test_an_index_that_is_kept_comes_while_no_name_is_known(tmp_path: Path, code: int) -> None:
    with site(tmp_path, {A: OK, AAAA: OK}) as here:
        assert here.asks(INDEX).text == INDEX
        here.names.codes[A] = code
        before = here.names.asked

        def asked_for_the_name() -> bool:
            assert here.asks(INDEX).text == INDEX
            return here.names.asked > before

        until("the name's address is wanted anew", asked_for_the_name, within_s=20)


@pytest.mark.parametrize("door", ["127.0.0.1", "127.0.0.80"])
def test_nothing_else_is_fetched(tmp_path: Path, door: str) -> None:
    with site(tmp_path, {A: OK, AAAA: OK}) as here:
        assert here.asks(PACKAGE, host="elsewhere.example", door=door).status_code in {301, 404}
        assert here.archive.asked == []
