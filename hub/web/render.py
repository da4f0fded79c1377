"""Turns a view and its frame into HTML: the one place that knows Jinja2.

Templates are found under `templates/`, everything they print is escaped, and a name that a view does not
have is an error rather than an empty space.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Protocol, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context, Macro

from audio.loudness import PEAK_LIMIT_DBTP, TARGET_LUFS
from hub.languages import SPOKEN
from hub.web import formats, words
from hub.web.views import Frame, Message, Text

__all__ = ["HERE", "Renderer", "View", "wave"]

HERE = Path(__file__).resolve().parent
WAVE_HEIGHT = 80


class View(Protocol):
    """What a page or fragment shows; see `hub.web.views`."""

    template: ClassVar[str]


def frame_of(context: Context) -> Frame:
    return cast("Frame", context["frame"])


@pass_context
def say(context: Context, text: Text) -> str:
    return words.say(text, frame_of(context).lang)


@pass_context
def translate(context: Context, key: str, **fields: object) -> str:
    return words.say(Message(key, fields), frame_of(context).lang)


@pass_context
def term(context: Context, family: str, code: str) -> str:
    return words.term(family, code, frame_of(context).lang)


@pass_context
def spoken(context: Context) -> list[tuple[str, str]]:
    """The languages of recordings, as pairs for a list of choices."""
    return [(code, words.term("language", code, frame_of(context).lang)) for code in SPOKEN]


@pass_context
def weekdays(context: Context) -> list[tuple[int, str]]:
    """ISO weekday numbers with their names."""
    return list(enumerate(formats.WEEKDAYS[frame_of(context).lang], start=1))


@pass_context
def number(context: Context, value: float, decimals: int = 0) -> str:
    return formats.number(value, frame_of(context).lang, decimals=decimals)


@pass_context
def decibels(context: Context, value: float, unit: str) -> str:
    return formats.decibels(value, unit, frame_of(context).lang)


@pass_context
def milliseconds(context: Context, value: float) -> str:
    return formats.milliseconds(value, frame_of(context).lang)


@pass_context
def duration(context: Context, ms: float) -> str:
    return formats.duration(ms, frame_of(context).lang)


@pass_context
def size(context: Context, bytes_: float) -> str:
    return formats.size(bytes_, frame_of(context).lang)


@pass_context
def degrees(context: Context, celsius: float) -> str:
    return formats.degrees(celsius, frame_of(context).lang)


@pass_context
def dated(context: Context, at: datetime) -> str:
    return formats.dated(at, frame_of(context).zone)


@pass_context
def hour(context: Context, at: datetime, seconds: bool = False) -> str:
    return formats.hour(at, frame_of(context).zone, seconds=seconds)


@pass_context
def day(context: Context, value: date, year: bool = True) -> str:
    frame = frame_of(context)
    local = value.astimezone(frame.zone).date() if isinstance(value, datetime) else value
    return formats.day(local, frame.lang, year=year)


@pass_context
def moment(context: Context, at: datetime, seconds: bool = False) -> str:
    frame = frame_of(context)
    return formats.moment(at, frame.now, frame.zone, frame.lang, seconds=seconds)


@pass_context
def ago(context: Context, at: datetime) -> str:
    frame = frame_of(context)
    return formats.ago(at, frame.now, frame.lang)


@pass_context
def iso(context: Context, at: datetime) -> str:
    """For `<time datetime>`: with the site's offset."""
    return at.astimezone(frame_of(context).zone).isoformat(timespec="seconds")


@pass_context
def once(context: Context, macro: Macro, *arguments: object) -> str:
    """What a macro makes of these arguments; of hundreds of rows that look alike it is called for one."""
    made: dict[tuple[object, ...], str] = context["made"]
    key = (macro.name, *arguments)
    if key not in made:
        made[key] = macro(*arguments)
    return made[key]


def wave(peaks: Sequence[float]) -> str:
    """Peaks (0-1) as the `d` of an SVG path, mirrored about the middle of a box `len(peaks)` by 80."""
    middle = WAVE_HEIGHT / 2
    tall = (max(min(peak, 1.0), 0.01) * middle for peak in peaks)
    return "".join(f"M{x}.5 {middle - half:.1f}V{middle + half:.1f}" for x, half in enumerate(tall))


@dataclass(frozen=True)
class Assets:
    """Addresses of static files that change with their content, so browsers may keep them for ever."""

    root: Path
    prefix: str

    def address(self, name: str) -> str:
        """Raises FileNotFoundError for a file that is not there."""
        return f"{self.prefix}/{name}?v={fingerprint(self.root / name)}"


@cache
def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


FILTERS = (
    *(say, number, decibels, milliseconds, size, degrees, duration),
    *(hour, dated, day, moment, ago, iso, wave, formats.timer, formats.loudness, formats.peak),
)


class Renderer:
    """Makes HTML of views; threads may share one."""

    def __init__(self, *, static_prefix: str = "/static") -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update({each.__name__: each for each in FILTERS})
        more: Mapping[str, Any] = {
            "t": translate,
            "term": term,
            "spoken": spoken,
            "weekdays": weekdays,
            "once": once,
            "house": {"lufs": TARGET_LUFS, "dbtp": PEAK_LIMIT_DBTP},
            "asset": cache(Assets(HERE / "static", static_prefix).address),
        }
        self._environment.globals.update(more)

    def html(self, view: View, *, frame: Frame) -> str:
        """The whole page, or the fragment, that `view` names; raises jinja2 errors on a mistake in a
        template.
        """
        return self._environment.get_template(view.template).render(view=view, frame=frame, made={})
