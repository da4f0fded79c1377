from datetime import timedelta

import pytest

from edge.counter.events import CameraLooked
from edge.counter.node import TOTALS_EVERY_S
from edge.errors import LedgerError
from edge.events import Trouble
from edge.wire.entries import Booted, CameraSeen, Fault, Mended, Pressed, Refused, Totals
from edge.wire.messages import Birth, Health, LedgerBatch, TimeRequest
from edge.wire.signing import SignedKind
from tests import factories as make
from tests.fakes_counter import Counter


def batches(counter: Counter) -> list[LedgerBatch]:
    return [LedgerBatch.decode(payload) for payload in counter.link.payloads("ledger")]


def test_it_is_born_as_a_counter(counter: Counter) -> None:
    counter.connect()
    birth = Birth.decode(counter.link.payloads("state")[0])
    assert (birth.kind, birth.output, birth.ledger) == ("counter", "none", counter.ledger.id)


def test_a_press_leaves_for_the_hub(counter: Counter) -> None:
    counter.connect()
    counter.hear("stored", make.stored(ledger=counter.ledger.id, seq=counter.ledger.last_seq()).encode())
    counter.press(4)
    assert [entry.kind for entry in batches(counter)[-1].entries] == ["pressed"]


def test_presses_made_without_network_leave_in_order_with_their_own_times(counter: Counter) -> None:
    for level in (1, 2, 3):
        counter.press(level)
        counter.run(60)
    counter.connect()
    sent = [entry for entry in batches(counter)[0].entries if entry.kind == "pressed"]
    assert [entry.body["level"] for entry in sent] == [1, 2, 3]
    assert sent[1].at - sent[0].at >= timedelta(seconds=60)


def test_presses_survive_the_plug(counter: Counter) -> None:
    counter.press(3)
    counter.pull_the_plug()
    counter.boot()
    counter.connect()
    assert [entry.body["level"] for entry in batches(counter)[0].entries if entry.kind == "pressed"] == [3]


def test_sums_are_told_at_the_start_and_now_and_then(counter: Counter) -> None:
    counter.press(2)
    counter.run(TOTALS_EVERY_S)
    told = [body for body in counter.entries(Totals) if isinstance(body, Totals)]
    assert [body.raw for body in told] == [{}, {"2": 1}]


def test_a_start_and_how_the_last_run_ended_are_recorded(counter: Counter) -> None:
    counter.node.end("SIGTERM")
    counter.ledger.close()
    counter.boot()
    booted = [body.clean for body in counter.entries(Booted) if isinstance(body, Booted)]
    assert booted == [False, True]


def test_a_cameras_verdict_is_recorded(counter: Counter) -> None:
    counter.node.handle(CameraLooked(make.camera_seen()))
    assert counter.entries(CameraSeen) == [make.camera_seen()]


def test_trouble_of_a_part_is_a_fault_until_it_is_over(counter: Counter) -> None:
    counter.node.handle(Trouble("ffmpeg", "not installed"))
    counter.node.handle(Trouble("ffmpeg", "not installed"))
    assert counter.faults.present() == ("ffmpeg: not installed",)
    counter.node.handle(Trouble("ffmpeg", ""))
    assert counter.entries(Fault, Mended) == [
        Fault(name="ffmpeg", detail="not installed"),
        Mended(name="ffmpeg"),
    ]


def test_a_new_fault_is_told_within_seconds(counter: Counter) -> None:
    counter.connect()
    counter.node.handle(Trouble("ffmpeg", "not installed"))
    counter.run(6)
    health = Health.decode(counter.link.payloads("health")[-1])
    assert health.faults == ("ffmpeg: not installed",)


def test_a_ledger_that_fails_is_told_in_the_health(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    counter.journal.trouble = "database or disk is full"
    counter.connect()
    health = Health.decode(counter.link.payloads("health")[-1])
    assert health.faults == ("ledger: database or disk is full",)


def test_the_hubs_signed_answer_sets_the_time(counter: Counter) -> None:
    counter.connect()
    request = TimeRequest.decode(counter.link.payloads("time")[-1])
    answer = make.time_answer(nonce=request.nonce)
    counter.hear("answer", make.signing_key().sign(SignedKind.TIME, answer.encode()))
    assert counter.clock.answers == [answer.at]


def test_an_answer_to_another_question_is_refused(counter: Counter) -> None:
    counter.connect()
    token = make.signing_key().sign(SignedKind.TIME, make.time_answer().encode())
    counter.hear("answer", token)
    assert counter.clock.answers == []
    assert [body.reason for body in counter.entries(Refused) if isinstance(body, Refused)] == ["wrong_nonce"]


@pytest.mark.parametrize("leaf", ["plan", "standing"])
def test_what_concerns_loudspeakers_only_is_left_alone(counter: Counter, leaf: str) -> None:
    counter.hear(leaf, b"anything")
    assert counter.entries(Refused) == []


def test_a_message_that_cannot_be_read_is_refused_and_survived(counter: Counter) -> None:
    counter.hear("stored", b"{}")
    counter.press(1)
    assert len(counter.entries(Refused)) == 1
    assert len(counter.entries(Pressed)) == 1


def test_a_ledger_that_cannot_be_read_ends_no_program(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise LedgerError("disk I/O error")

    counter.connect()
    monkeypatch.setattr(counter.ledger, "stored_seq", broken)
    counter.press(1)
    assert counter.lamp.is_on


def test_sums_of_a_ledger_that_began_anew_hold_what_the_hub_stored_of_it_since(counter: Counter) -> None:
    counter.press(2)
    old = counter.ledger.id
    counter.hear("stored", make.stored(ledger=old, seq=1_000).encode())  # a later life of this ledger
    assert counter.ledger.id != old
    counter.hear("stored", make.stored(ledger=counter.ledger.id, seq=counter.ledger.last_seq()).encode())
    counter.pull_the_plug()
    counter.boot()
    assert counter.desk.totals().raw == {"2": 1}
