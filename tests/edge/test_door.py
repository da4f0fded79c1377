"""The way to the hub: every answer has an end."""

from collections.abc import Iterator

import httpx
import pytest

from edge.door import get, post, stranger
from edge.errors import HubNotReached, HubRefused

URL = "https://192.168.50.10:8443/api/v1/succession"


def answering(*chunks: bytes) -> httpx.Client:
    """A client whose hub answers in these pieces."""

    def pieces() -> Iterator[bytes]:
        yield from chunks

    return stranger(transport=httpx.MockTransport(lambda _request: httpx.Response(200, content=pieces())))


def test_an_answer_is_read_to_its_end() -> None:
    with answering(b"ab", b"c") as client:
        assert get(client, URL, most=3) == b"abc"


def test_an_answer_that_is_too_long_is_not_read_to_its_end() -> None:
    with answering(b"ab", b"cd") as client, pytest.raises(HubRefused, match="at most 3 bytes"):
        get(client, URL, most=3)


@pytest.mark.parametrize("ask", ["get", "post"])
def test_an_answer_that_comes_drop_by_drop_is_given_up(monkeypatch: pytest.MonkeyPatch, ask: str) -> None:
    monkeypatch.setattr("edge.door._LONGEST_ANSWER_S", -1.0)
    with answering(b"a") as client, pytest.raises(HubNotReached, match="not whole within"):
        get(client, URL, most=10) if ask == "get" else post(client, URL, b"{}")
