"""Every sentence of the pages, in Vietnamese and English, side by side.

A key names one text; `{fields}` are filled when it is said. The texts stand in `words_*.py` by the part of
the hub they speak of, each as (Vietnamese, English).
"""

from collections.abc import Mapping
from typing import Final

from hub.web import (
    words_counters,
    words_emergencies,
    words_enrol,
    words_faults,
    words_fleet,
    words_frame,
    words_ledger,
    words_newer,
    words_people,
    words_programme,
    words_recordings,
    words_reports,
    words_system,
)
from hub.web.views.frame import Message, Term, Text

__all__ = ["LANGUAGES", "PARTS", "WORDS", "say", "term"]

LANGUAGES: Final = ("vi", "en")

PARTS: Final = (
    words_frame.WORDS,
    words_newer.WORDS,
    words_recordings.WORDS,
    words_programme.WORDS,
    words_emergencies.WORDS,
    words_fleet.WORDS,
    words_faults.WORDS,
    words_ledger.WORDS,
    words_people.WORDS,
    words_counters.WORDS,
    words_reports.WORDS,
    words_enrol.WORDS,
    words_system.WORDS,
)

WORDS: Final[Mapping[str, tuple[str, str]]] = {key: pair for part in PARTS for key, pair in part.items()}


def say(text: Text, lang: str) -> str:
    """`text` in `lang`; a plain string is itself. Raises KeyError for an unknown key or a missing field."""
    if isinstance(text, str):
        return text
    if isinstance(text, Term):
        return term(text.family, text.code, lang)
    fields = {
        name: say(value, lang) if isinstance(value, Message | Term) else value
        for name, value in text.fields.items()
    }
    return WORDS[text.key][LANGUAGES.index(lang)].format_map(fields)


def term(family: str, code: str, lang: str) -> str:
    """The word for a code such as a state or a role; the bare code where there is none yet."""
    key = f"{family}.{code}"
    return WORDS[key][LANGUAGES.index(lang)] if key in WORDS else code
