"""Who is signed as which node, when again, and whose certificates are taken back."""

import pytest
from cryptography import x509

from hub.authority_x509 import LIFE
from hub.errors import Conflict, Forbidden, Invalid
from hub.new_node import NewNode
from hub.people.roles import Role
from hub.store import nodes
from tests.factories_certification import ISSUER, NEW, OTHER, Desk, codes_of, serial_of, subject_of
from tests.factories_hub import actor
from tests.factories_tls import node_key, request_of


def test_papers_hold_what_a_node_needs_and_nothing_secret(desk: Desk) -> None:
    papers = desk.papers()
    assert papers.settings["node"]["areas"] == ["to-2", "xa"]
    assert papers.settings["broker"] == {"host": "loa.lan", "port": 8883}
    assert papers.settings["hub"] == {"url": "https://loa.lan:8443"}
    assert papers.authority == ISSUER.certificate_pem
    assert "PRIVATE" not in papers.encode().decode()


def test_its_certificate_makes_the_holder_of_the_key_that_node(desk: Desk) -> None:
    papers = desk.papers()
    certificate = x509.load_pem_x509_certificate(papers.certificate.encode())
    assert certificate.public_key() == desk.key.public_key()
    assert desk.holder(papers) == NEW.id


@pytest.mark.parametrize("spelt", [str.lower, lambda serial: f"00{serial}"])
def test_a_serial_is_known_however_a_web_server_spells_it(desk: Desk, spelt: "type[str]") -> None:
    assert desk.certification.holder(spelt(serial_of(desk.papers()))) == NEW.id


def test_what_a_restored_hub_does_not_know_stands_for_the_enrolment_that_it_names(desk: Desk) -> None:
    subject = subject_of(desk.papers())
    assert desk.certification.holder("ABCDEF", subject) == NEW.id
    assert desk.certification.holder("ABCDEF", subject.replace(NEW.id, "nobody")) is None


@pytest.mark.parametrize("subject", ["", f"CN={NEW.id}", f"CN={NEW.id},OU=1"])
def test_a_name_alone_makes_nobody_a_node(desk: Desk, subject: str) -> None:
    desk.papers()
    assert desk.certification.holder("ABCDEF", subject) is None


def test_a_lost_certificate_of_a_removed_node_serves_no_later_machine_of_that_name(desk: Desk) -> None:
    lost = subject_of(desk.papers())
    desk.enrolment.remove(None, NEW.id)
    desk.now.pass_s(1)
    desk.papers(key=node_key(), again=True)
    assert desk.certification.holder("ABCDEF", lost) is None


def test_a_lost_certificate_of_a_replaced_card_is_over(desk: Desk) -> None:
    lost = subject_of(desk.papers())
    desk.now.pass_s(1)
    desk.papers(key=node_key(), again=True)
    assert desk.certification.holder("ABCDEF", lost) is None


def test_a_renewal_stays_of_the_same_enrolment(desk: Desk) -> None:
    first = desk.papers()
    desk.now.pass_s((LIFE * 0.7).total_seconds())
    assert subject_of(desk.certification.renew(NEW.id, request_of(desk.key))) == subject_of(first)


def test_what_it_knows_as_revoked_stands_for_nobody(desk: Desk) -> None:
    first = desk.papers()
    second = desk.papers(key=node_key(), again=True)
    assert desk.certification.holder(serial_of(first), subject_of(second)) is None


def test_a_node_by_certificate_has_no_password(desk: Desk) -> None:
    desk.papers()
    assert nodes.secret_hash(desk.store.read(), NEW.id) == ""


def test_asked_again_the_hub_says_the_same(desk: Desk) -> None:
    first, second = desk.papers(), desk.papers()
    assert (first.is_new, second.is_new) == (True, False)
    assert second.model_copy(update={"is_new": True}) == first


def test_asked_again_with_force_the_same_key_keeps_its_certificate(desk: Desk) -> None:
    first = desk.papers()
    assert desk.papers(again=True).certificate == first.certificate
    assert desk.revoked() == []


def test_another_area_and_title_are_taken_over(desk: Desk) -> None:
    desk.papers()
    moved = desk.papers(NewNode(id=NEW.id, kind="speaker", area="xa", title="Cổng làng"))
    assert (moved.is_new, moved.settings["node"]["areas"]) == (False, ["xa"])
    known = nodes.node(desk.store.read(), NEW.id)
    assert known is not None
    assert (known.name, known.area) == ("Cổng làng", "xa")


def test_a_title_that_is_not_given_stays(desk: Desk) -> None:
    desk.papers()
    desk.papers(NewNode(id=NEW.id, kind="speaker", area="to-2"))
    known = nodes.node(desk.store.read(), NEW.id)
    assert known is not None
    assert known.name == NEW.title


def test_another_key_is_not_taken_for_the_node(desk: Desk) -> None:
    first = desk.papers()
    with pytest.raises(Conflict) as caught:
        desk.papers(key=node_key())
    assert codes_of(caught) == ["node_has_other_key"]
    assert desk.holder(first) == NEW.id


def test_with_force_it_is_and_the_old_certificate_is_revoked(desk: Desk) -> None:
    first = desk.papers()
    second = desk.papers(key=node_key(), again=True)
    assert (desk.holder(first), desk.holder(second)) == (None, NEW.id)
    assert desk.revoked() == [serial_of(first)]


def test_another_kind_is_another_node(desk: Desk) -> None:
    first = desk.papers()
    counter = NewNode(id=NEW.id, kind="counter", area="to-2")
    with pytest.raises(Conflict) as caught:
        desk.papers(counter)
    assert codes_of(caught) == ["node_exists"]
    desk.papers(counter, again=True)
    assert desk.revoked() == [serial_of(first)]


def test_a_copied_card_is_no_second_node(desk: Desk) -> None:
    desk.papers()
    for again in (False, True):
        with pytest.raises(Conflict) as caught:
            desk.papers(OTHER, again=again)
        assert codes_of(caught) == ["key_of_other"]


def test_a_removed_node_is_nobody(desk: Desk) -> None:
    papers = desk.papers()
    desk.enrolment.remove(None, NEW.id)
    assert desk.holder(papers) is None
    assert desk.revoked() == [serial_of(papers)]


@pytest.mark.parametrize("new_card", [False, True])
def test_a_removed_node_comes_back_by_force_only_whatever_its_key_is(desk: Desk, new_card: bool) -> None:
    desk.papers()
    desk.enrolment.remove(None, NEW.id)
    asked = request_of(node_key())
    with pytest.raises(Conflict) as caught:
        desk.certification.papers(None, NEW, request=asked, new_card=new_card)
    assert codes_of(caught) == ["node_removed"]
    back = desk.certification.papers(None, NEW, request=asked, again=True)
    assert desk.holder(back) == NEW.id


def test_a_new_card_takes_the_place_of_the_old_one(desk: Desk) -> None:
    first = desk.papers()
    second = desk.certification.papers(None, NEW, request=request_of(node_key()), new_card=True)
    assert (desk.holder(first), desk.holder(second)) == (None, NEW.id)


def test_a_key_that_was_revoked_comes_back_by_force_only(desk: Desk) -> None:
    first = desk.papers()
    desk.enrolment.remove(None, NEW.id)
    desk.certification.papers(None, NEW, request=request_of(node_key()), again=True)
    with pytest.raises(Conflict) as caught:
        desk.certification.papers(None, NEW, request=request_of(desk.key), new_card=True)
    assert codes_of(caught) == ["key_revoked"]
    back = desk.papers(again=True)
    assert (desk.holder(first), desk.holder(back)) == (None, NEW.id)


def test_a_certificate_near_its_end_is_signed_anew_and_the_old_one_holds(desk: Desk) -> None:
    first = desk.papers()
    desk.now.pass_s((LIFE * 0.7).total_seconds())
    second = desk.certification.renew(NEW.id, request_of(desk.key))
    assert second.is_new
    assert [desk.holder(first), desk.holder(second)] == [NEW.id, NEW.id]


def test_one_that_holds_long_is_not_renewed(desk: Desk) -> None:
    first = desk.papers()
    renewed = desk.certification.renew(NEW.id, request_of(desk.key))
    assert (renewed.certificate, renewed.is_new) == (first.certificate, False)


def test_a_node_may_renew_with_a_new_key(desk: Desk) -> None:
    desk.papers()
    renewed = desk.certification.renew(NEW.id, request_of(node_key()))
    assert desk.holder(renewed) == NEW.id


def test_a_node_cannot_renew_with_the_key_of_another(desk: Desk) -> None:
    other = node_key()
    desk.papers()
    desk.papers(OTHER, key=other)
    with pytest.raises(Conflict):
        desk.certification.renew(NEW.id, request_of(other))


def test_a_node_gone_mad_fills_no_disk_with_certificates(desk: Desk) -> None:
    desk.papers()
    for _ in range(3):
        desk.certification.renew(NEW.id, request_of(node_key()))
    with pytest.raises(Conflict) as caught:
        desk.certification.renew(NEW.id, request_of(node_key()))
    assert codes_of(caught) == ["certificates_many"]


def test_certificates_that_are_over_do_not_count(desk: Desk) -> None:
    desk.papers()
    for _ in range(10):
        desk.now.pass_s(LIFE.total_seconds())
        assert desk.certification.renew(NEW.id, request_of(node_key())).is_new


@pytest.mark.parametrize(
    ("change", "code"), [({"area": "to-9"}, "unknown_area"), ({"id": "Loa 1"}, "topic_name")]
)
def test_what_cannot_be_a_node_gets_neither_papers_nor_code(
    desk: Desk, change: dict[str, str], code: str
) -> None:
    wrong = NewNode(**{"id": "a", "kind": "speaker", "area": "to-2"} | change)  # type: ignore[arg-type]
    for ask in (desk.papers, desk.code):
        with pytest.raises(Invalid) as caught:
            ask(wrong)
        assert codes_of(caught) == [code]


def test_a_clerk_gets_neither_papers_nor_code(desk: Desk) -> None:
    clerk = actor(Role.CLERK)
    with pytest.raises(Forbidden):
        desk.certification.papers(clerk, NEW, request=request_of(desk.key))
    with pytest.raises(Forbidden):
        desk.certification.code(clerk, NEW)


def test_a_request_that_cannot_be_signed_is_said_so(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        desk.certification.papers(None, NEW, request="nonsense")
    assert codes_of(caught) == ["request_wrong"]
