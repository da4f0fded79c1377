"""Every reason and warning has its sentence in both languages."""

import re
from collections.abc import Iterator

import pytest

from audio.errors import REASONS
from audio.prepare import WARNINGS
from audio.words import LANGUAGES, SENTENCES, say


@pytest.mark.parametrize("code", [*REASONS, *WARNINGS])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(code: str, language: str) -> None:
    assert SENTENCES[code][language].endswith(".")


def test_every_sentence_has_its_code() -> None:
    assert set(SENTENCES) == {*REASONS, *WARNINGS}


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_tell_the_same_facts(code: str) -> None:
    assert set(names(SENTENCES[code]["vi"])) == set(names(SENTENCES[code]["en"]))


def names(sentence: str) -> Iterator[str]:
    return (found[1] for found in re.finditer(r"\{(\w+)\}", sentence))


def test_numbers_take_the_decimal_mark_of_the_language() -> None:
    facts = {"found_mb": 12.5, "limit_mb": 10.0}
    assert "12,5 MB" in say("too_large", facts, "vi")
    assert "12.5 MB" in say("too_large", facts, "en")


def test_lengths_are_told_in_hours_minutes_and_seconds() -> None:
    facts = {"found_s": 65.2, "declared_s": 7260.0}
    assert "1 phút 5 giây trên 2 giờ 1 phút" in say("cut_short", facts, "vi")


def test_a_missing_fact_is_shown_by_its_name() -> None:
    assert "[limit_s]" in say("too_long", {}, "en")


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert say("eaten_by_cat", {"cats": 2}, "vi") == "eaten_by_cat: cats=2"


def test_an_unknown_language_falls_back_to_english() -> None:
    assert say("empty", {}, "fr") == say("empty", {}, "en")
