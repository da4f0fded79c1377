"""What the hub keeps of the site's recovery key: its public half, and a number that only grows.

The private half is on paper (`hub.paper_key`). Nodes take another key of the site from it alone, and only
under a number above the one that they hold.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hub.errors import Unavailable
from hub.files import write_private

__all__ = ["FILE", "Recovery", "keep", "kept", "next_number"]

FILE = "recovery.json"
_SHORT = 8


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """`public` is what nodes pin, `id` (RFC 7638) tells one paper from another; `number` is that of the
    site's present key."""

    public: str
    id: str
    number: int
    made_at: datetime

    @property
    def short_id(self) -> str:
        """Enough of the id to find the right paper by."""
        return self.id[:_SHORT]

    def pinned(self) -> dict[str, Any]:
        """What nodes are given of it, for `[keys]`."""
        return {"recovery": self.public, "number": self.number}

    def text(self) -> str:
        """Its file."""
        return json.dumps({**asdict(self), "made_at": self.made_at.isoformat()})


def kept(data: Path) -> Recovery | None:
    """The one of the site, if it has one. Raises `Unavailable`, OSError."""
    file = data / FILE
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return Recovery(**{**content, "made_at": datetime.fromisoformat(content["made_at"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise Unavailable(f"{file} cannot be read ({error}). Put that of a backup in its place") from error


def keep(data: Path, recovery: Recovery) -> None:
    """Write it down. Raises OSError."""
    write_private(data / FILE, recovery.text())


def next_number(last: Recovery | None, *, now: datetime) -> int:
    """The number of the next key: Unix milliseconds, and above the last."""
    return max(last.number + 1 if last else 0, int(now.timestamp() * 1000))
