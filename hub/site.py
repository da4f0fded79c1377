"""The site's house rules: read by the programme, changed by the administrator, carried by every plan."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from edge.wire.house_rules import HouseRules, QuietHours
from hub.errors import Invalid, Problem
from hub.events import Events
from hub.hours import clock_of
from hub.people.roles import Actor, Role
from hub.publishing import Publishing
from hub.revisions import must_be_as_seen
from hub.store import audit, site
from hub.store.database import Database, Store
from hub.store.site import KeptRules

__all__ = ["Site"]

_MOST_QUIET_HOURS = 10


class Site:
    """Access to the house rules."""

    def __init__(
        self, *, store: Store, publishing: Publishing, events: Events, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._publishing = publishing
        self._events = events
        self._now = now

    def begin(self, rules: HouseRules) -> None:
        """Write the rules with which a new site begins; what was written before stays."""
        self._store.write(
            lambda db: site.keep_house_rules(db, KeptRules(rules)) if site.house_rules(db) is None else None
        )

    def kept(self) -> KeptRules:
        """The rules as last changed, by whom and when, without exceptions."""
        return site.house_rules(self._store.read()) or KeptRules(HouseRules())

    def rules(self) -> HouseRules:
        """The rules with the exceptions that are not over."""
        return site.rules_in_force(self._store.read(), at=self._now())

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.kept().rules.timezone)

    def change(
        self,
        actor: Actor,
        *,
        quiet: Sequence[tuple[str, str]],
        timezone: str | None = None,
        revision: int | None = None,
    ) -> KeptRules:
        """Set the quiet hours, as (start, end) in local HH:MM (or as `6h`, `5h30`); none allows every hour.

        Publishes all plans. Rules that stand already change nothing; `revision` is that of the rules seen.

        Raises `Forbidden`, `Invalid` (`wrong_quiet_hours`, `unknown_timezone`, `too_many`), or `Conflict`
        (`rules_changed`) where somebody saved meanwhile.
        """
        actor.must(Role.ADMINISTRATOR)
        rules = _checked(quiet, timezone or self.kept().rules.timezone)
        if self._store.write(lambda db: self._keep(db, actor, rules, revision)):
            self._publishing.refresh_or_later()
            self._events.publish("schedules")
        return self.kept()

    def _keep(self, db: Database, actor: Actor, rules: HouseRules, revision: int | None) -> bool:
        """Whether there was anything to write."""
        before = site.house_rules(db) or KeptRules(HouseRules())
        if rules == before.rules:
            return False
        by, at = before.changed_by, before.changed_at
        must_be_as_seen(revision, before.revision, code="rules_changed", by=by, at=at)
        kept = KeptRules(
            rules,
            changed_by=actor.person.name,
            changed_at=self._now(),
            revision=before.revision + 1,
            changed_by_id=actor.person.id,
        )
        site.keep_house_rules(db, kept)
        audit.record(
            db,
            at=self._now(),
            actor=actor,
            action="site.house_rules",
            what="site:house_rules",
            detail={
                "before": before.rules.model_dump(mode="json"),
                "after": rules.model_dump(mode="json"),
            },
        )
        return True


def _written(text: str) -> str:
    """A time of day as rules keep it; what is none, or tells seconds, is left for the rules to refuse."""
    clock = clock_of(text)
    return f"{clock:%H:%M}" if clock is not None and clock.second == 0 else text


def _checked(quiet: Sequence[tuple[str, str]], timezone: str) -> HouseRules:
    problems = []
    hours = []
    if len(quiet) > _MOST_QUIET_HOURS:
        problems.append(Problem("too_many", "quiet", {"found": len(quiet), "wanted": _MOST_QUIET_HOURS}))
    for number, (start, end) in enumerate(quiet):
        try:
            hours.append(QuietHours(start=_written(start), end=_written(end)))
        except ValidationError:
            found = f"{start}–{end}"[:40]
            problems.append(Problem("wrong_quiet_hours", f"quiet.{number}", {"found": found}))
    try:
        rules = HouseRules(timezone=timezone)
    except ValidationError:
        problems.append(Problem("unknown_timezone", "timezone", {"found": timezone[:80]}))
    if problems:
        raise Invalid(*problems)
    return rules.model_copy(update={"quiet": tuple(hours)})
