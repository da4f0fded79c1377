"""Who is let in by a one-time code, and who is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from edge.wire.papers import Application, Code
from hub.errors import Conflict, Forbidden
from hub.store import audit
from tests.factories_certification import NEW, Desk, codes_of
from tests.factories_tls import node_key, request_of


def test_a_code_lets_its_node_in(desk: Desk) -> None:
    papers = desk.admit(desk.code())
    assert (papers.node, desk.holder(papers)) == (NEW.id, NEW.id)


def test_the_same_machine_may_ask_again_when_the_answer_was_lost(desk: Desk) -> None:
    code = desk.code()
    first = desk.admit(code)
    assert desk.admit(code).certificate == first.certificate


def test_a_code_serves_one_machine(desk: Desk) -> None:
    code = desk.code(again=True)
    first = desk.admit(code)
    with pytest.raises(Forbidden) as caught:
        desk.admit(code, key=node_key())
    assert codes_of(caught) == ["code_used"]
    assert desk.holder(first) == NEW.id


def test_a_code_is_over_after_a_day(desk: Desk) -> None:
    code = desk.code()
    desk.now.pass_s(timedelta(hours=24).total_seconds())
    with pytest.raises(Forbidden) as caught:
        desk.admit(code)
    assert codes_of(caught) == ["code_refused"]


def test_the_secret_of_a_code_that_is_over_is_forgotten(desk: Desk) -> None:
    desk.code()
    desk.now.pass_s(timedelta(hours=24).total_seconds())
    desk.certification.forget_codes()
    assert desk.store.read().execute("SELECT count(*) FROM codes").fetchone() == (0,)


def test_a_new_code_for_a_node_replaces_the_old_one(desk: Desk) -> None:
    old, _ = desk.code(), desk.code()
    with pytest.raises(Forbidden):
        desk.admit(old)


def test_a_removed_nodes_code_is_over(desk: Desk) -> None:
    code = desk.code()
    desk.admit(code)
    desk.enrolment.remove(None, NEW.id)
    with pytest.raises(Forbidden):
        desk.admit(code)


def guess(desk: Desk, code: Code) -> None:
    wrong: Application = Code(code.id, "B" * 16).application(request_of(desk.key))
    with pytest.raises(Forbidden) as caught:
        desk.certification.admit(wrong)
    assert codes_of(caught) == ["code_refused"]


def test_a_wrong_guess_changes_nothing(desk: Desk) -> None:
    code = desk.code()
    guess(desk, code)
    assert desk.admit(code).node == NEW.id


def test_ten_wrong_guesses_end_a_code(desk: Desk) -> None:
    code = desk.code()
    for _ in range(10):
        guess(desk, code)
    with pytest.raises(Forbidden):
        desk.admit(code)


def test_a_request_that_nobody_vouches_for_is_not_even_read(desk: Desk) -> None:
    application = Code.generate().application("no request " * 10)
    with pytest.raises(Forbidden):
        desk.certification.admit(application)


def test_a_code_for_a_node_in_service_needs_force(desk: Desk) -> None:
    desk.papers()
    with pytest.raises(Conflict) as caught:
        desk.code()
    assert codes_of(caught) == ["node_exists"]


def test_a_forced_code_replaces_the_card(desk: Desk) -> None:
    first = desk.papers()
    second = desk.admit(desk.code(again=True), key=node_key())
    assert (desk.holder(first), desk.holder(second)) == (None, NEW.id)


def test_the_log_tells_of_every_code_and_enrolment_without_the_secret(desk: Desk) -> None:
    code = desk.code()
    desk.admit(code)
    lines = audit.entries(desk.store.read(), limit=10)
    assert {"node.code", "node.enroll"} <= {line.action for line in lines}
    assert code.secret not in str(lines)


def test_who_names_no_code_makes_the_hub_write_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.store, "write", lambda _work: pytest.fail("the hub wrote"))
    with pytest.raises(Forbidden):
        desk.certification.admit(Code.generate().application(request_of(desk.key)))


def test_a_code_guessed_at_from_two_sides_counts_both(desk: Desk) -> None:
    code = desk.code()
    with ThreadPoolExecutor(10) as sides:
        list(sides.map(lambda _: guess(desk, code), range(10)))
    with pytest.raises(Forbidden):
        desk.admit(code)
