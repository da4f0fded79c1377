"""What ledger entries change on the pages."""

from typing import Any

from edge.wire import entries
from edge.wire.entries import Cached, Dropped, Fault, Mended, Outcome, PlanAccepted, Reason, Refused
from hub.people.roles import Role
from tests import factories as make
from tests.factories import SHA256
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)


def test_a_recording_is_held_until_it_is_dropped(village: Village) -> None:
    village.publishing.refresh()
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    version, standing = village.line.plan("loa-1").version, village.line.standing("loa-1").version
    village.born("loa-1", plan=version, standing=standing)
    village.wrote("loa-1", [Cached(recording=SHA256, bytes=1000)])
    following = village.fleet.node("loa-1").next
    assert following is not None
    assert following.ready
    village.wrote("loa-1", [Dropped(recording=SHA256, reason="damaged")], first=2)
    following = village.fleet.node("loa-1").next
    assert following is not None
    assert following.why_not == ("recordings_missing",)


def test_a_play_goes_from_planned_to_its_outcome(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    [occurrence] = created.occurrences
    named: dict[str, Any] = {"occurrence": occurrence.id, "due_at": occurrence.starts_at}

    def state() -> str:
        return village.plays.get(f"{occurrence.id}@loa-1").state

    assert state() == "planned"
    village.born("loa-1", plan=village.line.plan("loa-1").version)
    village.wrote("loa-1", [Cached(recording=SHA256, bytes=1000)])
    assert state() == "cached"
    village.wrote("loa-1", [entries.Armed(**named)], first=2)
    assert state() == "armed"
    village.wrote("loa-1", [make.started(**named)], first=3)
    assert state() == "playing"
    village.wrote("loa-1", [make.finished(**named)], first=4)
    play = village.plays.get(f"{occurrence.id}@loa-1")
    assert (play.state, play.outcome, play.start_error_ms) == ("finished", "played", 0.4)


def test_there_is_a_play_for_every_loudspeaker_reported_or_not(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin(), areas=("phuong",)))
    plays = village.plays.find(schedule=created.schedule.id)
    assert [(play.node, play.state) for play in plays] == [
        ("loa-1", "planned"),
        ("loa-2", "planned"),
        ("loa-3", "planned"),
    ]


def test_the_first_outcome_stays(village: Village) -> None:
    played = make.finished(occurrence="s.20261120T020100Z")
    missed = make.skipped(occurrence="s.20261120T020100Z")
    village.wrote("loa-1", [played])
    village.wrote("loa-1", [missed], first=2)
    assert village.plays.get("s.20261120T020100Z@loa-1").outcome == Outcome.PLAYED


def test_a_skipped_play_says_why_and_never_started(village: Village) -> None:
    village.wrote("loa-1", [make.skipped(occurrence="s.20261120T020100Z")])
    play = village.plays.get("s.20261120T020100Z@loa-1")
    assert (play.outcome, play.reason, play.started_at) == ("skipped", Reason.QUIET_HOURS, None)


def test_a_fault_is_open_until_it_is_mended(village: Village) -> None:
    village.wrote("loa-1", [Fault(name="device_missing", detail="USB")])
    assert [fault.name for fault in village.faults.open()] == ["device_missing"]
    village.wrote("loa-1", [Mended(name="device_missing")], first=2)
    assert village.faults.open() == []


def test_a_refused_plan_is_a_fault_until_one_is_accepted(village: Village) -> None:
    village.wrote("loa-1", [Refused(what="plan", reason="bad_signature")])
    assert [fault.name for fault in village.faults.open("loa-1")] == ["refused_plan"]
    accepted = PlanAccepted(version=1, occurrences=0, until=village.now())
    village.wrote("loa-1", [accepted], first=2)
    assert village.faults.open("loa-1") == []


def test_a_replay_that_a_node_refused_is_no_fault(village: Village) -> None:
    village.wrote("loa-1", [Refused(what="order", reason="replayed")])
    assert village.faults.open("loa-1") == []


def test_a_loudspeaker_is_not_expected_to_have_played_before_it_was_enrolled(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    village.now.pass_s(61)
    village.enrol("loa-4")
    expected = village.plays.find(schedule=created.schedule.id)
    assert [play.node for play in expected] == ["loa-1", "loa-2"]
