"""Deleting on the pages: after a question that names what goes, never where something refers to it."""

import pytest

from hub.parts import Parts
from hub.store.recordings import Recording
from hub.web import words
from hub.web.views import Message
from tests.factories_library import ready
from tests.factories_pages import Browser


@pytest.fixture
def recording(clerk: Browser, parts: Parts) -> Recording:
    assert clerk.actor is not None
    return ready(parts.library, clerk.actor, title="Lời chúc")


@pytest.fixture
def draft(clerk: Browser, recording: Recording) -> str:
    return clerk.post("/bulletins", title="Tin Tết", recordings=recording.id).to.rpartition("/")[2]


def test_a_recording_goes_after_a_question_that_names_it_and_its_file(
    clerk: Browser, parts: Parts, recording: Recording
) -> None:
    address = f"/recordings/{recording.id}/delete"
    assert address in clerk.get(f"/recordings/{recording.id}").hrefs
    question = clerk.get(address)
    assert "Lời chúc" in question.text
    assert "tin.mp3" in question.text
    done = clerk.follow(clerk.press(question, address))
    assert words.say(Message("done.recording_deleted"), "vi") in done.text
    assert parts.library.recordings() == []


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_recording_in_use_leads_to_the_bulletins_made_of_it(
    clerk: Browser, parts: Parts, recording: Recording, draft: str, way: str
) -> None:
    assert f"/recordings/{recording.id}/delete" not in clerk.get(f"/recordings/{recording.id}").hrefs
    address = f"/recordings/{recording.id}/delete"
    seen = clerk.get(address) if way == "get" else clerk.post(address)
    assert (seen.status, f"/bulletins/{draft}" in seen.hrefs) == (409, True)
    assert words.say(Message("recordings.kept"), "vi") in seen.text
    assert len(parts.library.recordings()) == 1


def test_a_draft_goes_after_a_question_that_names_it(clerk: Browser, parts: Parts, draft: str) -> None:
    address = f"/bulletins/{draft}/delete"
    assert address in clerk.get(f"/bulletins/{draft}").hrefs
    question = clerk.get(address)
    assert "Tin Tết" in question.text
    assert "Name of lan" in question.text
    done = clerk.follow(clerk.press(question, address))
    assert words.say(Message("done.bulletin_deleted"), "vi") in done.text
    assert parts.bulletins.bulletins() == []


def test_what_is_submitted_offers_no_deleting_and_stays(clerk: Browser, parts: Parts, draft: str) -> None:
    question = clerk.get(f"/bulletins/{draft}/delete")
    clerk.post(f"/bulletins/{draft}/submit")
    assert f"/bulletins/{draft}/delete" not in clerk.get(f"/bulletins/{draft}").hrefs
    assert clerk.press(question, f"/bulletins/{draft}/delete").status == 409
    assert parts.bulletins.bulletin(draft).state == "submitted"


def test_what_was_written_for_a_draft_deleted_meanwhile_becomes_a_new_one(
    clerk: Browser, parts: Parts, draft: str
) -> None:
    opened = clerk.get(f"/bulletins/{draft}/edit")
    clerk.post(f"/bulletins/{draft}/delete")
    seen = clerk.press(opened, f"/bulletins/{draft}", title="Bản của Lan")
    assert words.say(Message("bulletins.deleted"), "vi") in seen.text
    made = clerk.press(seen, "/bulletins")
    assert parts.bulletins.bulletin(made.to.rpartition("/")[2]).title == "Bản của Lan"


def test_who_only_looks_is_offered_no_deleting(viewer: Browser, recording: Recording, draft: str) -> None:
    for page in (f"/recordings/{recording.id}", f"/bulletins/{draft}"):
        assert not [href for href in viewer.get(page).hrefs if href.endswith("/delete")]
        assert viewer.get(f"{page}/delete").status == 403
        assert viewer.post(f"{page}/delete").status == 403


def test_the_audit_log_says_who_deleted_what(clerk: Browser, approver: Browser, draft: str) -> None:
    clerk.post(f"/bulletins/{draft}/delete")
    assert "Xóa bản nháp: Tin Tết" in approver.get("/audit").text
