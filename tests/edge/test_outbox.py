from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from edge.ledger import Ledger
from edge.outbox import BATCH_LIMIT, RESEND_S, Outbox, Send, Wait
from tests import factories as make

CONNECTED = Outbox().connected()


def flying(up_to: int = 5, *, now_s: float = 100.0) -> Outbox:
    return CONNECTED.sent(up_to, now_s=now_s)


def test_nothing_is_sent_without_a_connection() -> None:
    assert Outbox().next(stored=0, last=5, now_s=0) == Wait(until_s=None)


def test_nothing_is_sent_when_all_is_stored() -> None:
    assert CONNECTED.next(stored=5, last=5, now_s=0) == Wait(until_s=None)


def test_what_is_not_stored_is_sent_at_once() -> None:
    assert CONNECTED.next(stored=3, last=5, now_s=0) == Send(after=3, limit=BATCH_LIMIT)


def test_while_a_batch_is_under_way_nothing_else_is_sent() -> None:
    assert flying(5).next(stored=0, last=9, now_s=100.1) == Wait(until_s=100.0 + RESEND_S[0])


def test_the_next_batch_follows_the_answer_at_once() -> None:
    assert flying(5).stored(5, now_s=100.1).next(stored=5, last=9, now_s=100.1) == Send(after=5)


def test_a_batch_without_answer_is_sent_again() -> None:
    assert flying(5).next(stored=0, last=5, now_s=100.0 + RESEND_S[0]) == Send(after=0)


def test_each_repetition_waits_longer_up_to_a_limit() -> None:
    outbox, now, delays = CONNECTED, 0.0, []
    for _ in range(len(RESEND_S) + 2):
        outbox = outbox.sent(5, now_s=now)
        wait = outbox.next(stored=0, last=5, now_s=now)
        assert isinstance(wait, Wait)
        assert wait.until_s is not None
        delays.append(wait.until_s - now)
        now = wait.until_s
    assert delays == pytest.approx([*RESEND_S, RESEND_S[-1], RESEND_S[-1]])


def test_nodes_spread_their_repetitions() -> None:
    waits = [
        Outbox(spread=spread).connected().sent(5, now_s=0).next(stored=0, last=5, now_s=0)
        for spread in (0.0, 1.0)
    ]
    assert waits == [Wait(until_s=RESEND_S[0]), Wait(until_s=RESEND_S[0] * 1.25)]


@pytest.mark.parametrize("event", [Outbox.connected, Outbox.hub_began])
def test_after_a_new_beginning_what_was_under_way_is_sent_again_at_once(
    event: Callable[[Outbox], Outbox],
) -> None:
    assert event(flying(5)).next(stored=0, last=5, now_s=100.1) == Send(after=0)


def test_a_broken_connection_ends_sending() -> None:
    assert flying(5).lost().next(stored=0, last=5, now_s=999) == Wait(until_s=None)


def test_an_answer_resets_the_delay() -> None:
    late = flying(5).sent(5, now_s=105).sent(5, now_s=115).stored(5, now_s=116)
    assert late.sent(9, now_s=116).next(stored=5, last=9, now_s=116) == Wait(until_s=116 + RESEND_S[0])


def test_an_answer_to_a_part_gives_the_rest_more_time() -> None:
    part = flying(5, now_s=100).stored(3, now_s=104)
    assert part.next(stored=3, last=5, now_s=104) == Wait(until_s=104 + RESEND_S[0])


@given(spread=st.floats(0, 1), resends=st.integers(0, 10), age=st.floats(0, 1e6))
def test_it_never_waits_for_an_instant_that_has_passed(spread: float, resends: int, age: float) -> None:
    outbox = Outbox(spread=spread).connected()
    for _ in range(resends):
        outbox = outbox.sent(5, now_s=0)
    step = outbox.next(stored=0, last=5, now_s=age)
    assert isinstance(step, Send) or (step.until_s or 0) > age


class LossyTransport(RuleBasedStateMachine):
    """A node, a hub that stores each number once, and a broker that loses, repeats and delays."""

    def __init__(self) -> None:
        super().__init__()
        self.outbox, self.now = CONNECTED, 0.0
        self.last = self.stored = 0
        self.under_way: list[tuple[int, int]] = []
        self.at_hub: list[int] = []

    @rule(count=st.integers(1, 30))
    def happen(self, count: int) -> None:
        self.last += count

    @rule()
    def send(self) -> None:
        step = self.outbox.next(stored=self.stored, last=self.last, now_s=self.now)
        if isinstance(step, Send):
            up_to = min(self.last, step.after + 7)
            self.under_way.append((step.after, up_to))
            self.outbox = self.outbox.sent(up_to, now_s=self.now)

    @rule(data=st.data(), repeat=st.booleans())
    def deliver(self, data: st.DataObject, *, repeat: bool) -> None:
        if self.under_way:
            place = data.draw(st.integers(0, len(self.under_way) - 1))
            after, up_to = self.under_way[place] if repeat else self.under_way.pop(place)
            self.at_hub += [seq for seq in range(after + 1, up_to + 1) if seq not in self.at_hub]
            self.answer()

    @rule()
    def answer(self) -> None:
        stored = len(self.at_hub)
        if stored > self.stored:
            self.stored = stored
            self.outbox = self.outbox.stored(stored, now_s=self.now)

    @rule()
    def lose_all(self) -> None:
        self.under_way.clear()

    @rule(seconds=st.floats(0, 100))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(event=st.sampled_from([Outbox.connected, Outbox.hub_began, lambda o: o.lost().connected()]))
    def begin_anew(self, event: Callable[[Outbox], Outbox]) -> None:
        self.outbox = event(self.outbox)

    @invariant()
    def entries_reach_the_hub_in_order_and_once(self) -> None:
        assert self.at_hub == list(range(1, len(self.at_hub) + 1))

    def teardown(self) -> None:
        """When losses end, all arrives within a few repetitions."""
        for _ in range(3 + self.last):
            self.now += 2 * RESEND_S[-1]
            self.send()
            if self.under_way:
                after, up_to = self.under_way.pop()
                self.at_hub += [seq for seq in range(after + 1, up_to + 1) if seq not in self.at_hub]
                self.answer()
        assert self.stored == self.last


LossyTransport.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
test_all_arrives_once_whatever_the_transport_does = LossyTransport.TestCase


def test_a_weeks_backlog_leaves_in_a_few_round_trips(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger.sqlite3", boot="b")
    with ledger.together():
        for _ in range(5_000):
            ledger.append(make.booted(), at=make.NOW, clock=make.reading())
    outbox, round_trips = CONNECTED, 0
    while isinstance(step := outbox.next(stored=ledger.stored_seq(), last=ledger.last_seq(), now_s=0), Send):
        batch = ledger.batch(step.after, step.limit)
        assert batch
        seq = batch.entries[-1].seq
        ledger.mark_stored(ledger.id, seq)
        outbox = outbox.sent(seq, now_s=0).stored(seq, now_s=0)
        round_trips += 1
    assert round_trips == 5
    ledger.close()
