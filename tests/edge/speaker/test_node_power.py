"""A whole loudspeaker node whose power is cut, or whose program is stopped, and that comes back."""

from datetime import timedelta

from edge.wire.entries import Booted, Finished, Outcome, Reason, Refused
from tests import factories as make
from tests.factories_speaker import HELD, LATE_10_MIN, item, only, outcomes
from tests.fakes_node import Village


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
