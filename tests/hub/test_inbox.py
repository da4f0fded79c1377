"""What nodes say is stored once, in order, before it is acknowledged."""

from datetime import timedelta
from uuid import UUID

import pytest

from edge.wire.base import ClockState
from edge.wire.entries import Fault, Mended
from edge.wire.link import Arrived
from edge.wire.messages import LedgerBatch, TimeRequest
from edge.wire.orders import OrderKind, TimeAnswer
from edge.wire.signing import SignedKind
from edge.wire.topics import Topics
from hub.people.roles import Role
from hub.projection import Projection
from hub.store import nodes
from hub.store.database import Database
from tests import factories as make
from tests.factories import LEDGER, SESSION, SITE, keyring, reading
from tests.factories_hub import Village, actor, boots

CLERK = actor(Role.CLERK)
OTHER_LEDGER = UUID("11111111-2222-4333-8444-555555555555")
TOPICS = Topics(SITE)


def kept(village: Village, node: str = "loa-1") -> list[int]:
    return [row.seq for row in village.fleet.ledger(node, limit=1000)][::-1]


def test_a_batch_is_acknowledged_with_its_last_number(village: Village) -> None:
    village.wrote("loa-1", boots(3))
    assert village.line.stored("loa-1") == [3]
    assert kept(village) == [1, 2, 3]


def test_a_batch_sent_twice_is_stored_once_and_acknowledged_twice(village: Village) -> None:
    for _ in range(2):
        village.wrote("loa-1", boots(3))
    assert village.line.stored("loa-1") == [3, 3]
    assert kept(village) == [1, 2, 3]


def test_what_comes_beyond_a_gap_is_kept_but_not_acknowledged(village: Village) -> None:
    village.wrote("loa-1", boots(2), first=4)
    assert village.line.stored("loa-1") == [0]
    village.wrote("loa-1", boots(3))
    assert village.line.stored("loa-1") == [0, 5]
    assert kept(village) == [1, 2, 3, 4, 5]


def test_what_came_beyond_a_gap_takes_effect_when_the_gap_is_filled(village: Village) -> None:
    village.wrote("loa-1", [Mended(name="amplifier")], first=2)
    village.wrote("loa-1", [Fault(name="amplifier")])
    assert village.faults.open("loa-1") == []


def test_what_a_node_no_longer_has_is_recorded_as_lost_and_passed(village: Village) -> None:
    village.wrote("loa-1", boots(1))
    village.wrote("loa-1", boots(2), first=11, first_held=11)
    assert village.line.stored("loa-1") == [1, 12]
    [fault] = village.faults.open("loa-1")
    assert (fault.name, fault.detail) == ("ledger_lost", "9 entries up to 10")


def test_what_was_kept_beyond_a_gap_is_not_lost_with_it(village: Village) -> None:
    village.wrote("loa-1", [Fault(name="amplifier")], first=5)
    village.wrote("loa-1", boots(1), first=8, first_held=8)
    names = {fault.name: fault.detail for fault in village.faults.open("loa-1")}
    assert names == {"amplifier": "", "ledger_lost": "6 entries up to 7"}


def test_a_rebuilt_ledger_begins_anew(village: Village) -> None:
    village.wrote("loa-1", boots(3))
    village.says("loa-1", "ledger", village.batch(boots(1), ledger=OTHER_LEDGER).encode())
    assert village.line.stored("loa-1") == [3, 1]
    assert [row.ledger for row in village.fleet.ledger("loa-1")].count(str(LEDGER)) == 3


def test_two_nodes_with_the_same_ledger_id_do_not_mix(village: Village) -> None:
    village.wrote("loa-1", boots(3))
    village.wrote("loa-2", boots(1))
    assert village.line.stored("loa-2") == [1]


def test_a_hub_killed_between_commit_and_acknowledgement_stores_once(village: Village) -> None:
    village.line.linked = False
    village.wrote("loa-1", boots(3))
    village.close()
    village.open()
    village.line.linked = True
    village.wrote("loa-1", boots(3))
    assert village.line.stored("loa-1") == [3]
    assert kept(village) == [1, 2, 3]


def test_nothing_is_acknowledged_when_the_write_fails(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(village.store, "write", lambda _work: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        village.wrote("loa-1", boots(3))
    assert village.line.stored("loa-1") == []


def test_a_message_that_fails_half_way_leaves_nothing_and_takes_nothing_with_it(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Projection.write

    def fail_for_one(projection: Projection, db: Database) -> None:
        write(projection, db)
        if projection.node == "loa-1":
            raise ValueError("cannot be stored")

    monkeypatch.setattr(Projection, "write", fail_for_one)
    batch = village.batch([Fault(name="amplifier")]).encode()
    topics = [TOPICS.node(node, "ledger") for node in ("loa-1", "loa-2")]
    village.inbox.receive([Arrived(topic, batch, False) for topic in topics])
    assert (kept(village, "loa-1"), kept(village, "loa-2")) == ([], [1])
    assert village.line.stored("loa-1") == []
    assert [fault.node for fault in village.faults.open()] == ["loa-2"]


def test_a_birth_that_could_not_be_written_is_taken_with_the_next_turn(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(village.store, "write", lambda _work: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            village.born("loa-1")
    village.wrote("loa-2", boots(1))
    assert village.fleet.node("loa-1").report is not None
    village.says("loa-1", "state", make.gone().encode())
    village.wrote("loa-2", boots(1), first=2)
    assert village.fleet.node("loa-1").state == "away"


def test_many_batches_of_one_turn_are_acknowledged_once(village: Village) -> None:
    topic = TOPICS.node("loa-1", "ledger")
    batches = [village.batch(boots(10), first=1 + 10 * n).encode() for n in range(5)]
    village.inbox.receive([Arrived(topic, batch, False) for batch in batches])
    assert village.line.stored("loa-1") == [50]


def test_a_node_that_is_born_hears_how_much_is_stored(village: Village) -> None:
    village.wrote("loa-1", boots(3))
    village.born("loa-1")
    assert village.line.stored("loa-1") == [3, 3]


def test_a_birth_and_a_batch_of_one_turn_are_answered_with_all_that_is_stored(village: Village) -> None:
    birth = make.birth(ledger=LEDGER).encode()
    batch = village.batch(boots(3)).encode()
    for order in ((birth, batch), (batch, birth)):
        village.line.sent.clear()
        leaves = ["state" if payload is birth else "ledger" for payload in order]
        village.inbox.receive(
            [
                Arrived(TOPICS.node("loa-1", leaf), payload, False)
                for leaf, payload in zip(leaves, order, strict=True)
            ]
        )
        assert village.line.stored("loa-1") == [3]


def test_the_will_of_the_present_session_marks_a_node_away(village: Village) -> None:
    village.born("loa-1")
    village.says("loa-1", "state", make.gone().encode())
    assert village.fleet.node("loa-1").state == "away"


def test_the_will_of_an_earlier_session_does_not(village: Village) -> None:
    village.born("loa-1", session="f" * 32)
    village.says("loa-1", "state", make.gone(session=SESSION).encode())
    report = village.fleet.node("loa-1").report
    assert report is not None
    assert report.here


def test_a_birth_again_in_the_same_session_keeps_since_when_it_is_here(village: Village) -> None:
    village.born("loa-1")
    first = village.now()
    village.now.pass_s(60)
    village.born("loa-1")
    report = nodes.report(village.store.read(), "loa-1")
    assert report is not None
    assert (report.since, report.heard_at) == (first, first + timedelta(seconds=60))


def test_the_clock_of_a_node_is_that_of_its_last_reading(village: Village) -> None:
    village.born("loa-1")
    village.health("loa-1", clock=reading(ClockState.UNTRUSTED, None))
    report = village.fleet.node("loa-1").report
    assert report is not None
    assert report.clock_state == "untrusted"


def test_a_question_for_the_time_is_answered_with_the_lowest_numbers_allowed(village: Village) -> None:
    village.publishing.refresh()
    seq = village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-2"]).seq
    village.says("loa-1", "time", TimeRequest(nonce=make.NONCE).encode())
    [token] = village.line.to("loa-1", "answer")
    answer = TimeAnswer.decode(keyring().open(SignedKind.TIME, token))
    assert (answer.aud, answer.nonce, answer.at) == ("node:loa-1", make.NONCE, village.now())
    assert answer.plan == village.line.plan("loa-1").version
    assert answer.standing == village.line.standing("loa-1").version
    assert answer.order == seq


@pytest.mark.parametrize("knows_time", [True, False])
def test_an_answer_tells_whether_the_hub_knows_the_time(village: Village, knows_time: bool) -> None:
    village.knows_time = knows_time
    village.says("loa-1", "time", TimeRequest(nonce=make.NONCE).encode())
    [token] = village.line.to("loa-1", "answer")
    assert TimeAnswer.decode(keyring().open(SignedKind.TIME, token)).unsure is not knows_time


@pytest.mark.parametrize(
    ("leaf", "payload"),
    [("ledger", LedgerBatch(ledger=LEDGER, first_held=1, entries=()).encode()), ("health", b"?")],
)
def test_whatever_a_node_says_counts_as_hearing_from_it(village: Village, leaf: str, payload: bytes) -> None:
    village.born("loa-1")
    village.now.pass_s(300)
    village.says("loa-1", leaf, payload)
    report = village.fleet.node("loa-1").report
    assert report is not None
    assert (report.heard_at, report.here) == (village.now(), True)


def test_entries_far_beyond_a_gap_are_left_to_be_sent_again(village: Village) -> None:
    village.wrote("loa-1", boots(1), first=100_001)
    assert village.fleet.ledger("loa-1") == []
    village.wrote("loa-1", boots(1), first=100_000)
    assert [row.seq for row in village.fleet.ledger("loa-1")] == [100_000]
