"""Emergencies on pages: begun after one question, seen by everybody, ended by approvers."""

import pytest

from edge.wire.entries import Obeyed, Started
from edge.wire.orders import OrderKind
from hub.parts import Parts
from hub.people.roles import Role
from hub.web import words
from hub.web.views import Message
from tests.factories_emergency import bulletin_held_by
from tests.factories_hub import Village, actor
from tests.factories_pages import Browser, Seen

CLERK = actor(Role.CLERK)
ALL = {"where": "all", "repeat_min": "2", "for_min": "60"}


@pytest.fixture
def bulletin(village: Village) -> str:
    return bulletin_held_by(village, "loa-1", "loa-2")


def begun(village: Village) -> list[tuple[str, OrderKind]]:
    return [(topic, order.kind) for topic, order in village.line.orders()]


def band(seen: Seen) -> dict[str, str]:
    return next(has for has in seen.tags("div") if has.get("id") == "emergency")


def begin(approver: Browser, bulletin: str, **fields: str) -> Seen:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL | fields)
    return approver.follow(approver.press(question, "/emergencies"))


def test_it_is_begun_after_one_question(approver: Browser, village: Village, bulletin: str) -> None:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL)
    assert begun(village) == []
    done = approver.follow(approver.press(question, "/emergencies"))
    assert [kind for _, kind in begun(village)] == [OrderKind.EMERGENCY]
    assert words.say(Message("done.emergency"), "vi") in done.text


def test_the_question_names_how_many_where_how_long_and_who_lacks_it(
    approver: Browser, village: Village, bulletin: str
) -> None:
    village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-2"])
    text = approver.post("/emergencies", bulletin=bulletin, **ALL).text
    assert "Vang ngay ở 3 cụm loa: tất cả cụm loa." in text
    assert "Bản tin dài 12 giây; lặp lại mỗi 2 phút, đến 10:00 hôm nay." in text
    assert "1 cụm loa đang tắt tiếng sẽ không vang: loa-2." in text
    assert "1/3 cụm loa chưa có đủ bản ghi: loa-3." in text


def test_the_areas_chosen_are_named(approver: Browser, village: Village, bulletin: str) -> None:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL | {"where": "some"}, areas="to-1")
    assert "Vang ngay ở 2 cụm loa: Tổ 1." in question.text
    approver.press(question, "/emergencies")
    assert [topic for topic, _ in begun(village)] == ["loa/tan-hoa/area/to-1/order"]


def test_a_stop_is_named_before_it_is_overridden(approver: Browser, village: Village, bulletin: str) -> None:
    seq = village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True).seq
    question = approver.post("/emergencies", bulletin=bulletin, **ALL)
    assert "Lan đã DỪNG loa lúc 09:00" in question.text
    assert question.form("/emergencies").get("despite_stop") == str(seq)


def test_a_stop_given_while_the_question_stood_is_asked_about_anew(
    approver: Browser, village: Village, bulletin: str
) -> None:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL)
    village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True)
    again = approver.press(question, "/emergencies")
    assert [kind for _, kind in begun(village)] == [OrderKind.STOP]
    assert "Lan đã DỪNG loa" in again.text


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"bulletin": ""}, 422, "bulletin"),
        ({"where": "some"}, 422, "areas"),
        ({"for_min": "9999"}, 422, "for_min"),
    ],
)
def test_what_does_not_hold_is_named_beside_its_field(
    approver: Browser, bulletin: str, fields: dict[str, str], status: int, field: str
) -> None:
    seen = approver.post("/emergencies", **{"bulletin": bulletin} | ALL | fields)
    assert (seen.status, list(seen.errors)) == (status, [field])


def test_every_page_of_everybody_shows_it_and_who_does_not_sound(
    approver: Browser, viewer: Browser, village: Village, bulletin: str, parts: Parts
) -> None:
    assert "hidden" in band(viewer.get("/"))
    begin(approver, bulletin)
    [kept] = parts.emergencies.running()
    village.wrote("loa-1", [Obeyed(seq=kept.content.seq, order="emergency")], first=2)
    for address in ("/", "/nodes", "/emergencies", "/emergencies/live"):
        seen = viewer.get(address)
        assert "hidden" not in band(seen)
        assert "Đang phát khẩn cấp: Sơ tán tránh lũ" in seen.text
        assert "1 cụm đã nhận lệnh" in seen.text
        assert "loa-2: chưa xác nhận" in seen.text
        assert "loa-3: chưa đủ bản ghi" in seen.text


def test_a_band_says_every_minute_as_the_form_does(approver: Browser, bulletin: str) -> None:
    begin(approver, bulletin, repeat_min="1")
    assert "lặp lại mỗi phút, đến" in approver.get("/nodes").text


def test_only_who_may_end_it_is_shown_how(approver: Browser, viewer: Browser, bulletin: str) -> None:
    begin(approver, bulletin)
    assert [href for href in approver.get("/nodes").hrefs if "/cancel" in href]
    assert not [href for href in viewer.get("/nodes").hrefs if "/cancel" in href]


def test_it_is_ended_after_a_question(
    approver: Browser, village: Village, bulletin: str, parts: Parts
) -> None:
    begin(approver, bulletin)
    [kept] = parts.emergencies.running()
    address = f"/emergencies/{kept.id}/cancel"
    question = approver.get(f"{address}?next=/nodes")
    done = approver.press(question, address)
    assert (done.to, parts.emergencies.running()) == ("/nodes", [])
    assert "kết thúc lúc" in approver.get("/emergencies").text


def test_ending_it_from_the_refreshed_band_leads_back_to_the_page(approver: Browser, bulletin: str) -> None:
    begin(approver, bulletin)
    page = {"HX-Request": "true", "HX-Current-URL": "http://testserver/nodes?a=1"}
    (end,) = (href for href in approver.get("/emergencies/live", **page).hrefs if "/cancel" in href)
    question = approver.get(end)
    done = approver.follow(approver.press(question, end.partition("?")[0]))
    assert words.say(Message("done.emergency_ended"), "vi") in done.text


def test_who_may_not_begin_one_sees_no_form_and_is_refused(
    clerk: Browser, bulletin: str, village: Village
) -> None:
    assert "/emergencies" not in [form.action for form in clerk.get("/emergencies").forms]
    sure = {"confirmed": "a" * 16, "despite_missing": "yes"}
    assert clerk.post("/emergencies", bulletin=bulletin, **ALL, **sure).status == 403
    assert begun(village) == []


def test_a_question_answered_twice_begins_one(
    approver: Browser, village: Village, bulletin: str, parts: Parts
) -> None:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL)
    first, second = (approver.press(question, "/emergencies") for _ in range(2))
    assert (len(parts.emergencies.running()), second.to) == (1, first.to)
    assert words.say(Message("done.emergency_once"), "vi") in approver.follow(second).text


def test_going_back_to_the_question_of_one_that_was_ended_begins_nothing(
    approver: Browser, bulletin: str, parts: Parts
) -> None:
    question = approver.post("/emergencies", bulletin=bulletin, **ALL)
    approver.press(question, "/emergencies")
    parts.emergencies.cancel(approver.actor, parts.emergencies.running()[0].id)  # type: ignore[arg-type]
    approver.press(question, "/emergencies")
    assert parts.emergencies.running() == []


@pytest.mark.parametrize("confirmed", ["", "yes", "../x", "A" * 16, "a" * 17])
def test_what_no_question_gave_begins_nothing(
    approver: Browser, bulletin: str, parts: Parts, confirmed: str
) -> None:
    seen = approver.post("/emergencies", bulletin=bulletin, confirmed=confirmed, **ALL)
    assert parts.emergencies.running() == []
    assert seen.form("/emergencies").get("confirmed") not in {"", confirmed}


def test_the_question_before_an_end_says_what_it_ends_and_what_goes_on(
    approver: Browser, bulletin: str, parts: Parts
) -> None:
    for _ in range(2):
        begin(approver, bulletin)
    kept = parts.emergencies.running()[0]
    text = approver.get(f"/emergencies/{kept.id}/cancel").text
    so_far = {
        "who": "Name of minh",
        "when": "09:00 hôm nay",
        "until": "10:00 hôm nay",
        "heard": 0,
        "nodes": 3,
    }
    assert words.say(Message("emergency.cancel_so_far", so_far), "vi") in text
    assert words.say(Message("emergency.cancel_not", {"title": kept.content.title}), "vi") in text
    assert words.say(Message("emergency.begin"), "vi") not in text


def test_ending_twice_ends_once_and_leads_to_who_ended_it(
    approver: Browser, village: Village, bulletin: str, parts: Parts
) -> None:
    begin(approver, bulletin)
    address = f"/emergencies/{parts.emergencies.running()[0].id}"
    question = approver.get(f"{address}/cancel")
    seen = [approver.press(question, f"{address}/cancel") for _ in range(2)][1]
    assert [kind for _, kind in begun(village)].count(OrderKind.CANCEL) == 1
    assert seen.to == address
    text = approver.follow(seen).text
    assert words.say(Message("done.emergency_was_over"), "vi") in text
    assert "Name of minh kết thúc lúc" in text


def test_nobody_is_asked_to_end_what_is_over(approver: Browser, bulletin: str, parts: Parts) -> None:
    begin(approver, bulletin)
    kept = parts.emergencies.running()[0]
    parts.emergencies.cancel(approver.actor, kept.id)  # type: ignore[arg-type]
    assert approver.get(f"/emergencies/{kept.id}/cancel").to == f"/emergencies/{kept.id}"


def test_only_who_may_end_it_is_asked(
    approver: Browser, viewer: Browser, bulletin: str, parts: Parts
) -> None:
    begin(approver, bulletin)
    assert viewer.get(f"/emergencies/{parts.emergencies.running()[0].id}/cancel").status == 403


def test_the_question_before_an_end_counts_as_the_band_above_it(
    approver: Browser, village: Village, bulletin: str, parts: Parts
) -> None:
    begin(approver, bulletin)
    [kept] = parts.emergencies.running()
    village.wrote("loa-1", [Obeyed(seq=kept.content.seq, order="emergency")], first=2)
    began = kept.content.starts_at
    sounds = Started(occurrence=f"{kept.id}.0", due_at=began, started_at=began, start_error_ms=0.0)
    village.wrote("loa-1", [sounds], first=3)
    text = approver.get(f"/emergencies/{kept.id}/cancel").text
    assert text.count("Đã vang ở 1/3 cụm loa") == 2
