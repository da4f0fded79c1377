"""The touch page's files, made once from the settings. Pure but for reading the files beside it."""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from edge.config_counter import CounterSettings

__all__ = ["Asset", "make_assets"]

_FOLDER = Path(__file__).with_name("page")

# Best first: the mood of the face, Vietnamese, English.
_VERY_GOOD = ("delighted", "Rất hài lòng", "Very satisfied")
_GOOD = ("glad", "Hài lòng", "Satisfied")
_NEUTRAL = ("even", "Bình thường", "Neutral")
_BAD = ("sad", "Không hài lòng", "Dissatisfied")
_VERY_BAD = ("upset", "Rất không hài lòng", "Very dissatisfied")
_FACES = {
    3: (_GOOD, _NEUTRAL, _BAD),
    4: (_VERY_GOOD, _GOOD, _NEUTRAL, _BAD),
    5: (_VERY_GOOD, _GOOD, _NEUTRAL, _BAD, _VERY_BAD),
}

_OPEN_EYES = '<circle cx="34" cy="42" r="6"/><circle cx="66" cy="42" r="6"/>'
_FEATURES = {
    "delighted": '<path class="line" d="M26 44q8-11 16 0M58 44q8-11 16 0"/>'
    '<path d="M24 56h52a26 25 0 0 1-52 0z"/>',
    "glad": f'{_OPEN_EYES}<path class="line" d="M28 60q22 22 44 0"/>',
    "even": f'{_OPEN_EYES}<path class="line" d="M32 67h36"/>',
    "sad": f'{_OPEN_EYES}<path class="line" d="M30 74q20-18 40 0"/>',
    "upset": f'{_OPEN_EYES}<path class="line" d="M24 28l16 6M76 28l-16 6"/>'
    '<path class="line" d="M28 76q22-24 44 0"/>',
}


@dataclass(frozen=True)
class Asset:
    """One file as it is served."""

    content: bytes
    type: str


def make_assets(settings: CounterSettings) -> dict[str, Asset]:
    """Everything the page consists of, by path. Raises OSError."""
    html = Template((_FOLDER / "index.html").read_text(encoding="utf-8")).substitute(
        title=escape(settings.title), levels=str(settings.levels), faces="\n".join(_buttons(settings))
    )
    return {
        "/": Asset(html.encode(), "text/html; charset=utf-8"),
        "/page.css": Asset((_FOLDER / "page.css").read_bytes(), "text/css; charset=utf-8"),
        "/page.js": Asset((_FOLDER / "page.js").read_bytes(), "text/javascript; charset=utf-8"),
    }


def _buttons(settings: CounterSettings) -> list[str]:
    faces = _FACES[settings.levels]
    words = settings.labels or tuple(vietnamese for _, vietnamese, _ in faces)
    return [
        _button(level, mood, vi=vi, en=english if not settings.labels else vi)
        for level, ((mood, _, english), vi) in enumerate(zip(faces, words, strict=True), start=1)
    ]


def _button(level: int, mood: str, *, vi: str, en: str) -> str:
    return (
        f'<button type="button" class="face {mood}" data-level="{level}">'
        f'<svg viewBox="0 0 100 100" aria-hidden="true"><circle class="skin" cx="50" cy="50" r="48"/>'
        f"{_FEATURES[mood]}</svg>"
        f'<span data-vi="{escape(vi)}" data-en="{escape(en)}">{escape(vi)}</span></button>'
    )
