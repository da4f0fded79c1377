"""Sentences for codes, in Vietnamese and English: every problem, reason and warning that a person may read.

Each area keeps its table in `hub/words_<area>.py` as code → (Vietnamese, English), with `{facts}` to be
filled.
A fact that is itself a code is said in words where a table has `<fact>.<value>`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from audio import words as audio_words
from hub import (
    words_counters,
    words_emergency,
    words_pages,
    words_people,
    words_recordings,
    words_reports,
    words_requests,
    words_schedules,
    words_service,
)

__all__ = ["LANGUAGES", "TABLES", "has", "say"]

LANGUAGES: Final = ("vi", "en")

TABLES: Final = (
    words_counters.WORDS,
    words_emergency.WORDS,
    words_pages.WORDS,
    words_people.WORDS,
    words_recordings.WORDS,
    words_reports.WORDS,
    words_requests.WORDS,
    words_schedules.WORDS,
    words_service.WORDS,
)

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    code: pair for table in TABLES for code, pair in table.items()
}


class _Facts(dict[str, Any]):
    """A fact that is missing shows as a dash: a poor sentence is better than none."""

    def __missing__(self, name: str) -> str:
        return "–"


def has(code: str) -> bool:
    """Whether one of the hub's own tables has a sentence for `code`."""
    return code in _WORDS


def say(code: str, facts: Mapping[str, Any], language: str) -> str:
    """The sentence for `code` in `language` (else in Vietnamese).

    Codes of `audio` are said in its words; a code nobody knows is shown with its facts.
    """
    index = LANGUAGES.index(language) if language in LANGUAGES else 0
    if code not in _WORDS:
        return audio_words.say(code, facts, LANGUAGES[index])
    said = _Facts({name: _said(name, value, index) for name, value in facts.items()})
    return _WORDS[code][index].format_map(said)


def _said(name: str, value: object, index: int) -> str:
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_said(name, each, index) for each in value) or "–"
    if isinstance(value, datetime):
        return f"{value:%H:%M %d/%m/%Y}"
    pair = _WORDS.get(f"{name}.{value}")
    return pair[index] if pair else str(value)
