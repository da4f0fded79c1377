"""Ratings at the counters: presses as they were made, and what they add up to.

Every person who is logged in may see the sums. Single presses, which may carry a dossier's code, are for
those who answer for the counters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.errors import Invalid, NotFound, Problem
from hub.people.roles import Actor, Role
from hub.ratings.periods import Period, instants
from hub.ratings.sums import Group, Tally, by_counter, by_levels, share_satisfied
from hub.store import presses
from hub.store.database import Store, from_text, to_text
from hub.store.presses import Check, Press

__all__ = ["PRESS_READERS", "Counters", "Place", "Summary", "place_of", "written_place"]

PRESS_READERS = (
    Role.COUNTER_OFFICER,
    Role.APPROVER,
    Role.VIEWER,
    Role.TECHNICIAN,
    Role.ADMINISTRATOR,
)
"""Who reads single presses."""

Place = tuple[datetime, str, str, int]
"""Where a page of presses ended: (at, node, ledger, seq)."""

_LONGEST_DAYS = 3700
_HOUR = timedelta(hours=1)
_NONE = timedelta()


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Sums of `[start, end)`, over all counters and of each, by id; a sum for each scale that was in use."""

    start: datetime
    end: datetime
    total: tuple[Tally, ...]
    counters: dict[str, tuple[Tally, ...]]

    @property
    def share(self) -> float | None:
        """The share of satisfied, 0-1; None without ratings."""
        return share_satisfied(self.total)


class Counters:
    """Reads ratings; ledgers write them (`hub.inbox`)."""

    def __init__(self, *, store: Store, zone: Callable[[], ZoneInfo], now: Callable[[], datetime]) -> None:
        self._store = store
        self._zone = zone
        self._now = now

    @property
    def today(self) -> date:
        """Today at the site."""
        return self._now().astimezone(self._zone()).date()

    def names(self) -> dict[str, str]:
        """Every counter that is or was in service, by id, in the order of names."""
        return presses.counters(self._store.read())

    def of(self, span: Period) -> tuple[datetime, datetime]:
        """When a period begins and ends at the site."""
        return instants(span, self._zone())

    def groups(self, start: datetime, end: datetime, counter: str | None = None) -> list[Group]:
        """Presses of `[start, end)`, at one counter or all together, by level and hour of the site.

        Raises `NotFound` (`no_such_counter`) or `Invalid` (`wrong_period`).
        """
        self._must_hold(start, end, counter)
        is_whole = not any((at.astimezone(self._zone()).utcoffset() or _NONE) % _HOUR for at in (start, end))
        return presses.groups(self._store.read(), start=start, end=end, node=counter, quarters=not is_whole)

    def summary(self, start: datetime, end: datetime, counter: str | None = None) -> Summary:
        """The sums of `[start, end)`. Counters without a press are there too, with none.

        Raises what `groups` raises.
        """
        self._must_hold(start, end, counter)
        found = presses.sums(self._store.read(), start=start, end=end, node=counter)
        sums = by_counter(found)
        names = [counter] if counter is not None else [*self.names()]
        return Summary(
            start=start,
            end=end,
            total=by_levels(found),
            counters={name: sums.get(name, ()) for name in names},
        )

    def presses(
        self,
        actor: Actor,
        *,
        start: datetime,
        end: datetime,
        counter: str | None = None,
        counted: bool | None = None,
        before: Place | None = None,
        limit: int = 100,
    ) -> list[Press]:
        """Single presses, newest first, counted or not; `before` is the place of the last one seen.

        Raises `Forbidden`.
        """
        actor.must(*PRESS_READERS)
        return presses.newest(
            self._store.read(),
            start=start,
            end=end,
            node=counter,
            counted=counted,
            before=before,
            limit=limit,
        )

    def checks(self) -> dict[str, Check]:
        """The last comparison of each counter's own sums with what is stored."""
        return presses.checks(self._store.read())

    def _must_hold(self, start: datetime, end: datetime, counter: str | None) -> None:
        if counter is not None and counter not in self.names():
            raise NotFound(Problem("no_such_counter", facts={"found": counter[:100]}))
        if end <= start or (end - start).days > _LONGEST_DAYS:
            raise Invalid(Problem("wrong_period", "to", {"most_days": _LONGEST_DAYS}))


def written_place(press: Press) -> str:
    """Where a page ends with `press`, for the address of the next one."""
    return f"{to_text(press.at)}~{press.node}~{press.ledger}~{press.seq}"


def place_of(before: str | None) -> Place | None:
    """The place that `written_place` wrote. Raises `Invalid` (`wrong_page`)."""
    if before is None:
        return None
    try:
        at, node, ledger, seq = before.split("~")
        return from_text(at).astimezone(UTC), node, ledger, min(max(int(seq), 0), 2**53)
    except (ValueError, OverflowError) as error:
        raise Invalid(Problem("wrong_page", "before", {"found": before})) from error
