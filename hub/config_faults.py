"""What is wrong with the hub's settings, said so that a person can mend it."""

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from hub.errors import HubError

__all__ = ["ConfigFault", "WrongSettings", "explained"]


_PATTERNS = {
    "id": "1 to 63 of a-z, 0-9 and -, a letter or digit first",
    "url": "an address such as https://loa.lan, without a path",
    "socket": "the path of a socket, such as /run/loa-hub/http.sock",
    "second": "the path of a folder on another disk, or nothing",
}
"""What is wanted of a text with a pattern, by key."""


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


def explained(file: Path, error: ErrorDetails, *, sections: Container[str]) -> ConfigFault:
    """What pydantic found, by section and key."""
    place = [str(part) for part in error["loc"]]
    section, key = (place[0], ".".join(place[1:])) if len(place) > 1 else ("", ".".join(place))
    if len(place) == 1 and place[0] in sections:
        section, key = place[0], ""
    return ConfigFault(file, section, key, _wanted(error), _found(error))


def _wanted(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return "a value"
        case "extra_forbidden":
            return "nothing of this name"
        case "string_pattern_mismatch":
            return _PATTERNS.get(str(error["loc"][-1]), error["msg"])
    return error["msg"].removeprefix("Value error, ")


def _found(error: ErrorDetails) -> str:
    value: Any = error["input"]
    if error["type"] == "missing":
        return "nothing"
    is_mistyped = error["type"] == "extra_forbidden"  # perhaps it is the password
    if is_mistyped or "password" in error["loc"] or isinstance(value, dict):
        return "something else"
    return repr(value)[:100]
