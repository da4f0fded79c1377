"""Uploads over the API: streamed, bounded, refused with the reason and nothing left."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hub.library import Library
from hub.people.roles import Role

Caller = Callable[..., TestClient]
URL = "/api/v1/recordings"


def files(tmp_path: Path) -> list[str]:
    folders = ("incoming", "originals", "recordings")
    return sorted(path.name for folder in folders for path in (tmp_path / folder).glob("*"))


def send(client: TestClient, content: bytes = b"sound", **fields: str) -> dict[str, object]:
    data = {"title": "Tin sáng", "language": "vi", **fields}
    answer = client.post(URL, data=data, files={"file": ("tin.mp3", content)})
    return {"status": answer.status_code, **answer.json()}


def test_an_upload_is_accepted_and_being_prepared(program: Caller) -> None:
    answer = send(program(Role.CLERK))
    assert (answer["status"], answer["state"], answer["title"]) == (201, "preparing", "Tin sáng")


def test_a_prepared_recording_shows_its_figures(program: Caller, library: Library) -> None:
    client = program(Role.CLERK)
    recording = str(send(client)["id"])
    library.preparing.prepare_one(recording)
    found = client.get(f"{URL}/{recording}").json()
    assert (found["state"], found["duration_ms"], found["integrated_lufs"], found["true_peak_dbtp"]) == (
        "ready",
        61_250,
        -16.1,
        -1.3,
    )
    assert found["before"] == {"integrated_lufs": -27.4, "true_peak_dbtp": -9.0}
    assert found["peaks"] == [[-60, 64], [-127, 100]]
    assert [each["code"] for each in found["warnings"]] == ["trimmed"]


def test_a_refused_recording_says_why_in_the_callers_language(program: Caller, library: Library) -> None:
    client = program(Role.CLERK)
    recording = str(send(client, b"text")["id"])
    library.preparing.prepare_one(recording)
    english = client.get(f"{URL}/{recording}").json()
    vietnamese = client.get(f"{URL}/{recording}", headers={"Accept-Language": "vi"}).json()
    assert (english["state"], english["reason_code"]) == ("refused", "not_audio")
    assert english["reason"] != vietnamese["reason"]
    assert "not_audio" not in english["reason"]


def test_every_wrong_field_is_named_and_nothing_is_kept(program: Caller, tmp_path: Path) -> None:
    answer = send(program(Role.CLERK), b"", title="", language="klingon")
    assert (answer["status"], [each["field"] for each in answer["problems"]]) == (  # type: ignore[attr-defined]
        422,
        ["title", "language", "file"],
    )
    assert files(tmp_path) == []


def test_a_form_without_a_file_is_told_so(program: Caller) -> None:
    answer = program(Role.CLERK).post(URL, data={"title": "x"}, files={"other": ("a", b"sound")})
    assert [each["code"] for each in answer.json()["problems"]] == ["file_missing"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=" + "b" * 500, b"x"),
        ("", b""),
    ],
)
def test_what_is_not_a_form_is_refused(program: Caller, kind: str, body: bytes) -> None:
    answer = program(Role.CLERK).post(URL, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (422, "not_multipart")


@pytest.mark.parametrize("end", [b"", b"\r\n", b"\r\n--b", b"\r\n--b\r\nbroken header\r\n\r\n"])
def test_a_form_that_breaks_off_keeps_nothing(program: Caller, tmp_path: Path, end: bytes) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\nsound'
    answer = program(Role.CLERK).post(
        URL, content=head + end, headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "upload_broken")
    assert files(tmp_path) == []


def test_a_huge_upload_is_refused_by_its_declared_length(program: Caller, tmp_path: Path) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(10**12)}
    answer = program(Role.CLERK).post(URL, content=b"", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert files(tmp_path) == []


def test_a_huge_upload_without_length_is_refused_while_it_comes(program: Caller, tmp_path: Path) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n'
        for _ in range(200):
            sent += 1
            yield b"x" * 65_536

    answer = program(Role.CLERK).post(
        URL, content=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")
    assert files(tmp_path) == []


def test_a_huge_field_is_refused(program: Caller, tmp_path: Path) -> None:
    assert send(program(Role.CLERK), title="x" * 70_000)["code"] == "field_too_large"
    assert files(tmp_path) == []


def test_a_viewer_is_refused_before_a_byte_is_read(program: Caller, tmp_path: Path) -> None:
    viewer = program(Role.VIEWER)
    assert send(viewer)["status"] == 403
    assert viewer.post(URL, content=b"", headers={"Content-Type": "text/plain"}).status_code == 403
    assert files(tmp_path) == []


def test_the_list_goes_page_by_page(program: Caller) -> None:
    client = program(Role.CLERK)
    ids = {str(send(client)["id"]) for _ in range(3)}
    first = client.get(URL, params={"limit": 2}).json()
    second = client.get(URL, params={"limit": 2, "before": first["next"]}).json()
    assert {each["id"] for each in first["items"] + second["items"]} == ids
    assert second["next"] is None


def test_an_unknown_recording_is_not_found(program: Caller) -> None:
    answer = program(Role.VIEWER).get(f"{URL}/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "recording_unknown")


def test_a_recording_is_deleted_unless_bulletins_are_made_of_it(
    program: Caller, library: Library, tmp_path: Path
) -> None:
    client = program(Role.CLERK)
    unused, used = (str(send(client, sound)["id"]) for sound in (b"sound 1", b"sound 2"))
    for each in (unused, used):
        library.preparing.prepare_one(each)
    body = {"title": "Tin", "priority": "routine", "language": "vi", "recordings": [used]}
    bulletin = client.post("/api/v1/bulletins", json=body).json()["id"]
    assert client.delete(f"{URL}/{unused}").status_code == 204
    refused = client.delete(f"{URL}/{used}")
    assert (refused.status_code, refused.json()["code"]) == (409, "recording_used")
    assert refused.json()["problems"][0]["facts"]["ids"] == [bulletin]
    assert len(files(tmp_path)) == 2
