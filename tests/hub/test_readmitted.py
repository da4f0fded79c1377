"""Nodes that come back after the recovery key replaced the site's keys: known by their own key alone."""

from dataclasses import replace

import pytest

from edge.wire.papers import Papers
from hub.authority_x509 import LIFE, new_issuer
from hub.certification import Certification
from hub.errors import Invalid, Unauthenticated
from hub.new_node import Reach, Site
from hub.store.database import Store
from tests.factories import signing_key
from tests.factories_certification import ISSUER, NEW, Desk, serial_of, subject_of
from tests.factories_people import Clock
from tests.factories_tls import node_key, request_of

NEXT = new_issuer("xa-mau", ["loa.lan"])


@pytest.fixture
def desk(store: Store, clock: Clock) -> Desk:
    return Desk(store, clock)


@pytest.fixture
def site() -> Site:
    return Site(id="xa-mau", public_key=signing_key().public(), succession=lambda: b"signed")


@pytest.fixture
def successor(desk: Desk, site: Site) -> Certification:
    """The hub with its new keys."""
    reach = Reach(broker_host="loa.lan", broker_port=8883, url="https://loa.lan:8443")
    return Certification(store=desk.store, issuer=NEXT, site=site, reach=reach, now=desk.now)


def readmitted(desk: Desk, successor: Certification) -> Papers:
    return successor.readmit(request_of(desk.key))


def test_whose_key_is_known_gets_a_certificate_of_the_new_authority(
    desk: Desk, successor: Certification
) -> None:
    before = desk.papers()
    papers = readmitted(desk, successor)
    assert (papers.node, papers.authority) == (NEW.id, NEXT.certificate_pem)
    assert (ISSUER.has_signed(papers.certificate), NEXT.has_signed(papers.certificate)) == (False, True)
    assert successor.holder(serial_of(papers)) == NEW.id
    assert subject_of(papers) == subject_of(before)


def test_asked_again_the_hub_says_the_same(desk: Desk, successor: Certification) -> None:
    desk.papers()
    first, second = readmitted(desk, successor), readmitted(desk, successor)
    assert first.certificate == second.certificate
    assert not second.is_new


def test_a_key_that_nobody_knows_is_refused(desk: Desk, successor: Certification) -> None:
    desk.papers()
    with pytest.raises(Unauthenticated):
        successor.readmit(request_of(node_key()))


def test_a_node_that_was_removed_stays_out(desk: Desk, successor: Certification) -> None:
    desk.papers()
    desk.enrolment.remove(None, NEW.id)
    with pytest.raises(Unauthenticated):
        readmitted(desk, successor)


def test_the_card_before_the_present_one_stays_out(desk: Desk, successor: Certification) -> None:
    desk.papers()
    desk.papers(key=node_key(), again=True)
    with pytest.raises(Unauthenticated):
        readmitted(desk, successor)


def test_a_certificate_that_has_ended_brings_nobody_back(desk: Desk, successor: Certification) -> None:
    desk.papers()
    desk.now.pass_s(LIFE.total_seconds() + 86_400)
    with pytest.raises(Unauthenticated):
        readmitted(desk, successor)


def test_without_a_succession_a_key_alone_is_not_enough(
    desk: Desk, successor: Certification, site: Site
) -> None:
    desk.papers()
    object.__setattr__(successor, "_site", replace(site, succession=lambda: None))
    with pytest.raises(Unauthenticated):
        readmitted(desk, successor)


def test_a_request_that_cannot_be_read_is_refused(desk: Desk, successor: Certification) -> None:
    with pytest.raises(Invalid):
        successor.readmit("x" * 100)
