"""A node with a new card is not asked to play again what it has told the outcome of."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from edge.wire.entries import Armed, Finished, Outcome
from edge.wire.plan import MisfireRule
from hub.people.roles import Role
from hub.store import cards
from tests.factories import LEDGER
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)
NEW = UUID(int=77)
LATE: dict[str, Any] = {"misfire": MisfireRule.LATE, "late_s": 3600}


@pytest.fixture
def heard(village: Village) -> str:
    """An occurrence that may begin an hour late, and that loa-1 has played; the next one is tomorrow's."""
    draft = village.draft(village.bulletin(), areas=("phuong",), **LATE)
    created = village.schedules.create(CLERK, draft)
    for node in ("loa-1", "loa-2"):
        village.born(node, plan=village.line.plan(node).version)
    village.now.pass_s(180)
    [occurrence] = created.occurrences
    finished = Finished(occurrence=occurrence.id, due_at=occurrence.starts_at, outcome=Outcome.PLAYED)
    village.wrote("loa-1", [finished])
    village.line.sent.clear()
    return occurrence.id


def planned(village: Village, node: str = "loa-1") -> list[str]:
    return [occurrence.id for occurrence in village.line.plan(node).occurrences]


def test_a_new_card_is_not_asked_to_play_it_again(village: Village, heard: str) -> None:
    village.born("loa-1", ledger=NEW)
    assert planned(village) == []


def test_a_node_that_comes_back_with_its_own_card_keeps_its_plan(village: Village, heard: str) -> None:
    village.born("loa-1", ledger=LEDGER)
    assert planned(village) == [heard]
    assert village.publishing.refresh() == 0


def test_no_other_plan_changes(village: Village, heard: str) -> None:
    village.born("loa-1", ledger=NEW)
    village.line.sent.clear()
    assert village.publishing.refresh() == 0
    village.born("loa-2", ledger=NEW)
    assert planned(village, "loa-2") == [heard]


def test_what_the_old_card_told_nothing_of_is_played_by_the_new_one(village: Village, heard: str) -> None:
    later = village.schedules.create(
        CLERK, village.draft(village.bulletin(), starts_at=village.in_s(60), **LATE)
    )
    village.now.pass_s(120)
    village.born("loa-1", ledger=NEW)
    assert planned(village) == [each.id for each in later.occurrences]


def test_what_the_new_card_has_in_hand_stays_in_its_plan(village: Village, heard: str) -> None:
    """It may sound just now: what a plan no longer names is let go."""
    village.born("loa-2", ledger=NEW)
    due = village.line.plan("loa-2").occurrences[0].due_at
    armed = village.batch([Armed(occurrence=heard, due_at=due)], ledger=NEW)
    village.says("loa-2", "ledger", armed.encode())
    finished = Finished(occurrence=heard, due_at=due, outcome=Outcome.PLAYED)
    village.wrote("loa-2", [finished])
    village.publishing.refresh()
    assert planned(village, "loa-2") == [heard]


def test_it_stays_left_out_as_long_as_it_could_still_begin(village: Village, heard: str) -> None:
    village.born("loa-1", ledger=NEW)
    village.line.sent.clear()
    for _ in range(16):
        village.now.pass_s(timedelta(hours=1).total_seconds())
        village.publishing.refresh(["loa-1"])
    assert all(heard not in token.decode() for token in village.line.to("loa-1", "plan"))
    assert village.publishing.refresh(["loa-1"]) == 0


def test_a_hub_that_began_anew_leaves_it_out_as_well(village: Village, heard: str) -> None:
    village.born("loa-1", ledger=NEW)
    village.close()
    village.open()
    village.line.sent.clear()
    assert village.publishing.refresh() == 0
    village.born("loa-1", ledger=NEW)
    assert planned(village) == []


def test_what_an_old_card_told_is_looked_up_by_time(village: Village, heard: str) -> None:
    village.born("loa-1", ledger=NEW)
    db, asked = village.store.read(), list[str]()
    db.conn.set_trace_callback(asked.append)
    told = cards.told_before(db, since=village.now() - timedelta(hours=13))
    db.conn.set_trace_callback(None)
    (question,) = (each for each in asked if "FROM plays" in each)
    assert "plays_by_time" in str(list(db.execute(f"EXPLAIN QUERY PLAN {question}")))
    assert told == {"loa-1": {heard}}
