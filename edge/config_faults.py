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
    not fit others). Secrets are not repeated. A check over several keys speaks where nothing else does."""
    seen: set[Location] = set()
    over_keys: list[tuple[Location, str]] = []
    for detail in error.errors(include_url=False, include_input=False):
        place = _place(detail["loc"])
        if detail["type"] == "value_error" and len(place) < 2:
            over_keys.append((place, detail["msg"].removeprefix("Value error, ")))
        elif place not in seen:
            seen.add(place)
            yield _fault(path, model, content, place, unknown=detail["type"] == _UNKNOWN)
    for place in misfits:
        if place not in seen:
            seen.add(place)
            yield _fault(path, model, content, place, unknown=False)
    told = {place[0] for place in seen}
    for place, wanted in over_keys:
        if (place and place[0] not in told) or not seen:
            seen.add(place)
            section = str(place[0]) if place else ""
            yield SettingFault(path, section=section, wanted=wanted, found="something else")


def _place(location: Location) -> Location:
    """Section and key; with the section's number between them where there are several of its name."""
    is_numbered = len(location) > 1 and isinstance(location[1], int)
    return location[: 3 if is_numbered else 2]


def _fault(
    path: Path, model: type[BaseModel], content: dict[str, Any], place: Location, *, unknown: bool
) -> SettingFault:
    section, keys = str(place[0]), [part for part in place[1:] if isinstance(part, str)]
    key = keys[0] if keys else ""
    holder = _section_of(model.model_fields[section]) if key else model
    name = key or section
    if unknown:
        wanted = _nearest(name, holder)
    else:
        field = holder.model_fields[name]
        wanted = field.description or f"a section [{section}]"
    perhaps = list(holder.model_fields.values()) if unknown else [holder.model_fields[name]]
    found = _found(content, place, is_secret=any(map(_is_secret, perhaps)))
    numbers = [part + 1 for part in place[1:2] if isinstance(part, int)]
    shown = f"{section} {numbers[0]}" if numbers else section
    return SettingFault(path, section=shown, key=key, wanted=wanted, found=found)


def _nearest(name: str, holder: type[BaseModel]) -> str:
    near = get_close_matches(name, holder.model_fields, n=1)
    return f"perhaps {near[0]!r}" if near else f"one of {', '.join(holder.model_fields)}"


def _section_of(field: FieldInfo) -> type[BaseModel]:
    choices = (field.annotation, *get_args(field.annotation))
    return next(choice for choice in choices if isinstance(choice, type) and issubclass(choice, BaseModel))


def _is_secret(field: FieldInfo) -> bool:
    return SecretStr in (field.annotation, *get_args(field.annotation))


def _found(content: dict[str, Any], place: Location, *, is_secret: bool) -> str:
    value: Any = content
    for part in place:
        has_part = part in value if isinstance(value, dict) else isinstance(value, list)
        if not has_part:
            return _NOTHING
        value = value[part]
    if is_secret:
        return f"a text of {len(value)} characters" if isinstance(value, str) else "something else"
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(each, dict) for each in value)):
        return "a section"
    text = repr(value) if not isinstance(value, bool) else str(value).lower()
    return text if len(text) <= _LONGEST_FOUND else f"{text[:_LONGEST_FOUND]}…"
