"""A bulletin's life on the pages: made, wrong, submitted, sent back, approved, copied."""

import pytest

from hub import words as hub_words
from hub.parts import Parts
from hub.store.recordings import Recording
from hub.web import words
from hub.web.views import Message
from tests.factories_hub import Village
from tests.factories_library import ready
from tests.factories_pages import Browser
from tests.factories_views import ZONE


@pytest.fixture
def recordings(clerk: Browser, parts: Parts) -> list[Recording]:
    assert clerk.actor is not None
    return [ready(parts.library, clerk.actor, f"sound {t}".encode(), title=t) for t in ("Một", "Hai", "Ba")]


@pytest.fixture
def draft(clerk: Browser, recordings: list[Recording]) -> str:
    new = clerk.get("/bulletins/new")
    made = clerk.press(new, "/bulletins", title="Bản tin chiều", recordings=[recordings[0].id, ""])
    return made.to.rpartition("/")[2]


def state(parts: Parts, bulletin: str) -> str:
    return parts.bulletins.bulletin(bulletin).state


def test_a_bulletin_keeps_its_recordings_in_the_order_chosen(
    clerk: Browser, parts: Parts, recordings: list[Recording]
) -> None:
    one, two, _ = (each.id for each in recordings)
    made = clerk.press(
        clerk.get("/bulletins/new"), "/bulletins", title="Hai phần", recordings=[two, "", one, two]
    )
    found = parts.bulletins.bulletin(made.to.rpartition("/")[2])
    assert [each.id for each in found.recordings] == [two, one, two]
    assert words.say(Message("done.bulletin_saved"), "vi") in clerk.follow(made).text


def test_each_recording_of_a_bulletin_can_be_heard_on_its_page(
    clerk: Browser, draft: str, recordings: list[Recording]
) -> None:
    assert recordings[0].result is not None
    sounds = [has["src"] for has in clerk.get(f"/bulletins/{draft}").tags("audio")]
    assert sounds == [f"/media/{recordings[0].result.sha256}.opus"]


def test_an_approver_sees_how_many_bulletins_wait(clerk: Browser, approver: Browser, draft: str) -> None:
    assert "1 chờ duyệt" not in approver.get("/").text
    clerk.post(f"/bulletins/{draft}/submit")
    assert "1 chờ duyệt" in approver.get("/").text
    assert "1 chờ duyệt" not in clerk.get("/").text


def test_a_form_begun_from_a_recording_has_its_title_and_it(
    clerk: Browser, recordings: list[Recording]
) -> None:
    form = clerk.get(f"/bulletins/new?recording={recordings[1].id}").form("/bulletins")
    assert form.get("title") == "Hai"
    assert form.all("recordings")[0] == recordings[1].id


def test_wrong_values_are_each_named_and_everything_typed_stays(
    clerk: Browser, parts: Parts, recordings: list[Recording]
) -> None:
    typed = {"title": "a" * 201, "priority": "urgent", "language": "xx"}
    chosen = [recordings[2].id, recordings[0].id]
    seen = clerk.post("/bulletins", **typed, recordings=chosen)
    assert seen.status == 422
    assert set(seen.errors) == {"title", "priority", "language"}
    form = seen.form("/bulletins")
    assert form.get("title") == "a" * 201
    assert [each for each in form.all("recordings") if each] == chosen
    assert parts.bulletins.bulletins() == []


def test_without_recordings_and_title_both_are_named(
    clerk: Browser, parts: Parts, recordings: list[Recording]
) -> None:
    seen = clerk.press(clerk.get("/bulletins/new"), "/bulletins", recordings=["", "", ""])
    assert seen.status == 422
    assert set(seen.errors) == {"title", "recordings"}
    assert len([has for has in seen.tags("select") if has.get("name") == "recordings"]) == 3
    assert parts.bulletins.bulletins() == []


def test_a_priority_that_was_typed_stays_chosen(clerk: Browser, recordings: list[Recording]) -> None:
    seen = clerk.post("/bulletins", title="", priority="emergency", language="en")
    assert seen.form("/bulletins").get("priority") == "emergency"
    assert seen.form("/bulletins").get("language") == "en"


def test_recordings_that_are_unknown_or_refused_are_named(
    clerk: Browser, parts: Parts, recordings: list[Recording]
) -> None:
    assert clerk.actor is not None
    bad = ready(parts.library, clerk.actor, b"no music", title="Hỏng")
    seen = clerk.post("/bulletins", title="Tin", recordings=[bad.id])
    assert seen.status == 422
    assert "Hỏng" in seen.errors["recordings"]
    seen = clerk.post("/bulletins", title="Tin", recordings=["none", recordings[0].id])
    assert seen.status == 422
    assert "none" in seen.errors["recordings"]


def test_a_draft_is_edited_with_the_form_that_holds_what_it_says(
    clerk: Browser, parts: Parts, draft: str, recordings: list[Recording]
) -> None:
    page = clerk.get(f"/bulletins/{draft}/edit")
    form = page.form(f"/bulletins/{draft}")
    assert (form.get("title"), form.all("recordings")[0]) == ("Bản tin chiều", recordings[0].id)
    clerk.press(page, f"/bulletins/{draft}", title="Tên mới")
    assert parts.bulletins.bulletin(draft).title == "Tên mới"


def test_a_draft_keeps_its_hour_when_it_is_handed_in_later(
    clerk: Browser, village: Village, draft: str
) -> None:
    hour = f"{village.now().astimezone(ZONE):%H:%M}"
    village.now.pass_s(420)
    clerk.post(f"/bulletins/{draft}/submit")
    assert clerk.get(f"/bulletins/{draft}").text.count(hour) == 1
    assert hour in clerk.get("/bulletins").text


def test_a_wrong_edit_leaves_the_draft_as_it_was(clerk: Browser, parts: Parts, draft: str) -> None:
    page = clerk.get(f"/bulletins/{draft}/edit")
    seen = clerk.press(page, f"/bulletins/{draft}", title=" ")
    assert seen.status == 422
    assert set(seen.errors) == {"title"}
    assert f"/bulletins/{draft}" in seen.actions()
    assert parts.bulletins.bulletin(draft).title == "Bản tin chiều"


def test_from_draft_over_submitted_to_approved(
    clerk: Browser, approver: Browser, parts: Parts, draft: str
) -> None:
    sent = clerk.press(clerk.get(f"/bulletins/{draft}"), f"/bulletins/{draft}/submit")
    assert state(parts, draft) == "submitted"
    assert words.say(Message("done.bulletin_submitted"), "vi") in clerk.follow(sent).text
    page = approver.get(f"/bulletins/{draft}")
    assert words.say(Message("bulletins.own"), "vi") not in page.text
    done = approver.follow(approver.press(page, f"/bulletins/{draft}/approve"))
    assert state(parts, draft) == "approved"
    assert words.say(Message("done.bulletin_approved"), "vi") in done.text
    assert words.say(Message("bulletins.approved_own"), "vi") not in done.text
    assert f"/schedules/new?bulletin={draft}" in done.hrefs


def test_sent_back_with_a_note_that_its_maker_reads(
    clerk: Browser, approver: Browser, parts: Parts, draft: str
) -> None:
    clerk.post(f"/bulletins/{draft}/submit")
    page = approver.get(f"/bulletins/{draft}")
    approver.press(page, f"/bulletins/{draft}/return", note="Tên người ở đoạn hai")
    assert state(parts, draft) == "draft"
    seen = clerk.get(f"/bulletins/{draft}")
    assert "Tên người ở đoạn hai" in seen.text
    assert f"/bulletins/{draft}/submit" in seen.actions()


@pytest.mark.parametrize("note", ["", "  ", "a" * 501])
def test_sending_back_needs_a_note_and_keeps_what_was_typed(
    approver: Browser, clerk: Browser, parts: Parts, draft: str, note: str
) -> None:
    clerk.post(f"/bulletins/{draft}/submit")
    seen = approver.press(approver.get(f"/bulletins/{draft}"), f"/bulletins/{draft}/return", note=note)
    assert seen.status == 422
    assert set(seen.errors) == {"note"}
    assert seen.form(f"/bulletins/{draft}/return").get("note") == note
    assert state(parts, draft) == "submitted"


def test_approving_ones_own_work_is_warned_of_and_marked(
    approver: Browser, parts: Parts, recordings: list[Recording]
) -> None:
    made = approver.post("/bulletins", title="Tự làm", recordings=[recordings[0].id])
    bulletin = made.to.rpartition("/")[2]
    approver.post(f"/bulletins/{bulletin}/submit")
    page = approver.get(f"/bulletins/{bulletin}")
    assert words.say(Message("bulletins.own"), "vi") in page.text
    done = approver.follow(approver.press(page, f"/bulletins/{bulletin}/approve"))
    assert words.say(Message("bulletins.approved_own"), "vi") in done.text
    assert words.say(Message("audit.own_work"), "vi") in approver.get("/audit").text


def test_an_approved_bulletin_cannot_be_changed(clerk: Browser, parts: Parts, village: Village) -> None:
    bulletin = village.bulletin("Đã duyệt")
    for path, fields in (
        (f"/bulletins/{bulletin}", {"title": "Khác", "recordings": "x"}),
        (f"/bulletins/{bulletin}/submit", {}),
        (f"/bulletins/{bulletin}/return", {"note": "x"}),
    ):
        assert clerk.post(path, **fields).status in {403, 409, 422}
    assert parts.bulletins.bulletin(bulletin).title == "Đã duyệt"
    assert state(parts, bulletin) == "approved"


def test_one_press_twice_does_the_thing_once_and_says_why(clerk: Browser, parts: Parts, draft: str) -> None:
    clerk.post(f"/bulletins/{draft}/submit")
    again = clerk.post(f"/bulletins/{draft}/submit")
    assert again.status == 409
    said = hub_words.say("bulletin_state", {"state": "submitted", "wanted": "draft"}, "vi")
    assert said in again.text
    assert state(parts, draft) == "submitted"


def test_a_copy_is_a_new_draft_open_for_editing(clerk: Browser, parts: Parts, village: Village) -> None:
    bulletin = village.bulletin("Đã duyệt")
    seen = clerk.press(clerk.get(f"/bulletins/{bulletin}"), f"/bulletins/{bulletin}/copy")
    page = clerk.follow(seen)
    copy = seen.to.split("/")[2]
    assert copy != bulletin
    assert page.form(f"/bulletins/{copy}").get("title") == "Đã duyệt"
    assert state(parts, copy) == "draft"


def test_the_list_shows_one_state_where_one_is_asked_for(clerk: Browser, village: Village) -> None:
    village.bulletin("Nháp thôi", state="draft")
    village.bulletin("Xong rồi")
    drafts = clerk.get("/bulletins?state=draft").text
    assert "Nháp thôi" in drafts
    assert "Xong rồi" not in drafts
    assert "Xong rồi" in clerk.get("/bulletins?state=nonsense").text


@pytest.mark.parametrize("path", ["", "/edit"])
def test_an_unknown_bulletin_is_not_found(clerk: Browser, path: str) -> None:
    assert clerk.get(f"/bulletins/none{path}").status == 404


def test_an_approver_is_told_of_what_waits_only_while_it_waits(
    clerk: Browser, approver: Browser, village: Village
) -> None:
    assert "/bulletins?state=submitted" not in approver.get("/").hrefs
    village.bulletin("Chờ duyệt", state="submitted")
    assert "/bulletins?state=submitted" in approver.get("/").hrefs
    assert "/bulletins?state=submitted" not in clerk.get("/").hrefs
