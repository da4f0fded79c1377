"""What nothing is made of any more goes at night; what pages, reports and evidence need stays."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from sqlite3 import IntegrityError
from zoneinfo import ZoneInfo

import pytest

from edge.wire.entries import Body
from hub.config import KeepSettings
from hub.pruning import Pruning
from hub.retention import Mark
from hub.store import audit, pruning
from hub.store.database import Database
from tests import factories as make
from tests.factories_counter import pressed
from tests.factories_hub import Village, boots

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY_S = 24 * 3600.0
YEAR = 366
TO_TWO_AT_NIGHT_S = 17 * 3600.0
KEPT, MORE = 1_000, 60
AT_ONCE = 200


class Nights:
    """A village, and its nights."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.knows_time = True
        self.pruning = self.begin()
        village.now.pass_s(TO_TWO_AT_NIGHT_S)

    def begin(self, **keep: int) -> Pruning:
        """As the hub begins anew."""
        self.pruning = Pruning(
            store=self.village.store,
            keep=KeepSettings(**keep),
            now=self.village.now,
            zone=lambda: ZONE,
            knows_time=lambda: self.knows_time,
        )
        return self.pruning

    def pass_(self, nights: int) -> None:
        for _ in range(nights):
            self.village.now.pass_s(DAY_S)
            self.pruning.step()

    def later(self, days: int, *, entries: int = 3, audit: int = 5) -> None:
        """Nights pass and leave nothing behind but how far they went."""
        self.village.now.pass_s(days * DAY_S)
        now = self.village.now()
        for kind, years in {"entries": entries, "audit": audit}.items():
            before = Mark(now.date() - timedelta(days=1), now - timedelta(days=years * 365.25 + 1), years)
            self.village.store.write(lambda db, kind=kind, before=before: pruning.keep_mark(db, kind, before))

    def was_on(self, *, days_ago: int) -> None:
        """The last night that left its mark; nothing is too young to go."""
        now = self.village.now()
        night = now.astimezone(ZONE).date() - timedelta(days=days_ago)
        before = Mark(night, now - timedelta(days=3 * 365.25 + 1), 3)
        self.village.store.write(lambda db: pruning.keep_mark(db, "entries", before))
        self.village.store.write(lambda db: pruning.keep_mark(db, "audit", before))

    def entries(self, node: str = "loa-1") -> list[int]:
        rows = self.village.store.read().execute(
            "SELECT seq FROM entries WHERE node = ? ORDER BY seq", [node]
        )
        return [seq for (seq,) in rows.fetchall()]

    def rows(self, table: str) -> list[object]:
        return list(self.village.store.read().table(table).rows)


@pytest.fixture
def nights(village: Village) -> Nights:
    return Nights(village)


def write(village: Village, bodies: Sequence[Body], *, node: str = "loa-1", first: int = 1) -> None:
    for begin in range(0, len(bodies), AT_ONCE):
        village.wrote(node, bodies[begin : begin + AT_ONCE], first=first + begin)


def note(village: Village, count: int) -> None:
    def work(db: Database) -> None:
        for _ in range(count):
            audit.record(db, at=village.now(), actor=None, action="test", what="it")

    village.store.write(work)


def played(count: int) -> list[Body]:
    due = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    return [make.finished(occurrence=f"s{number}.20261120T0200Z", due_at=due) for number in range(count)]


def test_entries_go_after_their_years_and_not_before(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE))
    nights.later(3 * YEAR - 40)
    nights.pass_(20)
    assert len(nights.entries()) == KEPT + MORE
    nights.later(20)
    nights.pass_(1)
    assert nights.entries() == list(range(MORE + 1, MORE + KEPT + 1))


def test_nothing_goes_by_day_after_a_night_in_which_it_could(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE))
    nights.later(4 * YEAR)
    nights.was_on(days_ago=1)
    nights.village.now.pass_s(DAY_S / 2)
    nights.pruning.step()
    assert len(nights.entries()) == KEPT + MORE


def test_at_a_hub_that_is_off_at_night_it_goes_by_day_and_to_its_end(nights: Nights) -> None:
    write(nights.village, boots(KEPT + 4_000))
    nights.later(4 * YEAR)
    nights.was_on(days_ago=2)
    nights.village.now.pass_s(DAY_S / 2)
    for _ in range(3):
        nights.pruning.step()
    assert len(nights.entries()) == KEPT


def test_nothing_goes_while_the_clock_is_not_believed(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE))
    nights.later(4 * YEAR)
    nights.knows_time = False
    nights.pass_(20)
    assert len(nights.entries()) == KEPT + MORE


def test_a_clock_that_is_decades_ahead_for_a_night_costs_nothing_that_is_young(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE))
    nights.pass_(2)
    nights.village.now.pass_s(30 * YEAR * DAY_S)
    nights.pass_(20)
    assert len(nights.entries()) == KEPT + MORE


def test_what_came_while_the_clock_was_decades_behind_goes_with_its_neighbours(nights: Nights) -> None:
    write(nights.village, boots(MORE))
    nights.later(2 * YEAR)
    write(nights.village, boots(MORE), first=MORE + 1)
    nights.village.now.pass_s(-30 * YEAR * DAY_S)
    write(nights.village, boots(MORE), first=2 * MORE + 1)
    nights.village.now.pass_s(30 * YEAR * DAY_S)
    write(nights.village, boots(KEPT), first=3 * MORE + 1)
    nights.later(2 * YEAR)
    nights.pass_(1)
    assert nights.entries() == list(range(MORE + 1, 3 * MORE + KEPT + 1))


def test_what_came_while_the_clock_was_decades_ahead_goes_with_its_neighbours(nights: Nights) -> None:
    write(nights.village, boots(MORE))
    nights.village.now.pass_s(30 * YEAR * DAY_S)
    write(nights.village, boots(700), first=MORE + 1)
    nights.village.now.pass_s(-30 * YEAR * DAY_S)
    write(nights.village, boots(MORE + KEPT), first=MORE + 701)
    nights.later(4 * YEAR)
    nights.pass_(1)
    assert nights.entries() == list(range(2 * MORE + 701, 2 * MORE + 701 + KEPT))


def test_a_ledger_that_began_while_the_clock_was_ahead_is_no_exception(nights: Nights) -> None:
    nights.village.now.pass_s(30 * YEAR * DAY_S)
    write(nights.village, boots(1))
    nights.village.now.pass_s(-30 * YEAR * DAY_S)
    write(nights.village, boots(KEPT + MORE), first=2)
    nights.later(4 * YEAR)
    nights.pass_(1)
    assert len(nights.entries()) == KEPT


def test_a_night_with_a_clock_that_is_behind_takes_nothing_back_and_costs_nothing(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE))
    nights.later(4 * YEAR)
    nights.village.now.pass_s(-30 * YEAR * DAY_S)
    nights.pass_(3)
    assert len(nights.entries()) == KEPT + MORE
    nights.village.now.pass_s(30 * YEAR * DAY_S)
    nights.pass_(1)
    assert len(nights.entries()) == KEPT


def test_lines_of_the_audit_log_of_a_clock_that_was_ahead_hold_up_none_behind_them(nights: Nights) -> None:
    nights.village.now.pass_s(30 * YEAR * DAY_S)
    note(nights.village, 1)
    nights.village.now.pass_s(-30 * YEAR * DAY_S)
    note(nights.village, MORE)
    nights.later(6 * YEAR)
    note(nights.village, KEPT)
    nights.pass_(1)
    assert len(nights.rows("audit")) == KEPT + 1


def test_a_year_of_the_audit_log_ends_with_its_newest_line(nights: Nights) -> None:
    nights.begin(audit_years=1)
    note(nights.village, KEPT)
    nights.village.now.pass_s(DAY_S)
    note(nights.village, MORE + KEPT)
    nights.later(364, audit=1)
    before = len(nights.rows("audit"))
    note(nights.village, 1)
    nights.village.now.pass_s(10 * DAY_S)
    nights.later(1, audit=1)
    nights.pass_(1)
    assert KEPT < len(nights.rows("audit")) < before


def test_a_batch_that_comes_again_after_years_is_not_stored_again(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE))
    nights.later(4 * YEAR)
    nights.pass_(1)
    before = nights.entries()
    assert before[0] > 1
    write(nights.village, boots(MORE))
    assert nights.entries() == before
    assert nights.village.line.stored("loa-1")[-1] == KEPT + MORE


def test_what_waits_beyond_a_gap_stays(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE), first=5)
    nights.later(4 * YEAR)
    nights.pass_(1)
    assert len(nights.entries()) == KEPT + MORE


@pytest.mark.parametrize(
    ("table", "bodies"),
    [("plays", played(KEPT + MORE)), ("presses", [pressed(1 + number % 4) for number in range(KEPT + MORE)])],
)
def test_what_was_made_of_them_stays(nights: Nights, table: str, bodies: list[Body]) -> None:
    write(nights.village, bodies)
    before = nights.rows(table)
    nights.later(4 * YEAR)
    nights.pass_(1)
    assert len(nights.entries()) == KEPT
    assert nights.rows(table) == before


def test_lines_of_the_audit_log_go_after_their_own_years(nights: Nights) -> None:
    before = len(nights.rows("audit"))
    note(nights.village, MORE)
    nights.later(5 * YEAR - 40)
    note(nights.village, KEPT)
    nights.pass_(1)
    assert len(nights.rows("audit")) == before + MORE + KEPT
    nights.later(50)
    nights.pass_(1)
    assert len(nights.rows("audit")) == KEPT


def test_the_audit_log_is_kept_longer_than_entries(nights: Nights) -> None:
    note(nights.village, KEPT + MORE)
    nights.later(4 * YEAR, audit=3)
    nights.pass_(1)
    assert len(nights.rows("audit")) >= KEPT + MORE


def test_the_last_year_of_the_audit_log_cannot_be_cut(nights: Nights) -> None:
    note(nights.village, 1)
    nights.later(300)
    note(nights.village, 1)
    with pytest.raises(IntegrityError, match="cannot be cut"):
        nights.village.store.write(lambda db: db.execute("DELETE FROM audit"))
    nights.later(100)
    note(nights.village, 1)
    nights.village.store.write(
        lambda db: db.execute("DELETE FROM audit WHERE id = (SELECT min(id) FROM audit)")
    )


def test_years_are_those_of_the_settings(nights: Nights) -> None:
    write(nights.village, boots(KEPT + MORE))
    nights.begin(entries_years=10)
    nights.later(9 * YEAR, entries=10)
    nights.pass_(20)
    assert len(nights.entries()) == KEPT + MORE


def test_a_write_lets_few_go_and_the_next_step_goes_on(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.pruning._AT_ONCE", 5)
    write(nights.village, boots(KEPT + MORE))
    nights.later(4 * YEAR)
    nights.pass_(1)
    assert nights.entries()[0] == 4 * 5 + 1
    for _ in range(10):
        nights.pruning.step()
    assert len(nights.entries()) == KEPT
