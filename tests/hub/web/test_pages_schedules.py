"""Making a schedule: every objection explained, everything typed kept; and ending one."""

from datetime import timedelta

import pytest

from hub.parts import Parts
from hub.people.roles import Role
from hub.store import areas
from hub.store.areas import Area
from hub.web import words
from hub.web.views import Message
from tests.factories_hub import Village
from tests.factories_pages import Browser, BrowserOf, Seen, Typed

# It is 09:00 on 20/11/2026 in the village.
TODAY = "2026-11-20"
TOMORROW = "2026-11-21"


@pytest.fixture
def bulletin(village: Village) -> str:
    return village.bulletin("Bản tin chiều")


@pytest.fixture
def quiet(parts: Parts, administrator: Browser) -> None:
    """Quiet from 21:00 to 05:00, and from 11:30 to 13:30."""
    assert administrator.actor is not None
    parts.site.change(administrator.actor, quiet=[("21:00", "05:00"), ("11:30", "13:30")])


def make(browser: Browser, bulletin: str, /, **typed: str | list[str]) -> Seen:
    fields: dict[str, str | list[str]] = {"date": TODAY, "time": "17:00", "areas": "to-1"}
    page = browser.get(f"/schedules/new?bulletin={bulletin}")
    return browser.press(page, "/schedules", **fields | typed)


def test_one_item_leads_to_its_live_page(clerk: Browser, village: Village, bulletin: str) -> None:
    seen = make(clerk, bulletin, areas=["to-1", "to-2"])
    assert seen.to.startswith("/occurrences/")
    page = clerk.follow(seen)
    assert words.say(Message("done.scheduled"), "vi") in page.text
    assert "17:00:00" in page.text
    assert "Tổ 1, Tổ 2" in page.text
    assert {"play-loa-1", "play-loa-2", "play-loa-3"} <= {has.get("id") for has in page.tags("li")}
    assert len(village.line.plan("loa-3").occurrences) == 1


def test_a_daily_item_leads_to_the_schedule_and_its_days(clerk: Browser, bulletin: str) -> None:
    seen = make(clerk, bulletin, recurs="daily", until="2026-11-22")
    assert seen.to.startswith("/schedules/")
    days = [href for href in clerk.follow(seen).hrefs if href.startswith("/occurrences/")]
    assert len(days) == 3


@pytest.mark.parametrize("typed", ["17:00:30", "17h00", "17g00", "7:05", "17.00"])
def test_a_time_is_taken_as_people_write_it(clerk: Browser, bulletin: str, typed: str) -> None:
    assert make(clerk, bulletin, date=TOMORROW, time=typed).status == 303


def test_seconds_and_choices_are_kept_as_typed(clerk: Browser, parts: Parts, bulletin: str) -> None:
    make(clerk, bulletin, time="17:00:30", misfire="late", late_min="12", volume="60")
    kept = parts.schedules.all()[0].scheduled
    assert kept.starts_at.astimezone(parts.site.zone).strftime("%H:%M:%S") == "17:00:30"
    assert (kept.misfire.late_s, kept.volume) == (720, 60)


def test_a_daily_item_may_end_as_far_away_as_a_calendar_goes(clerk: Browser, bulletin: str) -> None:
    assert clerk.follow(make(clerk, bulletin, recurs="daily", until="9999-12-31")).status == 200


def test_an_area_without_loudspeakers_says_so(clerk: Browser, village: Village, bulletin: str) -> None:
    says = words.say(Message("schedules.no_speakers"), "vi")
    form = f"/schedules/new?bulletin={bulletin}"
    assert says not in clerk.get(form).text
    village.store.write(lambda db: areas.add(db, Area(id="mot-cua", name="Bộ phận một cửa")))
    assert f"Bộ phận một cửa {says}" in clerk.get(form).text


def test_single_loudspeakers_can_be_chosen(clerk: Browser, parts: Parts, bulletin: str) -> None:
    make(clerk, bulletin, areas=[], nodes="loa-2")
    assert parts.schedules.all()[0].scheduled.nodes == ("loa-2",)


WRONG: Typed = {
    "date": "20/11/2026",
    "time": "25:00",
    "volume": "101",
    "late_min": "-1",
    "bulletin": "",
    "areas": [],
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_value_is_named_at_its_field(clerk: Browser, parts: Parts, bulletin: str, field: str) -> None:
    seen = make(clerk, bulletin, **{field: WRONG[field]})
    assert seen.status == 422
    assert set(seen.errors) == {field}
    assert parts.schedules.all() == []


def test_all_wrong_values_are_named_at_once_as_the_form_asks_and_stay_typed(
    clerk: Browser, parts: Parts, bulletin: str
) -> None:
    seen = make(clerk, bulletin, **WRONG, misfire="late")
    assert seen.status == 422
    assert set(seen.errors) == set(WRONG)
    listed = [href.removeprefix("#f-") for href in seen.hrefs if href.startswith("#f-")]
    assert listed == ["bulletin", "areas", "date", "time", "late_min", "volume"]
    form = seen.form("/schedules")
    for name in ("date", "time", "volume", "late_min"):
        assert form.get(name) == WRONG[name]
    assert parts.schedules.all() == []


def test_a_wrong_number_is_named_in_the_summary(clerk: Browser, bulletin: str) -> None:
    assert "Âm lượng: “to nhất” không dùng được" in make(clerk, bulletin, volume="to nhất").text


def test_who_made_a_schedule_is_said_by_name(clerk: Browser, parts: Parts, bulletin: str) -> None:
    make(clerk, bulletin)
    page = clerk.get(f"/schedules/{parts.schedules.all()[0].scheduled.id}")
    assert "Người đặt Name of lan, 09:00 hôm nay" in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"bulletin": "none"}, "bulletin"),
        ({"areas": "none"}, "areas"),
        ({"areas": [], "nodes": "none"}, "areas"),
        ({"time": "08:00"}, "time"),
        ({"date": "2126-11-20"}, "time"),
        ({"recurs": "daily", "until": "2026-11-01"}, "until"),
        ({"recurs": "daily", "until": "mai"}, "until"),
        ({"volume": "to nhất"}, "volume"),
        ({"volume": "²"}, "volume"),
        ({"date": "0001-01-01"}, "time"),
        ({"date": "9999-12-31"}, "time"),
        ({"date": "0001-01-01", "time": "00:00"}, "time"),
        ({"recurs": "daily", "until": "0001-01-01"}, "until"),
        ({"bulletin": "\x00"}, "bulletin"),
        ({"areas": "\x00<script>"}, "areas"),
    ],
)
def test_what_only_the_programme_can_judge_is_named_at_its_field(
    clerk: Browser, parts: Parts, bulletin: str, typed: dict[str, str], field: str
) -> None:
    seen = make(clerk, bulletin, **typed)
    assert seen.status == 422
    assert set(seen.errors) == {field}
    assert parts.schedules.all() == []


def test_every_error_of_the_summary_leads_to_a_field_that_is_there(clerk: Browser, bulletin: str) -> None:
    seen = make(clerk, bulletin, **WRONG, recurs="daily", until="x", misfire="late")
    targets = {href.removeprefix("#") for href in seen.hrefs if href.startswith("#f-")}
    assert len(targets) == 7
    ids = {has.get("id") for tag in ("input", "select", "textarea") for has in seen.tags(tag)}
    assert targets <= ids


def test_what_was_chosen_stays_chosen_after_a_refusal(clerk: Browser, bulletin: str) -> None:
    chosen = {"recurs": "daily", "misfire": "join", "volume": "40", "time": "", "until": "2026-12-01"}
    seen = make(clerk, bulletin, **chosen, areas=["to-2"], nodes=["loa-1"])
    form = seen.form("/schedules")
    assert {name: form.get(name) for name in chosen} == chosen
    assert form.get("bulletin") == bulletin
    assert (form.all("areas"), form.all("nodes")) == (["to-2"], ["loa-1"])


def test_quiet_hours_are_explained_with_other_times_and_who_may_allow_it(
    quiet: None, clerk: Browser, approver: Browser, parts: Parts, bulletin: str
) -> None:
    seen = make(clerk, bulletin, time="12:00")
    assert seen.status == 409
    assert "11:30" in seen.text
    assert "13:30" in seen.text
    assert "11:29" in seen.text  # the last minute that still fits before
    assert approver.actor is not None
    assert approver.actor.person.name in seen.text
    assert seen.form("/schedules").get("time") == "12:00"
    assert not [has for has in seen.tags("input") if has.get("name") == "exception_reason"]
    assert parts.schedules.all() == []


def test_an_approver_may_allow_it_with_a_reason_that_stays_on_record(
    quiet: None, approver: Browser, parts: Parts, bulletin: str
) -> None:
    refused = make(approver, bulletin, time="12:00")
    assert refused.status == 409
    assert {"href": "#f-exception_reason"} in refused.tags("a")
    allowed = approver.press(refused, "/schedules", exception_reason="Báo bão khẩn")
    assert allowed.to.startswith("/occurrences/")
    assert len(parts.schedules.all()) == 1
    settings = approver.get("/settings").text
    schedule = parts.schedules.all()[0].scheduled.id
    for path in (allowed.to, f"/schedules/{schedule}"):
        assert "Báo bão khẩn (người cho phép: Name of minh)" in approver.get(path).text
    assert "Báo bão khẩn" in settings
    assert approver.actor is not None
    assert approver.actor.person.name in settings


def test_an_approver_who_gives_no_reason_is_asked_for_one(
    quiet: None, approver: Browser, parts: Parts, bulletin: str
) -> None:
    seen = approver.press(make(approver, bulletin, time="12:00"), "/schedules", exception_reason=" ")
    assert (seen.status, set(seen.errors)) == (422, {"exception_reason"})
    assert approver.press(seen, "/schedules", exception_reason="Báo bão").status == 303


def test_a_clerk_cannot_allow_it_by_typing_a_reason(
    quiet: None, clerk: Browser, parts: Parts, bulletin: str
) -> None:
    assert make(clerk, bulletin, time="12:00", exception_reason="Cứ phát").status in {403, 409}
    assert parts.schedules.all() == []


def test_an_exception_without_end_is_refused_at_its_field(
    quiet: None, approver: Browser, parts: Parts, bulletin: str
) -> None:
    seen = make(approver, bulletin, time="12:00", recurs="daily", exception_reason="Báo bão")
    assert seen.status == 422
    assert set(seen.errors) == {"until"}
    assert seen.form("/schedules").get("exception_reason") == "Báo bão"


def test_a_clash_names_the_other_and_when_and_where(
    clerk: Browser, parts: Parts, village: Village, bulletin: str
) -> None:
    make(clerk, village.bulletin("Thông báo lấy nước"))
    seen = make(clerk, bulletin, time="17:00:30", areas=["to-1", "to-2"])
    assert seen.status == 409
    assert "Thông báo lấy nước" in seen.text
    assert "17:00:00" in seen.text
    assert "Tổ 1" in seen.text
    standing = parts.schedules.occurrences(village.now(), village.now() + timedelta(days=1))
    assert f"/occurrences/{standing[0].occurrence.id}" in seen.hrefs
    assert seen.form("/schedules").get("time") == "17:00:30"
    assert len(parts.schedules.all()) == 1


def test_a_bulletin_that_is_not_approved_is_refused_with_its_title(
    clerk: Browser, parts: Parts, village: Village, bulletin: str
) -> None:
    draft = village.bulletin("Còn nháp", state="draft")
    seen = make(clerk, bulletin, bulletin=draft)
    assert seen.status == 409
    assert "Còn nháp" in seen.text
    assert parts.schedules.all() == []


def test_an_emergency_is_an_approvers_to_schedule(
    clerk: Browser, approver: Browser, parts: Parts, village: Village
) -> None:
    bulletin = village.bulletin("Báo lũ", priority="emergency")
    assert make(clerk, bulletin).status == 403
    assert parts.schedules.all() == []
    assert make(approver, bulletin).status == 303


def test_cancelling_asks_first_and_tells_the_loudspeakers(
    clerk: Browser, parts: Parts, village: Village, bulletin: str
) -> None:
    make(clerk, bulletin)
    schedule = parts.schedules.all()[0].scheduled.id
    question = clerk.get(f"/schedules/{schedule}/cancel")
    assert "Bản tin chiều 17:00:00 Thứ Sáu, 20/11/2026; Tổ 1." in question.text
    assert parts.schedules.get(schedule).scheduled.ended_at is None
    done = clerk.follow(clerk.press(question, f"/schedules/{schedule}/cancel"))
    assert words.say(Message("done.cancelled"), "vi") in done.text
    assert words.say(Message("occurrence.cancelled"), "vi") in done.text
    assert f"/schedules/{schedule}/cancel" not in done.hrefs
    assert village.line.plan("loa-1").occurrences == ()
    assert clerk.post(f"/schedules/{schedule}/cancel").status == 409


@pytest.mark.parametrize(
    "week", ["2026-W47", "2026-W1", "0001-W01", "9999-W53", "9999-W52", "2026-W54", "x", "%00", "٢٠٢٦-W01"]
)
def test_any_week_can_be_asked_for(clerk: Browser, week: str) -> None:
    assert clerk.get(f"/schedules?week={week}").status == 200


def test_the_week_shows_what_is_in_it(clerk: Browser, bulletin: str) -> None:
    make(clerk, bulletin)
    assert "Bản tin chiều" in clerk.get("/schedules?week=2026-W47").text
    assert "Bản tin chiều" not in clerk.get("/schedules?week=2026-W48").text


@pytest.mark.parametrize(
    "path",
    ["/schedules/none", "/schedules/none/cancel", "/occurrences/none", "/occurrences/a.20261120T100000Z"],
)
def test_an_unknown_one_is_not_found(browser_of: BrowserOf, path: str) -> None:
    assert browser_of(Role.CLERK, login="lan").get(path).status == 404
