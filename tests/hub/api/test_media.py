"""Media: prepared recordings for nodes and people, sounds of plays from their nodes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hub.library import Library
from hub.people.roles import Role
from hub.people.sessions import hash_of
from hub.sounds import Sounds
from hub.store.database import Store
from tests.factories_library import ready
from tests.factories_people import person_at_work

Caller = Callable[..., TestClient]
NODE, SECRET = "to-2-loa-1", "0123456789abcdef"
CONTENT = b"sound of a bell, long enough to be cut"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
PLAY = f"lich-1.20261120@{NODE}"
SENT = {"Loa-First-Sample": "2026-11-20T17:00:00.000250+07:00"}


@pytest.fixture
def node(store: Store, anybody: TestClient) -> TestClient:
    def enrol(db: object) -> None:
        db.execute("INSERT INTO areas (id, name) VALUES ('to-2', 'Tổ 2')")  # type: ignore[attr-defined]
        db.execute(  # type: ignore[attr-defined]
            "INSERT INTO nodes (id, kind, name, area, secret_hash, broker_hash, enrolled_at)"
            " VALUES (?, 'speaker', 'Loa 1', 'to-2', ?, '', '2026-11-20T00:00:00.000000Z')",
            [NODE, hash_of(SECRET)],
        )

    store.write(enrol)
    anybody.auth = (NODE, SECRET)
    return anybody


@pytest.fixture
def media(library: Library, store: Store) -> str:
    result = ready(library, person_at_work(store, Role.CLERK), CONTENT).result
    assert result is not None
    return f"/media/{result.sha256}.opus"


def test_a_node_fetches_a_recording(node: TestClient, media: str) -> None:
    answer = node.get(media)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, CONTENT, "audio/ogg")


def test_a_node_goes_on_where_it_was_cut_off(node: TestClient, media: str) -> None:
    etag = node.head(media).headers["etag"]
    answer = node.get(media, headers={"Range": "bytes=10-", "If-Range": etag})
    assert (answer.status_code, answer.content) == (206, CONTENT[10:])
    assert answer.headers["content-range"] == f"bytes 10-{len(CONTENT) - 1}/{len(CONTENT)}"


def test_another_content_is_sent_whole(node: TestClient, media: str) -> None:
    answer = node.get(media, headers={"Range": "bytes=10-", "If-Range": '"other"'})
    assert (answer.status_code, answer.content) == (200, CONTENT)


def test_a_range_beyond_the_end_is_refused(node: TestClient, media: str) -> None:
    assert node.get(media, headers={"Range": "bytes=99999-"}).status_code == 416


def test_a_browser_that_has_it_is_not_sent_it_again(node: TestClient, media: str) -> None:
    etag = node.head(media).headers["etag"]
    assert node.get(media, headers={"If-None-Match": etag}).status_code == 304


def test_people_may_listen(browser: Caller, media: str) -> None:
    assert browser(Role.VIEWER).get(media).content == CONTENT


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !!!", "Basic dG8tMi1sb2EtMTp3cm9uZw==", "Basic bm9ib2R5Og==", "Basic /w=="],
)
def test_nobody_else_may(anybody: TestClient, media: str, node: TestClient, authorization: str) -> None:
    anybody.auth = None
    answer = anybody.get(media, headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_node_without_a_password_is_not_let_in_by_an_empty_one(
    node: TestClient, media: str, store: Store
) -> None:
    store.write(lambda db: db.execute("UPDATE nodes SET secret_hash = ''"))
    node.auth = (NODE, "")
    assert node.get(media).status_code == 401


def test_a_removed_node_is_refused(node: TestClient, media: str, store: Store) -> None:
    store.write(lambda db: db.execute("UPDATE nodes SET removed_at = '2026-11-20T01:00:00.000000Z'"))
    assert node.get(media).status_code == 401


def test_an_unknown_recording_is_not_found(node: TestClient) -> None:
    assert node.get(f"/media/{'0' * 64}.opus").json()["code"] == "media_unknown"


def test_a_node_sends_the_sound_of_its_play(node: TestClient, sounds: Sounds) -> None:
    assert node.put(f"/media/sounds/{PLAY}", content=WAV, headers=SENT).status_code == 204
    path = sounds.path_of(PLAY)
    assert path is not None
    assert path.read_bytes() == WAV
    assert sounds.first_sample_of(PLAY) == datetime(2026, 11, 20, 10, 0, 0, 250, tzinfo=UTC)


@pytest.mark.parametrize(
    ("play", "content", "headers", "status", "code"),
    [
        ("lich-1@to-2-loa-2", WAV, SENT, 403, "play_foreign"),
        ("no play", WAV, SENT, 422, "play_id_wrong"),
        (PLAY, b"MP3 or so, and long enough", SENT, 422, "not_wav"),
        (PLAY, b"RIFF", SENT, 422, "not_wav"),
        (PLAY, WAV, {}, 422, "first_sample_wrong"),
        (PLAY, WAV, {"Loa-First-Sample": "2026-11-20T17:00:00"}, 422, "first_sample_wrong"),
        (PLAY, WAV + b"x" * 1000, SENT, 413, "file_too_large"),
        (PLAY, (WAV + b"x" * 500 for _ in range(3)), SENT, 413, "file_too_large"),
    ],
)
def test_a_sound_that_is_not_right_is_refused_and_leaves_nothing(
    node: TestClient,
    tmp_path: Path,
    play: str,
    content: object,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = node.put(f"/media/sounds/{play}", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [path for path in (tmp_path / "sounds").rglob("*") if path.is_file()] == []


def test_a_person_sends_no_sounds(program: Caller) -> None:
    answer = program(Role.ADMINISTRATOR).put(f"/media/sounds/{PLAY}", content=WAV, headers=SENT)
    assert (answer.status_code, answer.json()["code"]) == (401, "node_refused")


def test_a_sound_sent_again_replaces_the_first(node: TestClient, tmp_path: Path) -> None:
    node.put(f"/media/sounds/{PLAY}", content=WAV, headers=SENT)
    later = {"Loa-First-Sample": "2026-11-20T17:00:01+07:00"}
    node.put(f"/media/sounds/{PLAY}", content=WAV + b"2", headers=later)
    assert [path.read_bytes() for path in (tmp_path / "sounds").glob("*.wav")] == [WAV + b"2"]
