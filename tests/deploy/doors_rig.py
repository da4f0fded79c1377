"""nginx with the doors that the role `hub` describes, before a hub that says yes to everything."""

import os
import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socket import create_connection
from typing import Any

import httpx
import jinja2
import pytest

from edge.wire.tls import client_context
from tests.certificates import TestAuthority
from tests.system.village import free_port, until

__all__ = ["Doors", "Hub", "open_doors", "rendered", "running_nginx", "write_around"]

DENIED = "/metrics"
TEMPLATES = Path(__file__).resolve().parents[2] / "deploy/ansible/roles/hub/templates"
_AROUND = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/loa.conf;
}}
"""


class Hub(socketserver.ThreadingUnixStreamServer):
    """Answers everything with 200 and the words it got from nginx; holds uploads until it is let go on."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, path: Path) -> None:
        self.go_on = threading.Event()
        self.held = 0
        super().__init__(str(path), _Answer)


class _Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        said = self.headers.get("X-Loa-Certificate-Subject", "").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.endswith("/recordings"):
            self.server.held += 1
            self.server.go_on.wait(30)
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        """Not onto the screen."""


@dataclass
class Doors:
    """What knocks at the doors; each client is of one address, and perhaps of one node."""

    folder: Path
    authority: TestAuthority
    hub: Hub
    people: int
    devices: int
    _clients: list[httpx.Client] = field(default_factory=list)

    def person(self, address: str) -> httpx.Client:
        """A browser or program at this address of the loopback network."""
        return self._client(self.people, address)

    def node(self, name: str, address: str) -> httpx.Client:
        return self._client(self.devices, address, node=name)

    def stranger(self, address: str) -> httpx.Client:
        """Who has no certificate, at the devices' door."""
        return self._client(self.devices, address)

    def flood(self, address: str, *, times: int = 900) -> list[str]:
        """What a person's door answers to so many questions in one breath: nginx denies them by itself, but
        counts them, so that no slow machine makes a trickle of them."""
        request = f"GET {DENIED} HTTP/1.1\r\nHost: hub\r\n"
        asked = f"{request}\r\n" * (times - 1) + f"{request}Connection: close\r\n\r\n"
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with (
            create_connection(("127.0.0.1", self.people), timeout=30, source_address=(address, 0)) as plain,
            context.wrap_socket(plain) as line,
            line.makefile("rb") as answers,
        ):
            line.sendall(asked.encode())
            return answers.read().decode().split("HTTP/1.1 ")[1:]

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def _client(self, port: int, address: str, *, node: str = "") -> httpx.Client:
        own = self.authority.node(self.folder / f"node-{node}", node) if node else None
        verify = client_context(own) if own else False
        transport = httpx.HTTPTransport(verify=verify, local_address=address)
        client = httpx.Client(transport=transport, base_url=f"https://127.0.0.1:{port}", timeout=30)
        self._clients.append(client)
        return client


@contextmanager
def open_doors(folder: Path, *, wheels: Path = Path("/nowhere")) -> Iterator[Doors]:
    """Everything runs; gone at the end."""
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None:
        pytest.fail("wanted nginx; found none: ./loa test --all puts it there")
    authority, people, devices = TestAuthority(), free_port(), free_port()
    _write(folder, authority, people=people, devices=devices, wheels=wheels)
    with Hub(folder / "http.sock") as hub:
        serving = threading.Thread(target=hub.serve_forever)
        serving.start()
        doors = Doors(folder, authority, hub, people, devices)
        try:
            with running_nginx(folder, lambda: _is_open(doors)):
                yield doors
        finally:
            hub.go_on.set()
            doors.close()
            hub.shutdown()
            serving.join()


@contextmanager
def running_nginx(folder: Path, is_open: Callable[[], bool]) -> Iterator[None]:
    """nginx with what stands in `folder`, once it `is_open`; gone at the end."""
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        try:
            until("nginx is there", is_open, within_s=10)
            yield
        finally:
            process.terminate()


def _write(folder: Path, authority: TestAuthority, *, people: int, devices: int, wheels: Path) -> None:
    own = authority.server(folder / "tls")
    own.certificate.rename(folder / "tls/hub.crt")
    own.key.rename(folder / "tls/hub.key")
    write_around(folder)
    places = {"hub_data": str(folder), "hub_wheels": str(wheels)}
    written = rendered(**places, hub_people_port=people, hub_devices_port=devices)
    written = written.replace("/run/loa-hub/http.sock", f"{folder}/http.sock")
    (folder / "loa.conf").write_text(written.replace("listen 80 ", f"listen 127.0.0.1:{free_port()} "))


def write_around(folder: Path) -> None:
    """The rest of nginx's settings, around `loa.conf` of the folder."""
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user))


def rendered(**more: Any) -> str:
    """What the role makes of these settings for nginx."""
    environment = jinja2.Environment(  # noqa: S701 - no HTML comes of it
        trim_blocks=True, undefined=jinja2.StrictUndefined, loader=jinja2.FileSystemLoader(TEMPLATES)
    )
    environment.filters["bool"] = bool
    settings = {
        "ansible_managed": "written by Ansible",
        "hub_apt_cache": False,
        "hub_certificate": "",
        "hub_certificate_key": "",
        "hub_ipv6": False,
        "hub_limit_connections": 200,
        "hub_limit_requests": 100,
        "hub_limit_uploads": 10,
        "hub_metrics_networks": ["192.0.2.0/24"],
        "hub_upload_max_mb": 500,
    }
    return environment.get_template("nginx.conf.j2").render(**{**settings, **more})


def _is_open(doors: Doors) -> bool:
    try:
        return doors.person("127.0.0.1").get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
