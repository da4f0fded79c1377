"""What is wrong with the hub's settings, said so that a person can mend it."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from hub.errors import HubError

__all__ = ["ConfigFault", "WrongSettings", "explained"]

_LONGEST_FOUND = 100


@dataclass(frozen=True)
class ConfigFault:
    """One setting that does not hold: where it stands, what was wanted, what was found."""

    file: Path
    section: str
    key: str
    wanted: str
    found: str

    def __str__(self) -> str:
        place = f"[{self.section}] {self.key}".strip() if self.section else self.key
        return f"{self.file}: {place}: wanted {self.wanted}; found {self.found}"


class WrongSettings(HubError):
    """The settings cannot be used; `faults` names every reason."""

    def __init__(self, *faults: ConfigFault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def explained(file: Path, error: ErrorDetails, *, model: type[BaseModel]) -> ConfigFault:
    """What pydantic found in the content of a `model` of sections, by section and key."""
    place = [str(part) for part in error["loc"]]
    sections = {name: _section(field) for name, field in model.model_fields.items()}
    known = {name: section for name, section in sections.items() if section is not None}
    section, key = place[0], ".".join(place[1:])
    if section not in known and not isinstance(error["input"], dict):  # a key above all sections
        section, key = "", section
    return ConfigFault(file, section, key, _wanted(error, place, known), _found(error, known))


def _section(field: FieldInfo) -> type[BaseModel] | None:
    choices = (field.annotation, *get_args(field.annotation))
    return next((each for each in choices if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _wanted(error: ErrorDetails, place: list[str], sections: dict[str, type[BaseModel]]) -> str:
    section, keys = place[0], place[1:]
    if error["type"] == "extra_forbidden":
        return _nearest(place[-1], sections[section].model_fields if keys else sections)
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    if not keys:
        return f"a section [{section}]"
    return sections[section].model_fields[keys[0]].description or error["msg"]


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"perhaps {near[0]!r}" if near else f"one of {', '.join(known)}"


def _found(error: ErrorDetails, sections: Container[str]) -> str:
    value: Any = error["input"]
    is_unknown = error["type"] == "extra_forbidden"
    if error["type"] == "missing":
        return "nothing"
    if isinstance(value, dict):
        return "a section" if is_unknown else "something else"
    place = error["loc"]
    is_elsewhere = place[0] in sections and place[0] != "broker"
    if "password" in place or (is_unknown and not is_elsewhere):  # mistyped, or above its section
        return "something else"
    return repr(value)[:_LONGEST_FOUND]
