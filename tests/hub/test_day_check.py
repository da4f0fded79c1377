"""The check at the start of a day."""

import pytest

from hub.cameras import Cameras
from hub.day_check import DayChecks
from hub.errors import Forbidden, Invalid
from hub.people.roles import Role
from hub.store import audit
from tests.factories_counter import COUNTER, add_counter, seen
from tests.factories_hub import Village, actor

OFFICER = actor(Role.COUNTER_OFFICER, name="Hoa")


@pytest.fixture
def checks(village: Village) -> DayChecks:
    add_counter(village)
    cameras = Cameras(store=village.store, zone=lambda: village.site.zone, now=village.now)
    return DayChecks(
        store=village.store, fleet=village.fleet, cameras=cameras, events=village.events, now=village.now
    )


def test_devices_are_loudspeakers_counters_and_cameras(village: Village, checks: DayChecks) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("ok"), seen("dark", camera="quay")])
    devices = checks.devices()
    assert (len(devices.speakers), len(devices.counters), len(devices.cameras)) == (3, 1, 2)
    assert (devices.ready, devices.count) == (2, 6)


def test_a_camera_of_a_counter_that_is_away_is_not_in_order(village: Village, checks: DayChecks) -> None:
    village.born(COUNTER, kind="counter")
    village.wrote(COUNTER, [seen("ok")])
    village.now.pass_s(600)
    assert checks.devices().ready == 0


def test_a_check_keeps_who_looked_when_and_what_there_was(village: Village, checks: DayChecks) -> None:
    village.born(COUNTER, kind="counter")
    checks.record(OFFICER, " Máy in hết giấy ")
    done = checks.last()
    assert done is not None
    assert (done.at, done.by, done.ready, done.devices, done.note) == (
        village.now(),
        "Hoa",
        1,
        4,
        "Máy in hết giấy",
    )


def test_a_check_is_in_the_audit_log(village: Village, checks: DayChecks) -> None:
    checks.record(OFFICER)
    assert "check.done" in str(audit.entries(village.store.read(), limit=5))


def test_a_viewer_does_not_record_a_check(checks: DayChecks) -> None:
    with pytest.raises(Forbidden):
        checks.record(actor(Role.VIEWER))
    assert checks.last() is None


def test_a_note_has_an_end(checks: DayChecks) -> None:
    with pytest.raises(Invalid):
        checks.record(OFFICER, "x" * 501)
