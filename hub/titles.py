"""What titles, names, notes and languages must be, and how what was typed is kept and shown. Pure."""

import re
import unicodedata

from hub.errors import Problem
from hub.languages import SPOKEN

__all__ = ["language_problems", "readable", "slug", "tidy", "title_problems"]

_LONGEST = 200


def tidy(text: str) -> str:
    """What was typed as it is kept: without blanks around it, each letter with its marks as one (NFC)."""
    return unicodedata.normalize("NFC", text).strip()


def readable(text: str, *, most: int = 40) -> str:
    """What was typed as a sentence may repeat it: its first `most` printable letters."""
    return "".join(letter for letter in tidy(text[: most * 4]) if letter.isprintable())[:most]


def slug(text: str) -> str:
    """A name in a-z, 0-9 and - made of a title: `Tổ 2, cột 15` is `to-2-cot-15`; empty where no letter is."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D").lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:63]


def title_problems(title: str, *, code: str = "title_length", field: str = "title") -> list[Problem]:
    """What is wrong with a (tidy) title; it stands on one line of a page and of a loudspeaker's plan."""
    if 1 <= len(title) <= _LONGEST and title.isprintable():
        return []
    return [Problem(code, field, {"least": 1, "most": _LONGEST})]


def language_problems(language: str) -> list[Problem]:
    """What is wrong with the language of a recording or bulletin."""
    if language in SPOKEN:
        return []
    facts = {"found": readable(language), "wanted": SPOKEN}
    return [Problem("spoken_language_unknown", "language", facts)]
