"""What a whole loudspeaker node makes of its parts' trouble: sound device, recordings, disk."""

import pytest

from edge.events import Trouble
from edge.speaker.clips import ClipDropped
from edge.speaker.output import FaultReason
from edge.wire.entries import Cached, Dropped, Fault, Mended, Outcome, Reason
from tests import factories as make
from tests.factories_speaker import HELD, item, only, outcomes
from tests.fakes_node import Village


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
    village.tell(Trouble("sound", "wanted USB Audio, found none"))
    village.tell(Trouble("sound", ""))
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
    village.tell(Trouble("disk", "no room"))
    village.tell(Trouble("disk", ""))
    assert village.entries(Fault, Mended) == [Fault(name="disk", detail="no room"), Mended(name="disk")]


def test_the_recordings_of_a_plan_are_wanted_the_soonest_first(village: Village) -> None:
    village.plan(occurrences=(item("a", 100), item("b", 50, recordings=(make.OTHER_SHA256,))))
    assert [one.sha256 for one in village.clips.wanted] == [make.OTHER_SHA256, make.SHA256]
