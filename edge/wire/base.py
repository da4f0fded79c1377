"""What every message shares: its version, strictness, and the small types of its fields.

Times travel as ISO 8601 in UTC, identifiers as short plain ASCII, recordings as the SHA-256 of their bytes.
"""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from edge.wire.errors import UnknownVersion, Unreadable

__all__ = [
    "MAX_MESSAGE_BYTES",
    "PROTOCOL",
    "ClockReading",
    "ClockState",
    "Detail",
    "Instant",
    "Key",
    "Message",
    "Model",
    "Name",
    "Number",
    "Ordinal",
    "Percent",
    "Person",
    "Priority",
    "Sha256",
    "Text",
    "faults_of",
]

PROTOCOL: Literal[1] = 1
MAX_MESSAGE_BYTES = 8 * 1024 * 1024  # a plan of 10,000 occurrences takes about 4 MB


_FIRST_YEAR, _LAST_YEAR = 1970, 2999  # what is computed with an instant can then never overflow
_LONGEST_DETAIL = 500
_LARGEST = 2**53 - 1  # the largest whole number that every JSON reader keeps, and that SQLite stores


def _to_utc(instant: datetime) -> datetime:
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise ValueError(f"a year from {_FIRST_YEAR} to {_LAST_YEAR} is wanted")
    return instant.astimezone(UTC)


def _cut(text: str) -> str:
    return text[:_LONGEST_DETAIL]


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
Number = Annotated[int, Field(ge=0, le=_LARGEST)]
Ordinal = Annotated[int, Field(ge=1, le=_LARGEST)]
Text = Annotated[str, StringConstraints(max_length=200)]
Detail = Annotated[str, AfterValidator(_cut)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Percent = Annotated[int, Field(ge=0, le=100)]
Person = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Priority(StrEnum):
    """Thông tư 39/2020/TT-BTTTT: thông thường, ưu tiên, khẩn cấp."""

    ROUTINE = "routine"
    PRIORITY = "priority"
    EMERGENCY = "emergency"


class ClockState(StrEnum):
    """How far a node's wall clock may be believed."""

    SYNCED = "synced"
    HOLDOVER = "holdover"
    UNTRUSTED = "untrusted"


class Model(BaseModel):
    """An immutable, strictly validated value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class ClockReading(Model):
    """A clock's state and the greatest error it may have, in milliseconds; None when nothing bounds it."""

    state: ClockState
    bound_ms: Annotated[float, Field(ge=0)] | None = None


class Message(Model):
    """A message of the contract. `v` is the contract's version, the same for every message."""

    v: Literal[1] = PROTOCOL

    def encode(self) -> bytes:
        """The message as UTF-8 JSON."""
        return self.model_dump_json().encode()

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Read `raw` strictly. Raises `UnknownVersion` or `Unreadable`."""
        if len(raw) > MAX_MESSAGE_BYTES:
            raise Unreadable("too_large", f"{len(raw)} bytes")
        try:
            return cls.model_validate_json(raw)
        except ValidationError as error:
            raise _explained(cls.__name__, raw, error) from error


def _explained(name: str, raw: bytes, error: ValidationError) -> Unreadable | UnknownVersion:
    version = _version(raw)
    if version is not None and version != PROTOCOL:
        found = _cut(str(version))
        return UnknownVersion("unknown_version", f"{name} version {found}; this program speaks {PROTOCOL}")
    return Unreadable("unreadable", _cut(f"{name}: {faults_of(error)}"))


def faults_of(error: ValidationError) -> str:
    """The first faults, each with its place in the message; never the sender's own bytes in full."""
    details = error.errors(include_url=False, include_context=False, include_input=False)[:5]
    return "; ".join(f"{_place(detail['loc'])}: {detail['msg'][:120]}" for detail in details)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part)[:40] for part in location[:6]) or "message"


def _version(raw: bytes) -> object:
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return content.get("v") if isinstance(content, dict) else None
