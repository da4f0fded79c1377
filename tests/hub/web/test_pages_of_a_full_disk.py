"""The hub's disk is full: the page says so, nothing is stored, and what is there can still be read."""

import pytest

from hub import words
from hub.parts import Parts
from hub.words import LANGUAGES
from tests.factories_hub import Village
from tests.factories_library import ready
from tests.factories_pages import Browser, Seen

MORE_THAN_FITS = 300


@pytest.fixture
def recording(parts: Parts, clerk: Browser) -> str:
    assert clerk.actor is not None
    return ready(parts.library, clerk.actor, b"sound").id


def fill(village: Village, clerk: Browser, recording: str) -> Seen:
    """The first answer of a hub that has no room for one page more, as SQLite says it of a full disk."""
    village.store.write(lambda db: db.execute("PRAGMA max_page_count = 1").fetchall())
    for number in range(MORE_THAN_FITS):
        seen = clerk.post("/bulletins", title=f"{number} {'a' * 190}", recordings=recording)
        if seen.status != 303:
            return seen
    raise AssertionError("the disk does not fill up")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_words_and_without_a_fault_of_the_program(
    clerk: Browser, village: Village, recording: str, language: str
) -> None:
    clerk.get(f"/language?to={language}")
    seen = fill(village, clerk, recording)
    assert seen.status == 503
    assert words.say("store_full", {}, language) in seen.text


def test_nothing_of_it_is_stored_and_the_rest_can_be_read(
    clerk: Browser, village: Village, recording: str
) -> None:
    fill(village, clerk, recording)
    stored = list(village.store.read().query("SELECT title FROM bulletins"))
    told = list(village.store.read().query("SELECT what FROM audit WHERE action LIKE 'bulletin.%'"))
    assert len(stored) == len(told)
    assert stored[-1]["title"] in clerk.get("/bulletins").text


def test_with_room_again_it_goes_on(clerk: Browser, village: Village, recording: str) -> None:
    fill(village, clerk, recording)
    village.store.write(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchall())
    assert clerk.post("/bulletins", title="Có chỗ", recordings=recording).status == 303
