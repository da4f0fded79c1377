"""Up to when old lines may go. Pure: each night a little more, whatever the clock says."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

__all__ = ["Mark", "horizon", "is_behind", "is_night"]

_YEAR: Final = timedelta(days=365.25)
_STEP: Final = timedelta(days=7)
_BEGINNING: Final = datetime(2026, 1, 1, tzinfo=UTC)  # what is older was written by a wrong clock
_NIGHT: Final = range(1, 5)


@dataclass(frozen=True)
class Mark:
    """In the night of `night` what is older than `until` may go, where lines are kept for `years`."""

    night: date
    until: datetime
    years: int


def is_night(local: datetime) -> bool:
    """Whether this is the time for it, by the site's clock."""
    return local.hour in _NIGHT


def horizon(before: Mark | None, *, oldest: datetime, now: datetime, night: date, years: int) -> Mark:
    """How far it may go in this night: `years` back from `now`, and no more than a week further than in the
    night before (`before`). In the first night nothing goes, for `oldest` says only where to begin. So a
    clock that is decades ahead costs a week a night of what is oldest; one that is behind takes nothing back,
    for only more years do."""
    if before is None:
        return Mark(night, max(min(now, oldest), _BEGINNING) - years * _YEAR, years)
    reached = before.until - max(0, years - before.years) * _YEAR
    furthest = reached if before.night == night else reached + _STEP
    return Mark(night, max(reached, min(now - years * _YEAR, furthest)), years)


def is_behind(mark: Mark, now: datetime) -> bool:
    """Whether this clock was further once than it is now, so that nobody can say by it what is old."""
    return now - mark.years * _YEAR < mark.until
