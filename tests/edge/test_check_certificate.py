"""What a technician reads of the certificate."""

from pathlib import Path

import pytest

from edge.check_certificate import certificate_findings
from edge.config import NodeSettings
from edge.findings import Finding
from edge.wire.base import ClockState
from tests import factories as make
from tests.certificates import TestAuthority
from tests.factories_signed import settings as hub_settings
from tests.fakes import FakeClock


class Node:
    """A node with real files, and a clock of the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.authority = TestAuthority(now=self.clock.now())
        self.hold()

    def hold(self, *, ends: float = 730, name: str = make.NODE) -> None:
        self.tls = self.authority.node(self.folder, name, begins=-20_000, ends=ends)

    def finding(self) -> Finding:
        files = {name: str(path) for name, path in vars(self.tls).items()}
        settings = NodeSettings.model_validate(hub_settings() | {"tls": files})
        (found,) = certificate_findings(settings, clock=self.clock)
        return found


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def test_without_tls_there_is_nothing_to_tell() -> None:
    broker = {"host": "127.0.0.1", "port": 1883, "password": "an example and no secret"}
    plain = hub_settings() | {"broker": broker, "hub": {"url": "http://127.0.0.1"}}
    assert list(certificate_findings(NodeSettings.model_validate(plain), clock=FakeClock())) == []


def test_a_good_certificate_is_told_with_its_name_and_days(node: Node) -> None:
    found = node.finding()
    assert found.works
    assert f"of {make.NODE}, number" in found.found
    assert found.found.endswith("until 2028-11-19: 730 days")


@pytest.mark.parametrize(
    ("ends", "works", "told"),
    [(200, True, "being renewed"), (100, False, "not renewed"), (-1, False, "has ended")],
)
def test_one_that_nears_its_end_is_told(node: Node, ends: float, works: bool, told: str) -> None:
    node.hold(ends=ends)
    found = node.finding()
    assert found.works is works
    assert told in found.found


def test_without_the_time_nothing_is_said_of_the_days(node: Node) -> None:
    node.hold(ends=-1)
    node.clock.state = ClockState.UNTRUSTED
    assert node.finding().works


def test_another_nodes_certificate_is_wrong(node: Node) -> None:
    node.hold(name="to-2-loa-2")
    assert "found one of to-2-loa-2" in node.finding().found


@pytest.mark.parametrize("name", ["key", "certificate", "authority"])
def test_a_missing_file_is_wrong_and_named(node: Node, name: str) -> None:
    path: Path = getattr(node.tls, name)
    path.unlink()
    found = node.finding()
    assert not found.works
    assert str(path) in found.found


def test_a_key_that_others_may_read_is_wrong(node: Node) -> None:
    node.tls.key.chmod(0o644)
    assert "mode 0600" in node.finding().found


def test_an_authority_that_did_not_sign_it_is_wrong(node: Node) -> None:
    node.tls.authority.write_text(TestAuthority("tan-phu").pem)
    assert "signed by the authority" in node.finding().found
