"""A time of day as people write it. Pure."""

import re
from datetime import time

__all__ = ["clock_of"]

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?:[hg]|[:hg.]([0-5][0-9])(?:[:.]([0-5][0-9]))?)")


def clock_of(text: str) -> time | None:
    """The time that `17:00`, `17:00:30`, `17h00`, `17g00`, `5h30`, `6h` or `6:00` says; None for others."""
    found = _CLOCK.fullmatch(text.strip().lower())
    if found is None:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups())
    return time(hour, minute, second)
