"""While the hub keeps the last of its disk for orders, every page says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.store.reserve import Reserve
from hub.web import words
from hub.web.views import Message
from hub.words import LANGUAGES
from tests.factories_hub import Village
from tests.factories_pages import Browser

SOME_BYTES = 100_000


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    """It could not take its reserve yet."""
    path = tmp_path / "hub.db"
    village = Village(path, reserve=Reserve(path, bytes_=SOME_BYTES))
    yield village
    village.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_what_still_works(viewer: Browser, language: str) -> None:
    viewer.get(f"/language?to={language}")
    for page in ("/", "/nodes", "/bulletins"):
        assert words.say(Message("frame.disk_full"), language) in viewer.get(page).text


def test_with_room_again_the_pages_say_nothing_of_it(viewer: Browser, village: Village) -> None:
    village.store.keep_reserve()
    assert words.say(Message("frame.disk_full"), "vi") not in viewer.get("/").text


def test_who_is_not_logged_in_is_told_nothing_of_it(anybody: Browser) -> None:
    assert words.say(Message("frame.disk_full"), "vi") not in anybody.get("/login").text
