"""What the embedded broker writes and tells; its life with mosquitto is in tests/system."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.wire.topics import Topics
from hub import process
from hub.authority import Doors
from hub.authority_names import subject_of
from hub.authority_x509 import new_issuer
from hub.broker import Door, EmbeddedBroker
from hub.broker_files import Account, broker_hash, node_account
from tests.factories_people import Clock
from tests.factories_tls import ENROLMENT

TOPICS = Topics("xa-mau")
WAIT_S = 10

Told = tuple[str, str, str | None]


class Rig:
    """A broker whose mosquitto is not installed, and what it tells."""

    def __init__(self, folder: Path, *, has_door: bool = False) -> None:
        self.folder = folder
        self.revoked: list[str] = []
        self.accounts: list[Account] = []
        self.told: queue.Queue[Told] = queue.Queue()
        self.broker = EmbeddedBroker(
            folder=folder,
            host="127.0.0.1",
            port=18830,
            topics=TOPICS,
            accounts=lambda: self.accounts,
            on_fault=lambda name, detail, node: self.told.put((name, detail, node)),
            door=self._door(folder) if has_door else None,
        )

    def _door(self, folder: Path) -> Door:
        doors = Doors(
            folder=folder / "tls",
            issuer=new_issuer("xa-mau", ["loa.lan"]),
            names=("loa.lan",),
            revoked=lambda: self.revoked,
            now=Clock(),
        )
        return Door(host="0.0.0.0", port=8883, files=doors)  # noqa: S104 - nothing listens

    def hear(self, line: str) -> list[Told]:
        self.broker._read_log(line)
        return [self.told.get_nowait() for _ in range(self.told.qsize())]


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    monkeypatch.setattr(process, "find_program", lambda _name: None)
    made = Rig(tmp_path / "broker")
    yield made
    made.broker.stop()


@pytest.fixture
def open_rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    """One with a door for nodes."""
    monkeypatch.setattr(process, "find_program", lambda _name: None)
    made = Rig(tmp_path / "broker", has_door=True)
    yield made
    made.broker.stop()


def test_a_missing_mosquitto_is_said_plainly(rig: Rig) -> None:
    rig.broker.start()
    assert rig.told.get(timeout=WAIT_S) == ("broker_program", "mosquitto is not installed", None)


def test_every_file_is_the_hubs_only(rig: Rig) -> None:
    rig.broker.start()
    assert {file.name: file.stat().st_mode & 0o777 for file in rig.folder.iterdir()} == {
        "mosquitto.conf": 0o600,
        "passwords": 0o600,
        "acl": 0o600,
    }


def test_the_hubs_own_password_is_new_at_every_start(tmp_path: Path) -> None:
    assert Rig(tmp_path).broker.address.password != Rig(tmp_path).broker.address.password


def test_accounts_that_did_not_change_are_not_written_again(rig: Rig) -> None:
    rig.broker.start()
    assert not rig.broker.refresh()


def test_a_new_account_is_written(rig: Rig) -> None:
    rig.broker.start()
    rig.accounts.append(node_account(TOPICS, "loa-1", areas=("to-2",), password_hash=broker_hash("x")))
    assert rig.broker.refresh()
    assert "user loa-1" in (rig.folder / "acl").read_text()


def test_a_denial_names_who_tried_what(rig: Rig) -> None:
    line = "Denied PUBLISH from loa-1 (d0, q1, r0, m1, 'loa/xa-mau/node/b/state', ... (1 bytes))"
    assert rig.hear(line) == [("broker_denied", "PUBLISH loa/xa-mau/node/b/state", "loa-1")]


def test_a_storm_of_denials_is_told_once(rig: Rig) -> None:
    line = "Denied PUBLISH from loa-1 (d0, q1, r0, m1, 'loa/xa-mau/node/b/state', ... (1 bytes))"
    rig.hear(line)
    assert rig.hear(line) == []


def test_a_denial_of_another_is_told_beside_it(rig: Rig) -> None:
    line = "Denied PUBLISH from {} (d0, q1, r0, m1, 'loa/xa-mau/node/b/state', ... (1 bytes))"
    rig.hear(line.format("loa-1"))
    assert len(rig.hear(line.format("loa-2"))) == 1


def test_a_refused_login_is_told(rig: Rig) -> None:
    [(name, _, node)] = rig.hear("Client <unknown> disconnected, not authorised.")
    assert (name, node) == ("broker_login", None)


def test_a_door_has_all_its_files_before_mosquitto_begins(open_rig: Rig) -> None:
    open_rig.broker.start()
    named = (open_rig.folder / "mosquitto.conf").read_text().split()
    assert {Path(word).name for word in named if "/tls/" in word and Path(word).exists()} == {
        "authority.crt",
        "hub.crt",
        "hub.key",
        "revoked.pem",
    }


def test_with_a_door_nobody_but_the_hub_has_a_password(open_rig: Rig) -> None:
    open_rig.accounts.append(with_certificate("loa-1"))
    open_rig.broker.start()
    assert (open_rig.folder / "passwords").read_text().splitlines()[0].startswith("hub:")
    assert "loa-1" not in (open_rig.folder / "passwords").read_text()


def test_with_a_door_a_node_is_who_its_certificate_names(open_rig: Rig) -> None:
    open_rig.accounts.append(with_certificate("loa-1"))
    open_rig.broker.start()
    assert f"user {subject_of('loa-1', ENROLMENT)}\n" in (open_rig.folder / "acl").read_text()


def test_at_the_door_a_denial_names_the_node(open_rig: Rig) -> None:
    open_rig.accounts.append(with_certificate("loa-1"))
    open_rig.broker.start()
    told = open_rig.hear(denied(subject_of("loa-1", ENROLMENT)))
    assert told[-1] == ("broker_denied", "PUBLISH loa/xa-mau/node/b/state", "loa-1")


def test_a_certificate_of_an_enrolment_that_is_over_is_a_strangers(open_rig: Rig) -> None:
    open_rig.accounts.append(with_certificate("loa-1"))
    open_rig.broker.start()
    name, detail, node = open_rig.hear(denied(subject_of("loa-1", "earlier")))[-1]
    assert (name, "loa-1" in detail, node) == ("broker_stranger", True, None)


def with_certificate(node: str) -> Account:
    subject = subject_of(node, ENROLMENT)
    return node_account(TOPICS, node, areas=(), password_hash=broker_hash("x"), subject=subject)


def denied(user: str) -> str:
    return f"Denied PUBLISH from {user} (d0, q1, r0, m1, 'loa/xa-mau/node/b/state', ... (1 bytes))"


def test_who_was_revoked_is_on_the_list_at_the_next_look(open_rig: Rig) -> None:
    open_rig.broker.start()
    open_rig.revoked.append("AB")
    assert open_rig.broker.refresh()
    assert not open_rig.broker.refresh()


def test_a_certificate_that_will_do_is_not_renewed(open_rig: Rig) -> None:
    open_rig.broker.start()
    assert not open_rig.broker.renew()


def test_a_stranger_at_the_door_is_told(open_rig: Rig) -> None:
    open_rig.hear("New connection from 192.0.2.7:47284 on port 8883.")
    line = "OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate"
    assert open_rig.hear(line) == [("broker_stranger", "192.0.2.7: peer did not return a certificate", None)]
