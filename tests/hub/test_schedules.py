"""A schedule is checked against everything, stored whole or not at all, published and told."""

from datetime import date, timedelta

import pytest

from hub.errors import Conflict, Forbidden, Invalid, NotFound
from hub.people.roles import Role
from hub.programme.terms import Rule
from hub.store import audit
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)
APPROVER = actor(Role.APPROVER, name="Chủ tịch")


def codes(error: "pytest.ExceptionInfo[Conflict] | pytest.ExceptionInfo[Invalid]") -> set[str]:
    return {problem.code for problem in error.value.problems}


def test_a_schedule_stands_in_the_plan_of_every_loudspeaker_of_its_area(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin("Tin", duration_ms=5000)))
    for node in ("loa-1", "loa-2"):
        planned = village.line.plan(node).occurrences
        assert [(item.id, item.title, item.duration_ms) for item in planned] == [
            (created.occurrences[0].id, "Tin", 5000)
        ]
    assert village.line.plan("loa-3").occurrences == ()


def test_an_area_holds_the_loudspeakers_of_the_areas_under_it(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin(), areas=("phuong",)))
    assert len(village.line.plan("loa-3").occurrences) == 1


def test_the_id_of_an_occurrence_is_its_schedule_and_instant(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    assert created.occurrences[0].id == f"{created.schedule.id}.20261120T020100Z"


def test_a_daily_schedule_answers_with_the_coming_35_days(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin(), rule=Rule.DAILY))
    assert len(created.occurrences) == 35


def test_what_it_stored_can_be_read_again(village: Village) -> None:
    until = date(2026, 11, 30)
    draft = village.draft(village.bulletin(), rule=Rule.DAILY, until=until, nodes=("loa-3",), volume=0)
    created = village.schedules.create(CLERK, draft)
    assert village.schedules.get(created.schedule.id).scheduled == created.schedule
    assert created.schedule.until == until


def test_every_wrong_field_is_named_and_nothing_stored(village: Village) -> None:
    draft = village.draft("none", starts_at=village.in_s(-1), areas=("x",), nodes=("y",), volume=101)
    with pytest.raises(Invalid) as error:
        village.schedules.create(CLERK, draft)
    assert codes(error) == {
        "unknown_bulletin",
        "in_the_past",
        "unknown_area",
        "unknown_node",
        "out_of_range",
    }
    assert village.schedules.all() == []


def test_a_schedule_without_a_place_is_refused(village: Village) -> None:
    with pytest.raises(Invalid) as error:
        village.schedules.create(CLERK, village.draft(village.bulletin(), areas=()))
    assert codes(error) == {"target_needed"}


def test_a_daily_schedule_that_ends_before_it_begins_is_refused(village: Village) -> None:
    draft = village.draft(village.bulletin(), rule=Rule.DAILY, until=date(2026, 11, 1))
    with pytest.raises(Invalid) as error:
        village.schedules.create(CLERK, draft)
    assert codes(error) == {"never_sounds"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"state": "submitted"}, "not_approved"), ({"recording_state": "preparing"}, "not_ready")],
)
def test_only_an_approved_and_prepared_bulletin_is_scheduled(
    village: Village, changes: dict[str, str], code: str
) -> None:
    with pytest.raises(Conflict) as error:
        village.schedules.create(CLERK, village.draft(village.bulletin(**changes)))
    assert code in codes(error)


def test_a_viewer_schedules_nothing(village: Village) -> None:
    with pytest.raises(Forbidden):
        village.schedules.create(actor(Role.VIEWER), village.draft(village.bulletin()))


def test_an_emergency_is_scheduled_by_an_approver_only(village: Village) -> None:
    draft = village.draft(village.bulletin(priority="emergency"))
    with pytest.raises(Forbidden):
        village.schedules.create(CLERK, draft)
    assert village.schedules.create(APPROVER, draft).occurrences


def test_a_clash_names_what_stands_when_and_where(village: Village) -> None:
    first = village.schedules.create(CLERK, village.draft(village.bulletin("Thể dục")))
    with pytest.raises(Conflict) as error:
        village.schedules.create(
            CLERK, village.draft(village.bulletin("Tin"), starts_at=village.in_s(119), areas=("phuong",))
        )
    [problem] = error.value.problems
    assert problem.code == "clash"
    assert problem.facts["occurrence"] == first.occurrences[0].id
    assert problem.facts["title"] == "Thể dục"
    assert problem.facts["areas"] == ["Tổ 1"]
    assert problem.facts["starts_at"].isoformat() == "2026-11-20T09:01:00+07:00"


def test_one_after_the_other_is_no_clash(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    assert village.schedules.create(CLERK, village.draft(village.bulletin(), starts_at=village.in_s(120)))


def test_two_places_apart_do_not_clash(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    assert village.schedules.create(CLERK, village.draft(village.bulletin(), areas=("to-2",)))


def test_a_daily_schedule_clashes_with_an_item_three_weeks_away(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin(), starts_at=village.in_s(21 * 86_400)))
    with pytest.raises(Conflict) as error:
        village.schedules.create(
            CLERK, village.draft(village.bulletin(), starts_at=village.in_s(30), rule=Rule.DAILY)
        )
    assert codes(error) == {"clash"}


def test_checking_stores_nothing_and_says_the_same(village: Village) -> None:
    village.schedules.create(CLERK, village.draft(village.bulletin()))
    finding = village.schedules.check(CLERK, village.draft(village.bulletin()))
    assert [problem.code for problem in finding.problems] == ["clash"]
    assert len(village.schedules.all()) == 1


def at_night(village: Village) -> dict[str, object]:
    return {"starts_at": village.now().replace(hour=15, minute=30)}  # 22:30 at the site


def test_quiet_hours_refuse_with_the_hours_and_what_is_allowed_near_by(village: Village) -> None:
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("22:00", "06:00")])
    with pytest.raises(Conflict) as error:
        village.schedules.create(CLERK, village.draft(village.bulletin(), **at_night(village)))
    [problem] = error.value.problems
    assert problem.code == "quiet_hours"
    assert (problem.facts["quiet_from"], problem.facts["quiet_to"]) == ("22:00", "06:00")
    instead = [at.isoformat() for at in problem.facts["instead"]]
    assert instead == ["2026-11-20T21:59:00+07:00", "2026-11-21T06:00:00+07:00"]


def test_an_approver_may_allow_an_exception_in_their_name(village: Village) -> None:
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("22:00", "06:00")])
    draft = village.draft(village.bulletin(), exception_reason="Giao thừa", **at_night(village))
    created = village.schedules.create(APPROVER, draft)
    [exception] = village.line.plan("loa-1").house_rules.exceptions
    assert (exception.schedule, exception.allowed_by) == (created.schedule.id, "Chủ tịch")
    assert exception.end - exception.start == timedelta(milliseconds=created.schedule.duration_ms)


def test_a_clerk_may_not_allow_an_exception(village: Village) -> None:
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("22:00", "06:00")])
    draft = village.draft(village.bulletin(), exception_reason="Tôi muốn", **at_night(village))
    with pytest.raises(Forbidden):
        village.schedules.create(CLERK, draft)


def test_an_exception_without_an_end_is_refused(village: Village) -> None:
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[("22:00", "06:00")])
    draft = village.draft(village.bulletin(), rule=Rule.DAILY, exception_reason="x", **at_night(village))
    with pytest.raises(Invalid) as error:
        village.schedules.create(APPROVER, draft)
    assert codes(error) == {"exception_needs_until"}


def test_cancelling_takes_it_out_of_the_plans(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    village.schedules.cancel(CLERK, created.schedule.id)
    assert village.line.plan("loa-1").occurrences == ()


def test_what_has_begun_stays_in_the_plan_when_the_rest_is_cancelled(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin(), rule=Rule.DAILY))
    village.now.pass_s(70)
    village.schedules.cancel(CLERK, created.schedule.id)
    assert [item.id for item in village.line.plan("loa-1").occurrences] == [created.occurrences[0].id]


def test_a_cancelled_occurrence_is_still_shown_when_asked_for(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    village.schedules.cancel(CLERK, created.schedule.id)
    start, end = village.now(), village.in_s(3600)
    assert village.schedules.occurrences(start, end) == []
    assert [of.cancelled for of in village.schedules.occurrences(start, end, cancelled=True)] == [True]
    assert village.schedules.occurrence(created.occurrences[0].id).cancelled


def test_what_is_over_or_cancelled_is_not_cancelled_again(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    village.now.pass_s(61)
    with pytest.raises(Conflict) as error:
        village.schedules.cancel(CLERK, created.schedule.id)
    assert codes(error) == {"already_over"}


@pytest.mark.parametrize("occurrence", ["nonsense", "x.20261120T020100Z", ""])
def test_an_unknown_occurrence_is_not_found(village: Village, occurrence: str) -> None:
    with pytest.raises(NotFound):
        village.schedules.occurrence(occurrence)


def test_making_and_cancelling_are_in_the_audit_log(village: Village) -> None:
    created = village.schedules.create(CLERK, village.draft(village.bulletin()))
    village.schedules.cancel(CLERK, created.schedule.id)
    written = audit.entries(village.store.read(), limit=9, what=created.schedule.id)
    assert [entry.action for entry in written] == ["schedule.cancelled", "schedule.created"]
