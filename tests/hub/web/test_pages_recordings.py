"""Uploading on a page: several files, none, empty, too large, not sound; and what a page says of each."""

import pytest

from audio.errors import Refused
from hub import words as hub_words
from hub.parts import Parts
from hub.web import words
from hub.web.views import Message
from tests.factories_pages import Browser, Seen


def titles(parts: Parts) -> list[str]:
    return [each.title for each in parts.library.recordings()]


def prepared(parts: Parts) -> str:
    """Prepare the newest recording, as the hub's own thread would; its id."""
    newest = parts.library.recordings()[0].id
    parts.library.preparing.prepare_one(newest)
    return newest


def files_on_disk(parts: Parts) -> list[str]:
    folders = (parts.settings.data / "incoming", parts.settings.data / "originals")
    return [each.name for folder in folders for each in folder.glob("*")]


def test_one_file_leads_to_its_page_which_says_it_came(clerk: Browser, parts: Parts) -> None:
    seen = clerk.upload(("Tin chiều.mp3", b"sound"), title="Bản tin chiều", language="vi")
    (kept,) = parts.library.recordings()
    assert seen.to == f"/recordings/{kept.id}"
    page = clerk.follow(seen)
    assert "Bản tin chiều" in page.text
    assert "Tin chiều.mp3" in page.text
    assert words.say(Message("done.recording"), "vi") in page.text


def test_what_a_script_reads_ahead_is_still_said_to_the_person(clerk: Browser) -> None:
    done = words.say(Message("done.recording"), "vi")
    kept = clerk.upload(("Tin.mp3", b"sound"))
    clerk.get(kept.to, **{"Loa-By-Script": "upload"})
    assert done in clerk.get(kept.to).text


def test_a_file_without_a_title_is_called_after_its_name(clerk: Browser, parts: Parts) -> None:
    clerk.upload(("C:\\tin\\Tin_chiều_20.mp3", b"sound"))
    assert titles(parts) == ["Tin chiều 20"]


@pytest.mark.parametrize(
    ("name", "title", "is_cut"),
    [("a" * 151, "", True), ("a" * 150, "", False), ("a" * 300, "Tin", False)],
)
def test_a_file_name_too_long_for_a_title_is_said(
    clerk: Browser, parts: Parts, name: str, title: str, is_cut: bool
) -> None:
    page = clerk.follow(clerk.upload((f"{name}.mp3", b"sound"), title=title))
    assert (words.say(Message("done.recording_cut"), "vi") in page.text) is is_cut
    assert titles(parts) == [title or name[:150]]


def test_several_files_come_in_at_once_each_with_its_own_title(clerk: Browser, parts: Parts) -> None:
    seen = clerk.upload(("a.mp3", b"sound a"), ("b.mp3", b"sound b"), title="Hè")
    assert seen.to == "/recordings"
    assert sorted(titles(parts)) == ["Hè – a", "Hè – b"]
    assert "Hè – a" in clerk.follow(seen).text


def test_the_file_inputs_own_name_is_the_one_read(clerk: Browser) -> None:
    inputs = [has for has in clerk.get("/recordings").tags("input") if has.get("type") == "file"]
    assert [has["name"] for has in inputs] == ["files"]


def test_no_file_is_named_at_its_field_and_the_title_stays(clerk: Browser, parts: Parts) -> None:
    seen = clerk.upload(("", b""), title="Giữ lại tôi", language="en")
    assert seen.status == 422
    assert set(seen.errors) == {"files"}
    assert seen.form("/recordings").get("title") == "Giữ lại tôi"
    assert seen.form("/recordings").get("language") == "en"
    assert titles(parts) == []


def test_an_empty_file_is_named_and_takes_none_of_the_others_in(clerk: Browser, parts: Parts) -> None:
    seen = clerk.upload(("a.mp3", b"sound"), ("rỗng.mp3", b""))
    assert seen.status == 422
    assert "rỗng.mp3" in seen.errors["files"]
    assert titles(parts) == []
    assert files_on_disk(parts) == []


def test_a_file_too_large_is_refused_by_its_size(clerk: Browser, parts: Parts) -> None:
    seen = clerk.upload(("a.mp3", b"s" * 1001))
    assert seen.status == 413
    assert seen.errors["files"]
    assert titles(parts) == []
    assert files_on_disk(parts) == []


def test_a_title_too_long_and_a_language_unknown_are_both_named(clerk: Browser, parts: Parts) -> None:
    seen = clerk.upload(("a.mp3", b"sound"), title="a" * 201, language="xx")
    assert seen.status == 422
    assert set(seen.errors) == {"title", "language"}
    assert seen.form("/recordings").get("title") == "a" * 201
    assert titles(parts) == []


def test_too_many_files_are_refused_whole(clerk: Browser, parts: Parts) -> None:
    seen = clerk.upload(*[(f"{n}.mp3", b"sound") for n in range(21)])
    assert seen.status == 422
    assert titles(parts) == []
    assert files_on_disk(parts) == []


def test_a_form_that_is_no_upload_says_so(clerk: Browser, parts: Parts) -> None:
    seen = clerk.post("/recordings", title="Tin")
    assert seen.status == 422
    assert "<h1>" in seen.html


def test_a_body_that_breaks_off_keeps_nothing(clerk: Browser, parts: Parts) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.mp3"\r\n\r\nsound'
    seen = Seen(
        clerk.client.post(
            "/recordings", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"}
        )
    )
    assert seen.status in {403, 422}
    assert titles(parts) == []
    assert files_on_disk(parts) == []


def test_what_is_no_sound_shows_the_reason_on_list_and_page(clerk: Browser, parts: Parts) -> None:
    clerk.upload(("thư.mp3", b"text, not music"))
    recording = prepared(parts)
    refused = parts.library.recording(recording).reason
    assert refused is not None
    reason = hub_words.say(refused.code, refused.facts, "vi")
    assert refused.code == Refused("not_audio").code
    assert reason in clerk.get("/recordings").text
    assert reason in clerk.get(f"/recordings/{recording}").text


def test_a_prepared_recording_shows_shape_loudness_sound_and_what_to_do_next(
    clerk: Browser, parts: Parts
) -> None:
    clerk.upload(("a.mp3", b"sound"), title="Tin")
    recording = prepared(parts)
    page = clerk.get(f"/recordings/{recording}")
    assert [has["d"] for has in page.tags("path") if has["d"].count("M") == 2]
    assert "nhỏ hơn nhiều −27,4 LUFS" in page.text
    assert "đúng mức chung −16,1 LUFS" in page.text
    assert "không vỡ tiếng −1,3 dBTP" in page.text
    assert "về cùng một mức (−16 LUFS)" in page.text
    sha256 = parts.library.recording(recording).result
    assert sha256 is not None
    assert [has["src"] for has in page.tags("audio")] == [f"/media/{sha256.sha256}.opus"]
    assert f"/bulletins/new?recording={recording}" in page.hrefs


def test_the_sound_of_a_recording_can_be_heard_by_who_is_logged_in_only(
    clerk: Browser, anybody: Browser, parts: Parts
) -> None:
    clerk.upload(("a.mp3", b"sound of it"))
    page = clerk.get(f"/recordings/{prepared(parts)}")
    address = page.tags("audio")[0]["src"]
    assert clerk.client.get(address).content == b"sound of it"
    assert anybody.client.get(address).status_code == 401


def test_a_fragment_is_only_the_part_that_changes(clerk: Browser, parts: Parts) -> None:
    clerk.upload(("a.mp3", b"sound"), title="Tin")
    recording = prepared(parts)
    for path in ("/recordings/live", f"/recordings/{recording}/live"):
        fragment = clerk.get(path)
        assert fragment.status == 200
        assert "<html" not in fragment.html
        assert [has["hx-get"] for has in fragment.tags("div") if "hx-get" in has] == [path]


@pytest.mark.parametrize("path", ["/recordings/none", "/recordings/none/live", "/recordings/%00"])
def test_an_unknown_recording_is_not_found(clerk: Browser, path: str) -> None:
    assert clerk.get(path).status == 404


def test_who_may_not_upload_is_told_who_may(administrator: Browser) -> None:
    page = administrator.get("/recordings").text
    assert words.say(Message("recordings.none_hint"), "vi") not in page
    assert words.say(Message("recordings.none_hint_reader"), "vi") in page
