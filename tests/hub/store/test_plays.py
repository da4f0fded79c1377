"""How plays are looked up in a file that holds years of them."""

import pytest

from hub.store import plays
from hub.store.database import Store
from tests.factories import NOW


@pytest.mark.parametrize("only", [{"schedule": "s"}, {"occurrence": "s.20261120T100000Z"}, {"node": "loa-1"}])
def test_a_span_is_looked_up_by_time_whatever_else_is_asked(store: Store, only: dict[str, str]) -> None:
    db, asked = store.read(), list[str]()
    db.conn.set_trace_callback(asked.append)
    plays.told(db, start=NOW, end=NOW, limit=10, **only)
    db.conn.set_trace_callback(None)
    (question,) = (each for each in asked if each.startswith("SELECT"))
    plan = " ".join(str(row) for row in db.execute(f"EXPLAIN QUERY PLAN {question}"))
    assert "plays_by_time" in plan


def test_how_far_an_occurrence_came_is_read_from_one_place_in_the_file(store: Store) -> None:
    db, asked = store.read(), list[str]()
    db.conn.set_trace_callback(asked.append)
    plays.progress(db, ["s.20261120T100000Z"])
    db.conn.set_trace_callback(None)
    (question,) = asked
    plan = " ".join(str(row) for row in db.execute(f"EXPLAIN QUERY PLAN {question}"))
    assert "COVERING INDEX plays_by_occurrence" in plan
