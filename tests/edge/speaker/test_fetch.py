"""Downloads that go on where they broke off, and uploads, against a hub in memory."""

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from edge.errors import HubNotReached, HubRefused
from edge.speaker.fetch import HubMedia
from tests import factories as make

DATA = bytes(range(256)) * 1_000
SIZE = len(DATA)

Handler = Callable[[httpx.Request], httpx.Response]


def flowing(data: bytes) -> Iterator[bytes]:
    """Bytes as they come from a network."""
    yield from (data[at : at + 10_000] for at in range(0, len(data), 10_000))


def serving(request: httpx.Request) -> httpx.Response:
    """A hub that serves `DATA`, and ranges of it."""
    wanted = request.headers.get("range")
    if wanted is None:
        return httpx.Response(200, content=flowing(DATA))
    start = int(wanted.removeprefix("bytes=").removesuffix("-"))
    if start >= SIZE:
        return httpx.Response(416)
    told = {"Content-Range": f"bytes {start}-{SIZE - 1}/{SIZE}"}
    return httpx.Response(206, content=flowing(DATA[start:]), headers=told)


class Fetched:
    """A file that already holds `have`, and a download into it."""

    def __init__(self, handler: Handler, *, have: bytes = b"") -> None:
        self.file = io.BytesIO()
        self.file.write(have)
        self.transport = httpx.MockTransport(handler)

    def run(self) -> bytes:
        with HubMedia("http://hub/", user="n", password="p", transport=self.transport) as hub:
            hub.download(make.SHA256, size=SIZE, into=self.file, go_on=lambda: True)
        return self.left

    @property
    def left(self) -> bytes:
        return self.file.getvalue()


def fetched(handler: Handler, *, have: bytes = b"") -> bytes:
    """What stands in a file after a download, when it already held `have`."""
    return Fetched(handler, have=have).run()


def answering(status: int, content: bytes = b"", **headers: str) -> Handler:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request: httpx.Response(status, content=flowing(content), headers=told)


def test_a_recording_is_fetched_whole() -> None:
    assert fetched(serving) == DATA


def test_its_name_is_its_address_and_the_nodes_secret_its_key() -> None:
    seen: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return serving(request)

    fetched(note)
    (request,) = seen
    assert str(request.url) == f"http://hub/media/{make.SHA256}.opus"
    assert request.headers["authorization"] == "Basic " + base64.b64encode(b"n:p").decode()


def test_a_download_goes_on_where_it_broke_off() -> None:
    asked: list[str | None] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers.get("range"))
        return serving(request)

    assert fetched(note, have=DATA[:1000]) == DATA
    assert asked == ["bytes=1000-"]


def test_a_hub_that_knows_no_ranges_begins_anew() -> None:
    assert fetched(answering(200, DATA), have=b"x" * 1000) == DATA


def test_a_hub_that_has_less_than_was_fetched_makes_it_begin_anew() -> None:
    download = Fetched(answering(416), have=b"x" * 1000)
    with pytest.raises(HubNotReached):
        download.run()
    assert download.left == b""


def test_a_range_that_begins_later_than_asked_is_not_taken() -> None:
    handler = answering(206, DATA[500:], content_range=f"bytes 500-{SIZE - 1}/{SIZE}")
    download = Fetched(handler, have=DATA[:100])
    with pytest.raises(HubNotReached):
        download.run()
    assert download.left == DATA[:100]


def test_a_range_of_another_size_is_refused() -> None:
    with pytest.raises(HubRefused):
        fetched(answering(206, DATA[100:], content_range="bytes 100-999/1000"), have=DATA[:100])


def test_each_piece_is_written_as_it_comes_however_small() -> None:
    into = io.BytesIO()
    with HubMedia("http://hub/", user="n", password="p", transport=httpx.MockTransport(serving)) as hub:
        hub.download(make.SHA256, size=SIZE, into=into, go_on=lambda: False)
    assert into.getvalue() == DATA[:10_000]


def test_a_hub_that_sends_more_than_the_plan_says_is_cut_off() -> None:
    download = Fetched(answering(200, DATA + b"!"))
    with pytest.raises(HubRefused):
        download.run()
    assert download.left == b""


@pytest.mark.parametrize("status", [500, 502, 503, 401, 429, 302])
def test_what_may_pass_is_worth_another_try(status: int) -> None:
    with pytest.raises(HubNotReached, match=str(status)):
        fetched(answering(status))


@pytest.mark.parametrize("status", [403, 404, 410, 422])
def test_what_the_hub_does_not_have_is_said(status: int) -> None:
    with pytest.raises(HubRefused, match=str(status)):
        fetched(answering(status))


def test_a_redirect_is_not_followed_with_the_secret() -> None:
    seen: list[str] = []

    def redirecting(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"Location": "http://elsewhere/"})

    with pytest.raises(HubNotReached):
        fetched(redirecting)
    assert seen == ["hub"]


def test_a_hub_that_cannot_be_reached_is_said() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(HubNotReached, match="refused"):
        fetched(refuse)


def test_what_came_before_a_break_is_kept() -> None:
    def torn() -> Iterator[bytes]:
        yield DATA[:70_000]
        raise httpx.ReadError("reset")

    download = Fetched(lambda _request: httpx.Response(200, content=torn()))
    with pytest.raises(HubNotReached):
        download.run()
    assert DATA.startswith(download.left)
    assert len(download.left) >= 65_536


def test_what_begins_anew_and_breaks_off_leaves_nothing_of_before() -> None:
    def torn() -> Iterator[bytes]:
        yield DATA[:70_000]
        raise httpx.ReadError("reset")

    download = Fetched(lambda _request: httpx.Response(200, content=torn()), have=b"x" * 200_000)
    with pytest.raises(HubNotReached):
        download.run()
    assert DATA.startswith(download.left)


def test_a_download_ends_when_it_is_told_to() -> None:
    file = io.BytesIO()
    with HubMedia("http://hub", user="n", password="p", transport=httpx.MockTransport(serving)) as hub:
        hub.download(make.SHA256, size=SIZE, into=file, go_on=lambda: False)
    assert 0 < file.tell() < SIZE


def test_a_sound_is_sent_with_the_instant_of_its_first_sample(tmp_path: Path) -> None:
    sound = tmp_path / "o-1.wav"
    sound.write_bytes(b"RIFF" + DATA)
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        request.read()
        seen.append(request)
        return httpx.Response(204)

    with HubMedia("http://hub", user="n", password="p", transport=httpx.MockTransport(take)) as hub:
        hub.upload("o-1@loa-1", sound, first_sample=make.NOW)
    (request,) = seen
    assert (request.method, request.url.path) == ("PUT", "/media/sounds/o-1@loa-1")
    assert request.headers["loa-first-sample"] == "2026-11-20T10:00:00+00:00"
    assert request.headers["content-length"] == str(SIZE + 4)
    assert request.content == b"RIFF" + DATA


@pytest.mark.parametrize(("status", "error"), [(503, HubNotReached), (422, HubRefused)])
def test_a_sound_that_is_not_taken_is_said(tmp_path: Path, status: int, error: type[Exception]) -> None:
    sound = tmp_path / "o-1.wav"
    sound.write_bytes(b"RIFF")
    transport = httpx.MockTransport(answering(status))
    with HubMedia("http://hub", user="n", password="p", transport=transport) as hub, pytest.raises(error):
        hub.upload("o-1@loa-1", sound, first_sample=make.NOW)


@pytest.mark.parametrize(
    ("status", "known"), [(404, True), (200, True), (401, False), (403, False), (400, False)]
)
def test_a_hub_tells_whether_it_takes_the_node(status: int, known: bool) -> None:
    transport = httpx.MockTransport(answering(status))
    with HubMedia("http://hub", user="n", password="p", transport=transport) as hub:
        assert hub.knows_me() is known
