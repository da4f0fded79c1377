"""A whole loudspeaker node among fakes: what people hear, what the ledger says, what the hub is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from edge.errors import LedgerError, LedgerFull
from edge.events import Trouble
from edge.speaker.clips import ClipDropped, ClipHeld, ClipTrouble, ClipWell
from edge.speaker.device_check import DeviceChecked
from edge.speaker.output import FaultReason, Stopped
from edge.wire.base import ClockState, Priority
from edge.wire.entries import (
    Armed,
    Booted,
    Cached,
    Dropped,
    Fault,
    Finished,
    Mended,
    Obeyed,
    Outcome,
    PlanAccepted,
    Reason,
    Refused,
    StandingAccepted,
    Started,
)
from edge.wire.link import Arrived
from edge.wire.messages import Birth, Gone, Health, HubState, LedgerBatch, Stored, TimeRequest
from edge.wire.orders import OrderKind
from edge.wire.plan import Misfire, MisfireRule, PlannedOccurrence
from edge.wire.signing import SignedKind, SigningKey
from tests import factories as make
from tests.fakes_node import STEP_S, TOPICS, Village

HELD = ClipHeld(make.SHA256, 96_000)
LATE_10_MIN = Misfire(rule=MisfireRule.LATE, late_s=600)


def item(name: str = "o-1", after_s: float = 60, **changes: object) -> PlannedOccurrence:
    return make.occurrence(id=name, due_at=make.NOW + timedelta(seconds=after_s), **changes)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    village = Village(tmp_path).boot()
    yield village
    village.ledger.close()


@pytest.fixture
def ready(village: Village) -> Village:
    """A node with a plan of one occurrence in a minute, and its recording."""
    village.plan(occurrences=(item(),))
    village.tell(HELD)
    return village


def outcomes(village: Village) -> dict[str, tuple[Outcome, Reason | None]]:
    found = [entry for entry in village.entries(Finished) if isinstance(entry, Finished)]
    assert len({entry.occurrence for entry in found}) == len(found), "an occurrence has two outcomes"
    return {entry.occurrence: (entry.outcome, entry.reason) for entry in found}


def only(village: Village, kind: type) -> object:
    (entry,) = village.entries(kind)
    return entry


def test_a_planned_item_is_played_with_no_network_at_all(ready: Village) -> None:
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_it_is_armed_seconds_before_and_starts_when_due(ready: Village) -> None:
    ready.run(56)
    assert [act.due for act in ready.stage.acts] == [make.NOW + timedelta(seconds=60)]
    ready.run(5)
    started = only(ready, Started)
    assert isinstance(started, Started)
    assert started.started_at == make.NOW + timedelta(seconds=60)


def test_its_outcome_says_when_it_started_how_exactly_and_that_its_sound_is_kept(ready: Village) -> None:
    ready.run(80)
    finished = only(ready, Finished)
    assert isinstance(finished, Finished)
    assert finished.started_at == make.NOW + timedelta(seconds=60)
    assert finished.start_error_ms == 0
    assert finished.clock_bound_ms == 1.0
    assert abs(finished.played_ms - 12_000) < 100
    assert finished.sound_kept


def test_a_kept_sound_is_offered_to_the_hub_when_the_play_is_over(ready: Village) -> None:
    ready.run(65)
    assert ready.sounds.offered == []
    ready.run(15)
    assert ready.sounds.offered == ["o-1"]


def test_the_nodes_volume_and_the_items_are_multiplied(village: Village) -> None:
    village.standing(volume=50)
    village.plan(occurrences=(item(volume=80),))
    village.tell(HELD)
    village.run(60)
    assert village.stage.acts[0].track.volume == 40


def test_a_volume_order_is_heard_in_what_sounds(village: Village) -> None:
    village.plan(occurrences=(item(volume=80),))
    village.tell(HELD)
    village.run(65)
    village.order(kind=OrderKind.VOLUME, value=50)
    assert village.stage.acts[0].volume == 40


def test_a_stop_silences_at_once(ready: Village) -> None:
    ready.run(65)
    assert ready.stage.is_sounding
    ready.order()
    assert not ready.stage.is_sounding
    assert outcomes(ready) == {"o-1": (Outcome.CUT, Reason.STOPPED)}


def test_obeyed_is_written_once_the_sound_is_over(ready: Village) -> None:
    ready.run(65)
    ready.order()
    kinds = [type(entry) for entry in ready.entries(Finished, Obeyed)]
    assert kinds == [Finished, Obeyed]


def test_an_output_that_does_not_fall_silent_is_not_confirmed(ready: Village) -> None:
    ready.run(65)
    ready.stage.hangs = True
    ready.order()
    ready.run(5)
    assert ready.entries(Obeyed) == []


def refuse_to_keep(_name: str, _value: bytes) -> None:
    raise LedgerFull("no room")


def test_a_stop_that_cannot_be_kept_silences_all_the_same_and_is_not_confirmed(
    ready: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.run(65)
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.order()
    assert not ready.stage.is_sounding
    assert ready.entries(Obeyed) == []


def test_a_standing_stop_that_cannot_be_kept_silences_all_the_same(
    ready: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.run(65)
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.standing(stopped=make.stop_mark())
    assert not ready.stage.is_sounding
    assert ready.entries(StandingAccepted) == []


@pytest.mark.parametrize("kind", [OrderKind.RESUME, OrderKind.UNMUTE])
def test_what_would_make_sound_is_not_obeyed_unless_it_is_kept(
    ready: Village, kind: OrderKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready.standing(stopped=make.stop_mark(), muted=True)
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.order(kind=kind, seq=make.VERSION + 1)
    refused = only(ready, Refused)
    assert isinstance(refused, Refused)
    assert refused.reason == "not_kept"


def test_a_plan_that_cannot_be_kept_is_not_obeyed(ready: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready.ledger, "keep", refuse_to_keep)
    ready.plan(version=make.VERSION + 1, occurrences=())
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_an_order_that_comes_twice_is_obeyed_once(ready: Village) -> None:
    token = ready.order()
    ready.tell(Arrived(topic=TOPICS.order_all, payload=token, retained=False))
    assert len(ready.entries(Obeyed)) == 1
    assert ready.entries(Refused) == []


def test_a_stop_lasts_over_a_power_cut(ready: Village) -> None:
    ready.order()
    ready.pull_the_plug()
    ready.boot().tell(HELD)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.SKIPPED, Reason.STOPPED)}


def test_a_stop_lasts_until_it_is_lifted(ready: Village) -> None:
    ready.plan(version=make.VERSION + 1, occurrences=(item(), item("o-2", 100)))
    ready.order()
    ready.run(80)
    ready.order(kind=OrderKind.RESUME, seq=make.VERSION + 1, not_after=make.NOW + timedelta(minutes=5))
    ready.run(60)
    assert outcomes(ready) == {
        "o-1": (Outcome.SKIPPED, Reason.STOPPED),
        "o-2": (Outcome.PLAYED, None),
    }


def test_a_standing_state_that_stops_is_obeyed_and_confirmed(ready: Village) -> None:
    ready.run(65)
    ready.standing(stopped=make.stop_mark())
    assert not ready.stage.is_sounding
    assert only(ready, StandingAccepted) == StandingAccepted(
        version=make.VERSION, stopped=True, muted=False, volume=100
    )


def test_an_order_that_lost_the_race_against_its_standing_state_changes_nothing(ready: Village) -> None:
    ready.standing(version=make.VERSION + 1)
    ready.order(seq=make.VERSION)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_standing_stop_lasts_over_a_power_cut(ready: Village) -> None:
    ready.standing(stopped=make.stop_mark())
    ready.pull_the_plug()
    ready.boot().tell(HELD)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.SKIPPED, Reason.STOPPED)}


def test_an_order_is_forgotten_once_the_standing_state_covers_it(ready: Village) -> None:
    ready.order()
    ready.standing(version=make.VERSION)
    assert ready.ledger.kept("orders") == b"[]"


def test_a_stop_that_is_lifted_before_an_armed_item_is_due_costs_nothing(ready: Village) -> None:
    ready.run(57)
    ready.order()
    ready.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    ready.run(30)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_late_word_of_an_earlier_play_changes_nothing(ready: Village) -> None:
    ready.run(57)
    ready.order()
    ready.order(kind=OrderKind.RESUME, seq=make.VERSION + 1)
    ready.run(5)
    first, _second = ready.stage.acts
    first.report(Stopped(at=ready.clock.now(), played_ms=7))
    ready.run(0)
    assert outcomes(ready) == {}


def test_a_power_cut_while_sounding_is_recorded_when_the_power_is_back(ready: Village) -> None:
    ready.run(65)
    ready.pull_the_plug()
    ready.clock.advance(30)
    ready.boot()
    finished = only(ready, Finished)
    assert isinstance(finished, Finished)
    assert (finished.outcome, finished.reason) == (Outcome.CUT, Reason.POWER)
    assert finished.started_at == make.NOW + timedelta(seconds=60)


def test_what_was_missed_without_power_is_told_so(ready: Village) -> None:
    ready.pull_the_plug()
    ready.clock.advance(3_600)
    ready.boot()
    assert outcomes(ready) == {"o-1": (Outcome.SKIPPED, Reason.POWER)}


def test_what_may_be_late_is_played_when_the_power_is_back(village: Village) -> None:
    village.plan(occurrences=(item(misfire=LATE_10_MIN),))
    village.pull_the_plug()
    village.clock.advance(300)
    village.boot().tell(HELD)
    village.run(30)
    assert outcomes(village) == {"o-1": (Outcome.PLAYED, None)}


def test_what_may_be_joined_comes_in_where_the_others_are(village: Village) -> None:
    village.plan(occurrences=(item(misfire=Misfire(rule=MisfireRule.JOIN)),))
    village.run(65)
    village.tell(HELD)
    (act,) = village.stage.acts
    assert act.track.start_ms == 6_000
    assert act.due == make.NOW + timedelta(seconds=66)


def test_nothing_is_played_twice_after_a_restart(ready: Village) -> None:
    ready.run(80)
    ready.pull_the_plug()
    ready.boot().tell(HELD)
    ready.run(60)
    assert ready.stage.acts == []
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_plan_damaged_on_disk_is_refused_and_the_hubs_is_taken(ready: Village) -> None:
    ready.ledger.keep("plan", b"x.y.z")
    ready.pull_the_plug()
    ready.boot().tell(HELD)
    refused = only(ready, Refused)
    assert isinstance(refused, Refused)
    assert (refused.what, refused.reason) == ("plan", "malformed")
    ready.plan(occurrences=(item(),))
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_forged_plan_is_refused_with_its_reason(village: Village) -> None:
    village.hear("plan", SigningKey.generate().sign(SignedKind.PLAN, make.plan().encode()))
    refused = only(village, Refused)
    assert isinstance(refused, Refused)
    assert (refused.what, refused.reason) == ("plan", "unknown_key")


def test_the_same_refusal_is_recorded_once_in_ten_minutes(village: Village) -> None:
    for _ in range(50):
        village.hear("plan", b"noise")
    assert len(village.entries(Refused)) == 1
    village.run(601)
    village.hear("plan", b"noise")
    assert len(village.entries(Refused)) == 2


@pytest.mark.parametrize("leaf", ["stored", "state", "answer", "standing", "order"])
@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b'{"v":9}'])
def test_no_message_stops_the_node(ready: Village, leaf: str, payload: bytes) -> None:
    ready.connect()
    ready.hear(leaf, payload)
    ready.run(80)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_priority_item_that_an_emergency_silenced_starts_again(village: Village) -> None:
    village.plan(
        occurrences=(
            item("first", 60, priority=Priority.PRIORITY, misfire=LATE_10_MIN),
            item("alarm", 65, priority=Priority.EMERGENCY),
        )
    )
    village.tell(HELD)
    village.run(120)
    assert outcomes(village) == {"alarm": (Outcome.PLAYED, None), "first": (Outcome.PLAYED, None)}
    assert [act.play_id for act in village.stage.acts] == ["first", "alarm", "first"]


def test_a_routine_item_that_was_silenced_is_abandoned(village: Village) -> None:
    village.plan(occurrences=(item("first", 60), item("notice", 65, priority=Priority.PRIORITY)))
    village.tell(HELD)
    village.run(120)
    assert outcomes(village) == {"first": (Outcome.CUT, Reason.PREEMPTED), "notice": (Outcome.PLAYED, None)}


def test_a_row_of_items_without_a_pause_is_played_whole(village: Village) -> None:
    village.plan(occurrences=tuple(item(f"o-{number}", 60 + 12 * number) for number in range(10)))
    village.tell(HELD)
    village.run(240)
    assert set(outcomes(village).values()) == {(Outcome.PLAYED, None)}


def row_of(village: Village, *after_s: float, **changes: object) -> None:
    """A plan of items so many seconds from now, `o-0` and so on."""
    village.plan(occurrences=tuple(item(f"o-{n}", at, **changes) for n, at in enumerate(after_s)))
    village.tell(HELD)


def starts(village: Village) -> list[float]:
    """When each play started, in seconds from the beginning."""
    found = [entry for entry in village.entries(Started) if isinstance(entry, Started)]
    return [(entry.started_at - make.NOW).total_seconds() for entry in found]


def test_an_item_is_armed_while_the_one_before_it_sounds_and_starts_when_due(village: Village) -> None:
    row_of(village, 60, 72)
    village.run(71)
    assert [act.is_over for act in village.stage.acts] == [False, False]
    village.run(10)
    assert starts(village) == pytest.approx([60, 72], abs=STEP_S)


def test_an_item_starts_as_soon_as_one_that_runs_over_has_ended(village: Village) -> None:
    village.stage.length_ms = 14_000
    row_of(village, 60, 72)
    village.run(100)
    assert starts(village) == pytest.approx([60, 74], abs=2 * STEP_S)


def test_a_stop_silences_what_sounds_and_what_waits_behind_it(village: Village) -> None:
    row_of(village, 60, 72)
    village.run(70)
    village.order()
    village.run(10)
    assert outcomes(village) == {
        "o-0": (Outcome.CUT, Reason.STOPPED),
        "o-1": (Outcome.SKIPPED, Reason.STOPPED),
    }


def test_a_volume_order_reaches_what_waits_behind_another(village: Village) -> None:
    row_of(village, 60, 72)
    village.run(70)
    village.order(kind=OrderKind.VOLUME, value=50)
    assert [act.volume for act in village.stage.acts] == [50, 50]


def test_an_item_to_be_joined_comes_in_where_the_others_are_once_the_one_before_has_ended(
    village: Village,
) -> None:
    village.stage.length_ms = 20_000
    row_of(village, 60, 72, duration_ms=20_000, misfire=Misfire(rule=MisfireRule.JOIN))
    village.run(78)
    act = village.stage.acts[1]
    assert act.track.start_ms == pytest.approx(8_000, abs=1000 * STEP_S)
    assert (act.due - make.NOW).total_seconds() == pytest.approx(80, abs=STEP_S)


def test_quiet_hours_silence_what_still_sounds(village: Village) -> None:
    village.clock.advance(5 * 3_600 - 65)  # 17:00 in Việt Nam becomes 21:58:55
    village.plan(occurrences=(item(after_s=5 * 3_600 - 5),))
    village.tell(HELD)
    village.run(80)
    finished = only(village, Finished)
    assert isinstance(finished, Finished)
    assert (finished.outcome, finished.reason) == (Outcome.CUT, Reason.QUIET_HOURS)
    assert finished.finished_at == make.NOW + timedelta(hours=5)


def test_a_missing_device_is_a_fault_until_something_sounds_again(village: Village) -> None:
    village.plan(occurrences=(item(), item("o-2", 100)))
    village.tell(HELD)
    village.run(58)
    village.stage.acts[0].fault("device_missing")
    village.run(0)
    assert outcomes(village) == {"o-1": (Outcome.FAILED, Reason.DEVICE)}
    assert [entry.name for entry in village.entries(Fault) if isinstance(entry, Fault)] == ["sound"]
    village.run(45)
    assert only(village, Mended) == Mended(name="sound")


@pytest.mark.parametrize(
    ("after_s", "reason"), [(58, "device_busy"), (65, "device_busy"), (65, "device_lost")]
)
def test_a_device_that_is_taken_is_named_and_the_next_item_sounds(
    village: Village, after_s: float, reason: FaultReason
) -> None:
    village.plan(occurrences=(item(), item("o-2", 100)))
    village.tell(HELD)
    village.run(after_s)
    village.stage.acts[0].fault(reason)
    village.run(0)
    (fault,) = village.entries(Fault)
    assert isinstance(fault, Fault)
    assert (fault.name, fault.detail.partition(":")[0]) == ("sound", reason)
    village.run(100)
    assert outcomes(village) == {"o-1": (Outcome.FAILED, Reason.DEVICE), "o-2": (Outcome.PLAYED, None)}


def test_a_device_that_is_missing_at_boot_is_a_fault_until_it_is_found(village: Village) -> None:
    village.tell(DeviceChecked("wanted USB Audio, found none"))
    village.tell(DeviceChecked(""))
    assert village.entries(Fault, Mended) == [
        Fault(name="sound", detail="wanted USB Audio, found none"),
        Mended(name="sound"),
    ]


def test_trouble_on_a_thread_of_its_own_is_a_fault_until_it_is_over(village: Village) -> None:
    village.tell(Trouble("certificate_expiring", "it ends at 2026-12-24"))
    village.tell(Trouble("certificate_expiring", ""))
    assert village.entries(Fault, Mended) == [
        Fault(name="certificate_expiring", detail="it ends at 2026-12-24"),
        Mended(name="certificate_expiring"),
    ]


def test_an_output_that_never_ends_is_given_up_and_the_next_item_is_played(village: Village) -> None:
    village.plan(occurrences=(item(), item("o-2", 200)))
    village.tell(HELD)
    village.stage.length_ms = 10**9
    village.run(60 + 12 + 50)
    assert outcomes(village) == {}
    village.run(20)
    assert outcomes(village) == {"o-1": (Outcome.FAILED, Reason.DEVICE)}
    village.stage.length_ms = 12_000
    village.run(100)
    assert outcomes(village)["o-2"] == (Outcome.PLAYED, None)


def test_a_clock_set_back_while_armed_lets_the_item_wait_for_its_true_instant(ready: Village) -> None:
    ready.run(57)
    ready.clock.step(-3_600)
    ready.run(3_600)
    assert outcomes(ready) == {}
    ready.run(30)
    assert outcomes(ready) == {"o-1": (Outcome.PLAYED, None)}


def test_a_damaged_recording_is_doubted_and_not_armed_until_it_was_verified(village: Village) -> None:
    village.plan(occurrences=(item(), item("o-2", 100)))
    village.tell(HELD)
    village.run(58)
    village.stage.acts[0].fault("unplayable")
    village.run(0)
    assert village.clips.doubted == [make.SHA256]
    assert outcomes(village) == {"o-1": (Outcome.FAILED, Reason.RECORDING)}
    village.run(60)
    assert outcomes(village)["o-2"] == (Outcome.FAILED, Reason.NOT_CACHED)


def test_a_recording_is_told_as_cached_once_however_often_the_node_starts(ready: Village) -> None:
    ready.pull_the_plug()
    ready.boot().tell(HELD)
    assert ready.entries(Cached) == [Cached(recording=make.SHA256, bytes=96_000)]


def test_a_dropped_recording_is_told_and_may_be_cached_again(ready: Village) -> None:
    ready.tell(ClipDropped(make.SHA256, "damaged"))
    ready.tell(HELD)
    assert [type(entry) for entry in ready.entries(Cached, Dropped)] == [Cached, Dropped, Cached]


def test_a_full_disk_is_a_fault_until_it_is_not(village: Village) -> None:
    village.tell(ClipTrouble("disk", "no room"))
    village.tell(ClipWell("disk"))
    assert village.entries(Fault, Mended) == [Fault(name="disk", detail="no room"), Mended(name="disk")]


def test_the_recordings_of_a_plan_are_wanted_the_soonest_first(village: Village) -> None:
    village.plan(occurrences=(item("a", 100), item("b", 50, recordings=(make.OTHER_SHA256,))))
    assert [one.sha256 for one in village.clips.wanted] == [make.OTHER_SHA256, make.SHA256]


def test_a_clean_stop_cuts_the_sound_and_the_next_run_knows(ready: Village) -> None:
    ready.run(65)
    ready.node.end("SIGTERM")
    assert ready.stage.is_closed
    assert outcomes(ready) == {"o-1": (Outcome.CUT, Reason.POWER)}
    ready.pull_the_plug()
    ready.boot()
    assert [entry.clean for entry in ready.entries(Booted) if isinstance(entry, Booted)] == [False, True]


def test_a_run_that_was_killed_is_not_clean(village: Village) -> None:
    village.node.end("SIGTERM")
    village.pull_the_plug()
    village.boot()
    village.pull_the_plug()
    village.boot()
    assert [entry.clean for entry in village.entries(Booted) if isinstance(entry, Booted)] == [
        False,
        True,
        False,
    ]


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


def test_the_hubs_floor_keeps_an_older_plan_out_even_after_a_restart(village: Village) -> None:
    village.connect()
    answer(village, plan=make.VERSION + 1)
    village.pull_the_plug()
    village.boot().plan()
    assert village.entries(PlanAccepted) == []


def test_an_item_is_armed_once(ready: Village) -> None:
    ready.run(80)
    assert len(ready.entries(Armed)) == 1
