"""What titles, notes and languages of the library must be. Pure."""

from hub.errors import Problem
from hub.languages import SPOKEN

__all__ = ["language_problems", "title_problems"]

_LONGEST = 200


def title_problems(title: str, *, code: str = "title_length", field: str = "title") -> list[Problem]:
    """What is wrong with a (stripped) title; it stands on one line of a page and of a loudspeaker's plan."""
    if 1 <= len(title) <= _LONGEST and title.isprintable():
        return []
    return [Problem(code, field, {"least": 1, "most": _LONGEST})]


def language_problems(language: str) -> list[Problem]:
    """What is wrong with the language of a recording or bulletin."""
    if language in SPOKEN:
        return []
    facts = {"found": ascii(language[:40])[1:-1], "wanted": SPOKEN}
    return [Problem("spoken_language_unknown", "language", facts)]
