"""The broker's door on the network, with a real mosquitto: who comes in, who does not, and who is told of."""

import os
import queue
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from edge.wire.link import Arrived, Broker, Connected, Farewell, Link
from edge.wire.tls import Tls
from edge.wire.topics import Topics
from hub.authority import Doors, load_or_make
from hub.authority_names import subject_of
from hub.authority_x509 import LIFE, Issuer, new_issuer
from hub.broker import Door, EmbeddedBroker
from hub.broker_files import node_account
from tests.factories_tls import ENROLMENT, Identity
from tests.system.broker_rig import Ear
from tests.system.clients import kept_for, listening
from tests.system.village import are_open, free_port, until

TOPICS = Topics("xa-mau")
NODE, OTHER = "to-2-loa-1", "to-2-loa-2"
WITHIN_S = 30.0

Told = tuple[str, str, str | None]


@dataclass
class DoorRig:
    """A broker with a door; what it told; and identities of all kinds."""

    folder: Path
    port: int = field(default_factory=free_port)
    revoked: list[str] = field(default_factory=list)
    told: "queue.Queue[Told]" = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self.enrolments = {NODE: ENROLMENT, OTHER: ENROLMENT}
        self.issuer: Issuer = load_or_make(self.folder, site="xa-mau", names=["127.0.0.1"])
        self.now = datetime.now(UTC)
        self.doors = Doors(
            folder=self.folder / "tls",
            issuer=self.issuer,
            names=("127.0.0.1", "localhost"),
            revoked=lambda: self.revoked,
            now=lambda: self.now,
        )
        self.broker = EmbeddedBroker(
            folder=self.folder / "broker",
            host="127.0.0.1",
            port=free_port(),
            topics=TOPICS,
            accounts=lambda: [
                node_account(
                    TOPICS,
                    node,
                    areas=("to-2",),
                    password_hash="",
                    subject=subject_of(node, enrolment),
                )
                for node, enrolment in self.enrolments.items()
            ],
            on_fault=lambda name, detail, node: self.told.put((name, detail, node)),
            door=Door(host="127.0.0.1", port=self.port, files=self.doors),
        )

    def identity(self, node: str = NODE, *, issuer: Issuer | None = None) -> Identity:
        return Identity.issue(self.folder, node, issuer=issuer or self.issuer, now=self.now)

    def says(self, topic: str, identity: Identity | None) -> bool:
        """Whether somebody with this identity can send a message that the broker acknowledges."""
        command = ["mosquitto_pub", *self._as(identity), "-t", topic, "-m", "x", "-q", "1"]
        return subprocess.run(command, capture_output=True, timeout=WITHIN_S, check=False).returncode == 0

    def listening(self, identity: Identity, *options: str) -> AbstractContextManager["Popen[str]"]:
        """A node's own program that hears its orders; it has come in already."""
        return listening(*self._as(identity), "-t", TOPICS.order_all, *options)

    def is_believed(self, topic: str, identity: Identity) -> bool:
        """Whether it comes in and may say that: MQTT 5 tells, 3.1.1 acknowledges what is forbidden."""
        command = ["mosquitto_pub", *self._as(identity), "-V", "5", "-t", topic, "-m", "x", "-q", "1"]
        done = subprocess.run(command, capture_output=True, timeout=WITHIN_S, check=False)
        return done.returncode == 0 and b"failed" not in done.stderr

    def hub_says(self, topic: str) -> None:
        """The hub's own voice; who comes later hears it too."""
        hub = self.broker.address
        who = ["-h", hub.host, "-p", str(hub.port), "-u", hub.user, "-P", str(hub.password)]
        command = ["mosquitto_pub", *who, "-t", topic, "-m", "x", "-q", "1", "-r"]
        subprocess.run(command, capture_output=True, timeout=WITHIN_S, check=True)

    def hears(self, topic: str, identity: Identity) -> bool:
        """Whether it is told what the hub said there; it comes in."""
        found = kept_for(*self._as(identity), "-t", topic)
        assert found is not None, "it was not let in"
        return bool(found)

    def link(self, node: str, ear: Ear, *, hears: str) -> Link:
        """A node's own link."""
        identity = self.identity(node)
        gone = Farewell(topic=TOPICS.node(node, "state"), payload=b"gone")
        return Link(
            Broker(
                host="127.0.0.1",
                port=self.port,
                user=node,
                tls=Tls(identity.key, identity.certificate, self.doors.files.authority),
            ),
            subscriptions=(hears,),
            new_session=lambda: gone,
            on_event=ear,
            keep_session=False,
        )

    def told_of(self, name: str) -> tuple[str, str | None]:
        while True:
            found, detail, node = self.told.get(timeout=WITHIN_S)
            if found == name:
                return detail, node

    def shown(self) -> dict[str, Any]:
        """The certificate that the door shows now."""
        context = ssl.create_default_context(cafile=self.doors.files.authority)
        context.verify_flags |= 0x200000  # X509_V_FLAG_NO_CHECK_TIME: nodes judge no dates
        identity = self.identity()
        context.load_cert_chain(identity.certificate, identity.key)
        with (
            socket.create_connection(("127.0.0.1", self.port), WITHIN_S) as line,
            context.wrap_socket(line, server_hostname="127.0.0.1") as secured,
        ):
            return dict(secured.getpeercert() or {})

    def _as(self, identity: Identity | None) -> list[str]:
        who = ["-h", "127.0.0.1", "-p", str(self.port), "--cafile", str(self.doors.files.authority)]
        return who + (["--cert", str(identity.certificate), "--key", str(identity.key)] if identity else [])


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[DoorRig]:
    rig = DoorRig(tmp_path)
    rig.broker.start()
    until("both doors are open", lambda: are_open(rig.port, rig.broker.address.port), within_s=WITHIN_S)
    yield rig
    rig.broker.stop()


def test_a_node_comes_in_as_whom_its_certificate_names(rig: DoorRig) -> None:
    assert rig.is_believed(TOPICS.node(NODE, "state"), rig.identity())


def test_a_client_id_of_another_node_does_not_take_its_session(rig: DoorRig) -> None:
    ear, plan = Ear(), TOPICS.node(OTHER, "plan")
    victim = rig.link(OTHER, ear, hears=plan)
    victim.start()
    try:
        ear.next(Connected)
        for claimed in (OTHER, subject_of(OTHER, ENROLMENT)):
            with rig.listening(rig.identity(), "-i", claimed):
                pass
        rig.hub_says(plan)
        event = ear.next(object)
    finally:
        victim.stop()
    assert isinstance(event, Arrived), "its connection was taken"


def test_a_node_that_speaks_for_another_is_told_by_name(rig: DoorRig) -> None:
    rig.says(TOPICS.node(OTHER, "state"), rig.identity())
    assert rig.told_of("broker_denied") == (f"PUBLISH {TOPICS.node(OTHER, 'state')}", NODE)


def test_nobody_comes_in_without_a_certificate(rig: DoorRig) -> None:
    assert not rig.says(TOPICS.node(NODE, "state"), None)
    assert rig.told_of("broker_stranger") == ("127.0.0.1: peer did not return a certificate", None)


def test_a_certificate_of_an_earlier_enrolment_says_nothing_though_none_revoked_it(rig: DoorRig) -> None:
    earlier = Identity.issue(rig.folder, NODE, issuer=rig.issuer, now=rig.now, enrolment="earlier")
    assert rig.is_believed(TOPICS.node(NODE, "state"), rig.identity())
    assert not rig.is_believed(TOPICS.node(NODE, "state"), earlier)
    assert NODE in rig.told_of("broker_stranger")[0]


def test_nor_does_it_hear_anything(rig: DoorRig) -> None:
    earlier = Identity.issue(rig.folder, NODE, issuer=rig.issuer, now=rig.now, enrolment="earlier")
    rig.hub_says(TOPICS.order_all)
    assert rig.hears(TOPICS.order_all, rig.identity())
    assert not rig.hears(TOPICS.order_all, earlier)


def test_who_is_enrolled_anew_loses_the_connection_of_before(rig: DoorRig) -> None:
    pid = rig.broker.pid
    rig.enrolments[NODE] = "later"
    rig.broker.refresh()
    until("mosquitto began anew", lambda: rig.broker.pid not in (None, pid), within_s=WITHIN_S)


def test_an_expired_certificate_does_not_let_in(rig: DoorRig) -> None:
    old = Identity.expired(rig.folder, NODE, issuer=rig.issuer, now=rig.now)
    assert not rig.says(TOPICS.node(NODE, "state"), old)
    assert "expired" in rig.told_of("broker_stranger")[0]


def test_another_sites_certificate_does_not_let_in(rig: DoorRig) -> None:
    assert not rig.says(TOPICS.node(NODE, "state"), rig.identity(issuer=new_issuer("xa-mau", ["loa.lan"])))
    assert "another authority" in rig.told_of("broker_stranger")[0]


def test_the_certificate_of_the_hubs_doors_makes_nobody_a_node(rig: DoorRig) -> None:
    files = rig.doors.files
    assert not rig.says(TOPICS.node(NODE, "state"), Identity(files.certificate, files.key))


def test_a_revoked_node_is_out_within_seconds_though_it_was_in(rig: DoorRig) -> None:
    stolen, honest = rig.identity(), rig.identity(OTHER)
    with rig.listening(stolen) as listener:
        rig.revoked.append(stolen.serial)
        rig.broker.refresh()
        assert listener.wait(WITHIN_S) != 0  # it lost its connection, and was not let in again
    until("the door is open", lambda: rig.says(TOPICS.node(OTHER, "state"), honest), within_s=WITHIN_S)
    assert not rig.says(TOPICS.node(NODE, "state"), stolen)
    assert "broker_program" not in {name for name, _, _ in drained(rig.told)}


def test_who_was_revoked_stays_out_after_a_restart(rig: DoorRig) -> None:
    stolen, honest = rig.identity(), rig.identity(OTHER)
    rig.revoked.append(stolen.serial)
    rig.broker.refresh()
    until("the door is open", lambda: rig.says(TOPICS.node(OTHER, "state"), honest), within_s=WITHIN_S)
    pid = rig.broker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until("mosquitto is back", lambda: rig.broker.pid not in (None, pid), within_s=WITHIN_S)
    until("the door is open", lambda: rig.says(TOPICS.node(OTHER, "state"), honest), within_s=WITHIN_S)
    assert not rig.says(TOPICS.node(NODE, "state"), stolen)


def test_the_doors_certificate_is_renewed_while_it_runs_and_nobody_is_thrown_out(rig: DoorRig) -> None:
    before = rig.shown()["serialNumber"]
    with rig.listening(rig.identity()) as listener:
        pid = rig.broker.pid
        rig.now += LIFE * 0.7
        assert rig.broker.renew()
        until(
            "the new certificate is shown", lambda: rig.shown()["serialNumber"] != before, within_s=WITHIN_S
        )
        assert rig.broker.pid == pid
        assert listener.poll() is None


def drained(told: "queue.Queue[Told]") -> list[Told]:
    return [told.get_nowait() for _ in range(told.qsize())]
