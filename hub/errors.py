"""What the hub refuses, and why.

HubError
├── Refused               a person asked for what cannot be; `code` and `facts` let any page say it
│   ├── Invalid           fields do not hold: each named, nothing stored (422)
│   ├── Unauthenticated   who they are is not known (401)
│   ├── Forbidden         the person's roles do not allow it (403)
│   ├── NotFound          there is no such thing (404)
│   ├── Conflict          it clashes with what stands: occurrences, a house rule, a state (409)
│   ├── TooLarge          more bytes than the limit (413)
│   └── Throttled         too many tries; `retry_after_s` says when the next may be made (429)
└── Unavailable           something the hub needs is not there: broker, disk, tool
"""

from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Conflict",
    "Forbidden",
    "HubError",
    "Invalid",
    "NotFound",
    "Problem",
    "Refused",
    "Throttled",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
]


class HubError(Exception):
    """Base of every error of the hub."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `where` names the field, `code` a sentence that `facts` fill."""

    code: str
    where: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class Refused(HubError):
    """A person asked for what cannot be; every problem at once."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.where}: {p.code} {p.facts}".strip(": ") for p in problems))
        self.problems = problems


class Invalid(Refused):
    """Fields that do not hold."""


class Unauthenticated(Refused):
    """Who they are is not known."""


class Forbidden(Refused):
    """Not allowed to this person."""


class NotFound(Refused):
    """No such thing."""


class Conflict(Refused):
    """Clashes with what stands."""


class TooLarge(Refused):
    """More bytes than the limit."""


class Throttled(Refused):
    """Too many tries; the next may be made after `retry_after_s` seconds."""

    def __init__(self, problem: Problem, *, retry_after_s: int) -> None:
        super().__init__(problem)
        self.retry_after_s = retry_after_s


class Unavailable(HubError):
    """Something the hub needs is not there; `problem` says it to people where there are words for it."""

    def __init__(self, message: str, *, problem: Problem | None = None) -> None:
        super().__init__(message)
        self.problem = problem or Problem("unavailable", facts={"found": message})
