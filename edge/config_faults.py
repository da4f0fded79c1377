"""Faults in a settings file, in our words: file, section, key, wanted, found."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic.fields import FieldInfo

from edge.errors import EdgeError

__all__ = ["ConfigError", "Location", "SettingFault", "explain"]

_NOTHING = "nothing"
_UNKNOWN = "extra_forbidden"
_LONGEST_FOUND = 80

Location = tuple[int | str, ...]  # a section, or a section and a key


@dataclass(frozen=True)
class SettingFault:
    """One fault; `section` and `key` are empty where it concerns the whole file or section."""

    file: Path
    section: str = ""
    key: str = ""
    wanted: str = ""
    found: str = _NOTHING

    def __str__(self) -> str:
        place = " ".join(part for part in (f"[{self.section}]" if self.section else "", self.key) if part)
        return f"{self.file}: {f'{place}: ' if place else ''}wanted {self.wanted}; found {self.found}"


class ConfigError(EdgeError):
    """The settings cannot be used; `faults` are all of them."""

    def __init__(self, faults: list[SettingFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def explain(
    path: Path,
    model: type[BaseModel],
    content: dict[str, Any],
    *,
    error: ValidationError,
    misfits: list[Location],
) -> Iterator[SettingFault]:
    """The faults that pydantic found in `content`, one for each place, then the `misfits` (known keys that do
    not fit others). Secrets are not repeated. A check over several keys speaks through `misfits` only."""
    seen: set[Location] = set()
    for detail in error.errors(include_url=False, include_input=False):
        place = detail["loc"][:2]
        over_keys = detail["type"] == "value_error" and len(place) < 2
        if place in seen or over_keys:
            continue
        seen.add(place)
        yield _fault(path, model, content, place, unknown=detail["type"] == _UNKNOWN)
    for place in misfits:
        if place not in seen:
            yield _fault(path, model, content, place, unknown=False)


def _fault(
    path: Path, model: type[BaseModel], content: dict[str, Any], place: Location, *, unknown: bool
) -> SettingFault:
    section, key = str(place[0]), str(place[1]) if len(place) > 1 else ""
    holder = model if not key else _section_of(model.model_fields[section])
    name = key or section
    if unknown:
        wanted = _nearest(name, holder)
    else:
        field = holder.model_fields[name]
        wanted = field.description or f"a section [{section}]"
    found = _found(content, place, holder.model_fields.get(name))
    return SettingFault(path, section=section, key=key, wanted=wanted, found=found)


def _nearest(name: str, holder: type[BaseModel]) -> str:
    near = get_close_matches(name, holder.model_fields, n=1)
    return f"perhaps {near[0]!r}" if near else f"one of {', '.join(holder.model_fields)}"


def _section_of(field: FieldInfo) -> type[BaseModel]:
    choices = (field.annotation, *get_args(field.annotation))
    return next(choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel))


def _found(content: dict[str, Any], place: Location, field: FieldInfo | None) -> str:
    value: Any = content
    for part in place:
        if not isinstance(value, dict) or part not in value:
            return _NOTHING
        value = value[part]
    if field is not None and field.annotation is SecretStr:
        return f"a text of {len(value)} characters" if isinstance(value, str) else "something else"
    if isinstance(value, dict):
        return "a section"
    text = repr(value) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}…"
