"""A whole loudspeaker node and its hub: what it is told, what it asks, what it believes of the answer."""

from datetime import timedelta

import pytest

from edge.errors import LedgerError
from edge.wire.base import ClockState
from edge.wire.entries import PlanAccepted, StandingAccepted
from edge.wire.link import Arrived
from edge.wire.messages import Birth, Gone, Health, HubState, LedgerBatch, Stored, TimeRequest
from edge.wire.signing import SignedKind
from tests import factories as make
from tests.factories_speaker import HELD, item
from tests.fakes_node import Village
from tests.fakes_parts import TOPICS


def births(village: Village) -> list[Birth]:
    found = []
    for payload in village.link.payloads("state"):
        found.append(Birth.decode(payload))
    return found


def test_a_connection_begins_with_a_birth_that_says_what_is_obeyed(ready: Village) -> None:
    ready.standing()
    ready.connect()
    (birth,) = births(ready)
    assert (birth.plan, birth.standing, birth.order) == (make.VERSION,) * 3
    assert birth.session == ready.sessions.current
    assert (TOPICS.node(make.NODE, "state"), birth.encode(), True) in ready.link.sent


def test_a_foreign_gone_is_contradicted(village: Village) -> None:
    village.connect()
    village.hear("state", Gone(session=make.SESSION).encode())
    assert len(births(village)) == 2


def test_its_own_birth_is_not_answered(village: Village) -> None:
    village.connect()
    village.hear("state", village.link.payloads("state")[0])
    assert len(births(village)) == 1


def test_health_is_told_at_once_and_every_minute(village: Village) -> None:
    village.connect()
    village.run(200)
    assert 3 <= len(village.link.payloads("health")) <= 5


def test_health_names_what_is_missing(village: Village) -> None:
    village.plan(occurrences=(item(),))
    village.connect()
    assert Health.decode(village.link.payloads("health")[0]).missing == (make.SHA256,)


def test_a_recording_that_came_is_told_within_seconds(village: Village) -> None:
    village.plan(occurrences=(item(after_s=3_600),))
    village.connect()
    village.tell(HELD)
    village.run(5)
    healths = [Health.decode(payload) for payload in village.link.payloads("health")]
    assert [health.missing for health in healths] == [(make.SHA256,), ()]


def test_entries_are_sent_and_sent_again_until_they_are_stored(village: Village) -> None:
    village.connect()
    village.run(30)
    batches = [LedgerBatch.decode(payload) for payload in village.link.payloads("ledger")]
    assert len(batches) > 1
    assert all(batch.entries[0].seq == 1 for batch in batches)
    last = batches[-1].entries[-1].seq
    village.hear("stored", Stored(ledger=village.ledger.id, seq=last).encode())
    village.run(120)
    assert len(village.link.payloads("ledger")) == len(batches)


def test_a_ledger_that_cannot_be_read_stops_nothing_that_people_hear(
    ready: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise LedgerError("disk I/O error")

    ready.connect()
    monkeypatch.setattr(ready.ledger, "stored_seq", fail)
    ready.run(65)
    assert ready.stage.is_sounding


def test_a_new_session_of_the_hub_has_them_sent_again(village: Village) -> None:
    village.connect()
    before = len(village.link.payloads("ledger"))
    hub = HubState(session=make.SESSION, here=True, at=make.NOW)
    village.tell(Arrived(topic=TOPICS.hub, payload=hub.encode(), retained=True))
    assert len(village.link.payloads("ledger")) == before + 1


def test_what_happened_without_network_is_sent_afterwards_with_its_time(ready: Village) -> None:
    ready.run(80)
    ready.connect()
    (payload, *_) = ready.link.payloads("ledger")
    finished = next(e for e in LedgerBatch.decode(payload).entries if e.kind == "finished")
    assert finished.at < make.NOW + timedelta(seconds=75)


def test_a_reconnection_hurries_what_could_not_be_fetched_or_sent(village: Village) -> None:
    village.connect()
    assert (village.clips.hurries, village.sounds.hurries) == (1, 1)


def answer(village: Village, **changes: object) -> None:
    nonce = TimeRequest.decode(village.link.payloads("time")[-1]).nonce
    village.hear("answer", village.signed(SignedKind.TIME, make.time_answer(**{"nonce": nonce} | changes)))


def test_the_hubs_time_reaches_the_clock(village: Village) -> None:
    village.connect()
    answer(village)
    assert village.clock.answers == [make.NOW]


def test_the_time_of_a_hub_that_does_not_know_it_is_not_taken(village: Village) -> None:
    village.connect()
    answer(village, unsure=True)
    assert village.clock.answers == []


def test_a_hub_that_does_not_know_the_time_is_asked_again_in_minutes(village: Village) -> None:
    village.connect()
    answer(village, unsure=True)
    village.run(303)
    assert len(village.link.payloads("time")) == 2


def test_a_hub_that_knows_the_time_is_asked_again_in_an_hour(village: Village) -> None:
    village.connect()
    answer(village)
    village.run(303)
    assert len(village.link.payloads("time")) == 1


def test_a_recorded_answer_does_not(village: Village) -> None:
    village.connect()
    village.hear("answer", village.signed(SignedKind.TIME, make.time_answer()))
    assert village.clock.answers == []


def test_an_unanswered_question_is_asked_again_with_another_nonce(village: Village) -> None:
    village.connect()
    village.run(60)
    nonces = [TimeRequest.decode(payload).nonce for payload in village.link.payloads("time")]
    assert len(nonces) == len(set(nonces)) >= 3


def test_a_new_card_without_time_takes_what_it_refused_once_the_hub_answered(village: Village) -> None:
    village.clock.state, village.clock.bound_ms = ClockState.UNTRUSTED, None
    village.connect()
    village.plan(occurrences=(item(),))
    village.standing(stopped=make.stop_mark())
    assert village.entries(PlanAccepted, StandingAccepted) == []
    answer(village)
    assert len(village.entries(PlanAccepted, StandingAccepted)) == 2


def test_a_new_card_takes_what_it_refused_once_a_hub_answered_that_does_not_know_the_time(
    village: Village,
) -> None:
    village.clock.state, village.clock.bound_ms = ClockState.UNTRUSTED, None
    village.connect()
    village.standing(stopped=make.stop_mark())
    answer(village, unsure=True)
    assert len(village.entries(StandingAccepted)) == 1


def test_the_hubs_floor_keeps_an_older_plan_out_even_after_a_restart(village: Village) -> None:
    village.connect()
    answer(village, plan=make.VERSION + 1)
    village.pull_the_plug()
    village.boot().plan()
    assert village.entries(PlanAccepted) == []
