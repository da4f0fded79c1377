"""The certificate is renewed before it ends, and it is told when that fails."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from edge.errors import EdgeError, HubNotReached
from edge.events import Trouble
from edge.identity import make_key, read_certificate, request_for
from edge.renewal import EXPIRING, Renewal
from edge.wire.base import ClockState
from edge.wire.tls import Tls
from tests import factories as make
from tests.certificates import TestAuthority
from tests.factories_signed import papers
from tests.fakes import FakeClock

LONG_AGO = -20_000.0  # days: a hub dates certificates back, its clock may have been wrong
WELL = Trouble(EXPIRING, "")


class Node:
    """A node that holds a certificate, the hub that renews it, and what is said of that."""

    def __init__(self, folder: Path, *, ends: float, begins: float = LONG_AGO) -> None:
        self.clock = FakeClock()
        self.authority = TestAuthority(now=self.clock.now())
        self.tls = Tls(folder / "node.key", folder / "node.crt", folder / "authority.crt")
        make_key(self.tls.key)
        self.tls.authority.write_text(self.authority.pem)
        self.hold(ends=ends, begins=begins)
        self.signer, self.name, self.renewed_ends = self.authority, make.NODE, 730.0
        self.fails: EdgeError | None = None
        self.asked: list[str] = []
        self.told: list[Trouble] = []
        self.renewal = Renewal(
            self.tls,
            node=make.NODE,
            hub=self,
            clock=self.clock,
            post=self.told.append,
            chance=lambda: 0.5,
        )

    def hold(self, *, ends: float, begins: float = LONG_AGO) -> None:
        request = request_for(self.tls.key)
        pem = self.authority.sign(request, make.NODE, begins=begins, ends=ends)
        self.tls.certificate.write_text(pem)

    def post(self, path: str, message: bytes) -> bytes:
        self.asked.append(path)
        if self.fails is not None:
            raise self.fails
        request = json.loads(message)["request"]
        certificate = self.signer.sign(request, self.name, ends=self.renewed_ends)
        return papers(self.authority, request, certificate=certificate).encode()

    def look(self) -> float:
        """The first step after the wait that keeps nodes apart."""
        self.renewal.step()
        return self.renewal.step()

    @property
    def ends_in(self) -> timedelta:
        return read_certificate(self.tls.certificate.read_text()).ends - self.clock.now()


def test_a_fresh_certificate_is_left_alone_and_looked_at_daily(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=700)
    assert node.look() == 86_400
    assert (node.asked, node.told) == ([], [WELL])


def test_with_less_than_a_third_left_it_is_renewed_for_the_same_key(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=240)
    key = node.tls.key.read_bytes()
    node.look()
    assert node.asked == ["/api/v1/certificates"]
    assert node.ends_in == timedelta(days=730)
    assert node.told == [WELL]
    assert node.tls.key.read_bytes() == key


@pytest.mark.parametrize("begins", [LONG_AGO, -480])
def test_when_it_began_does_not_matter(tmp_path: Path, begins: float) -> None:
    node = Node(tmp_path, begins=begins, ends=250)
    node.look()
    assert node.asked == []


def test_one_that_lasts_a_month_is_renewed_in_its_last_third(tmp_path: Path) -> None:
    node = Node(tmp_path, begins=-19, ends=11)
    node.look()
    assert node.asked == []
    node.clock.advance(2 * 86_400)
    node.renewal.step()
    assert node.asked != []


def test_a_node_without_the_time_waits_for_it(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=10)
    node.clock.state = ClockState.UNTRUSTED
    assert node.look() == 600
    assert (node.asked, node.told) == ([], [])


def test_nodes_that_woke_together_do_not_ask_together(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=10)
    assert node.renewal.step() == 300
    assert node.asked == []


def test_a_failure_with_time_left_is_tried_again_within_the_hour_and_no_fault(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=200)
    node.fails = HubNotReached("no route")
    assert node.look() == 3_600
    assert node.told == []


def test_a_failure_near_the_end_is_a_fault_with_the_date_and_the_reason(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=100)
    node.fails = HubNotReached("no route")
    node.look()
    (told,) = node.told
    assert told.name == EXPIRING
    assert told.why.startswith("it ends at 2027-02-28")
    assert "no route" in told.why


def test_the_fault_ends_when_it_was_renewed_after_all(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=100)
    node.fails = HubNotReached("no route")
    node.look()
    node.fails = None
    node.renewal.step()
    assert node.told[-1] == WELL


def test_a_certificate_of_another_name_is_not_taken(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=100)
    node.name = "to-2-loa-2"
    node.look()
    assert node.ends_in == timedelta(days=100)


def test_a_certificate_of_another_authority_is_not_taken(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=100)
    node.signer = TestAuthority("tan-phu", now=node.clock.now())
    node.look()
    assert node.ends_in == timedelta(days=100)


@pytest.mark.parametrize("ends", [100, 50])
def test_a_certificate_that_ends_no_later_is_not_taken(tmp_path: Path, ends: float) -> None:
    node = Node(tmp_path, ends=100)
    node.renewed_ends = ends
    node.look()
    assert "ends after" in node.told[0].why


def test_a_lost_certificate_is_a_fault(tmp_path: Path) -> None:
    node = Node(tmp_path, ends=700)
    node.tls.certificate.unlink()
    assert node.look() == 3_600
    assert "node.crt" in node.told[0].why


def test_a_full_or_read_only_disk_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_parts: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    node = Node(tmp_path, ends=100)
    monkeypatch.setattr("edge.renewal.write_whole", full)
    node.look()
    assert node.ends_in == timedelta(days=100)
    assert "No space left" in node.told[0].why
