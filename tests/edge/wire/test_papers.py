"""Enrolment by a one-time code: both sides prove that they know it, and it never travels."""

import pytest

from edge.wire.papers import Admission, Application, Code
from tests.factories_papers import papers, pem

REQUEST = pem("CERTIFICATE REQUEST")


def test_a_code_typed_back_by_hand_is_the_same_code() -> None:
    code = Code.generate()
    assert Code.read(f" {str(code).lower().replace('-', ' ')} ") == code


@pytest.mark.parametrize("text", ["", "ABCD-EFGH", "ABCD-EFGH-JKMN-PQRS-TUV0", "ABCD-EFGH-JKMN-PQRS-TUVWX"])
def test_what_is_not_a_code_is_refused_with_its_form(text: str) -> None:
    with pytest.raises(ValueError, match="5 groups of 4"):
        Code.read(text)


def test_no_two_codes_are_alike() -> None:
    assert len({Code.generate().secret for _ in range(100)}) == 100


def test_an_application_is_vouched_for_by_its_own_code_only() -> None:
    code, other = Code.generate(), Code.generate()
    application = code.application(REQUEST)
    assert code.vouches_for(application)
    assert not other.vouches_for(application)


def test_a_request_changed_on_its_way_is_not_vouched_for() -> None:
    code = Code.generate()
    changed = code.application(REQUEST).model_copy(update={"request": REQUEST.replace("AAAA", "AAAB")})
    assert not code.vouches_for(changed)


def test_the_code_does_not_travel() -> None:
    code = Code.generate()
    application = code.application(REQUEST)
    sent = application.encode() + code.admission(papers(), to=application).encode()
    assert code.secret.encode() not in sent


def test_the_node_reads_what_the_hub_gave() -> None:
    code = Code.generate()
    application = Application.decode(code.application(REQUEST).encode())
    admission = Admission.decode(code.admission(papers(), to=application).encode())
    assert code.papers(admission, to=application) == papers()


def test_papers_from_somebody_who_does_not_know_the_code_are_none() -> None:
    application = Code.generate().application(REQUEST)
    admission = Code.generate().admission(papers(), to=application)
    assert Code(id=application.code, secret="B" * 16).papers(admission, to=application) is None


def test_papers_in_answer_to_another_application_are_none() -> None:
    code = Code.generate()
    mine, other = code.application(REQUEST), code.application(REQUEST + "\n")
    assert code.papers(code.admission(papers(), to=other), to=mine) is None


def test_a_code_keeps_its_secret_out_of_logs() -> None:
    code = Code.generate()
    assert code.secret not in repr(code)
