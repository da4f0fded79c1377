"""What a technician reads of a node with a certificate, beside a real broker and a real HTTPS server."""

from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from edge.check import check_node
from edge.config import NodeSettings
from edge.wire.tls import Tls
from tests import factories as make
from tests.factories_signed import settings as hub_settings
from tests.system.tls_rig import TlsBroker, https_server

STATUS = {"/healthz": 200}


class Door(BaseHTTPRequestHandler):
    """Answers that it is well, and has no recordings; strangers are sent away."""

    def do_GET(self) -> None:
        status = STATUS.get(self.path, 404 if self.connection.getpeercert() else 401)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Nothing."""


def findings(broker: TlsBroker, tls: Tls, folder: Path, *, name: str = make.NODE) -> dict[str, str]:
    said: list[str] = []
    sections = hub_settings(name=name, kind="counter")
    sections["node"]["data"] = str(folder)
    sections["clock"] = {"source": "assume"}
    sections["counter"] = {"pins": "none", "touch_port": 0}
    with https_server(Door, broker.authority.server(folder / "server")) as port:
        sections |= {
            "broker": {"host": "127.0.0.1", "port": broker.port},
            "hub": {"url": f"https://127.0.0.1:{port}"},
            "tls": {key: str(path) for key, path in vars(tls).items()},
        }
        check_node(NodeSettings.model_validate(sections), say=said.append)
    return {line[6:].partition(": ")[0]: line for line in said}


def test_what_works_with_a_certificate_is_told(tls_broker: TlsBroker, tmp_path: Path) -> None:
    told = findings(tls_broker, tls_broker.authority.node(tmp_path / "node", make.NODE), tmp_path)
    assert told["certificate"].startswith("ok    certificate: of to-2-loa-1")
    assert told["hub"].endswith("answers and knows this node")
    assert told["broker"].endswith("logged in as to-2-loa-1")


def test_a_revoked_certificate_is_told_by_who_refuses_it(tls_broker: TlsBroker, tmp_path: Path) -> None:
    told = findings(tls_broker, tls_broker.revoked, tmp_path, name="to-2-loa-9")
    assert told["broker"].startswith("WRONG broker: 127.0.0.1:")
    assert "was revoked" in told["broker"]


@pytest.mark.parametrize("part", ["certificate", "hub", "broker"])
def test_a_lost_key_is_told_everywhere(tls_broker: TlsBroker, tmp_path: Path, part: str) -> None:
    tls = tls_broker.authority.node(tmp_path / "node", make.NODE)
    tls.key.unlink()
    told = findings(tls_broker, tls, tmp_path)[part]
    assert told.startswith("WRONG")
    assert "node.key" in told
