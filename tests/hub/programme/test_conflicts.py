"""What overlaps where."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from edge.wire.base import Priority
from hub.programme.conflicts import clashes
from hub.programme.terms import Areas, Clip, Occurrence, Place, Scheduled

AREAS = Areas({"phuong": None, "to-1": "phuong", "to-2": "phuong"})
PLACES = (Place("loa-1", "to-1"), Place("loa-2", "to-2"))
START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def at(minute: float, *, minutes: float = 10, name: str = "o", **changes: Any) -> Occurrence:
    fields: dict[str, Any] = {
        "id": name,
        "bulletin": "b",
        "title": name,
        "priority": Priority.ROUTINE,
        "clips": (Clip("a" * 64, 1, int(minutes * 60_000)),),
        "starts_at": START + timedelta(minutes=minute),
        "areas": ("to-1",),
    }
    schedule = Scheduled(**fields | changes)
    return Occurrence(name, schedule, schedule.starts_at)


def found(one: Occurrence, *others: Occurrence) -> list[str]:
    return [clash.standing.id for clash in clashes([one], others, places=PLACES, areas=AREAS)]


def test_overlapping_spans_at_a_common_loudspeaker_clash() -> None:
    assert found(at(0), at(9, name="x")) == ["x"]


def test_spans_that_touch_do_not() -> None:
    assert found(at(0), at(10, name="x"), at(-10, name="y")) == []


def test_a_span_within_another_clashes() -> None:
    assert found(at(0, minutes=60), at(20, minutes=1, name="x")) == ["x"]


def test_other_loudspeakers_do_not_clash() -> None:
    assert found(at(0), at(0, name="x", areas=("to-2",))) == []


def test_an_area_clashes_with_the_one_it_lies_in() -> None:
    assert found(at(0), at(0, name="x", areas=("phuong",))) == ["x"]


def test_a_single_loudspeaker_clashes_with_its_area() -> None:
    assert found(at(0), at(0, name="x", areas=(), nodes=("loa-1",))) == ["x"]


def test_areas_without_a_loudspeaker_do_not_clash() -> None:
    empty = Areas({"phuong": None, "to-3": "phuong"})
    one, other = at(0, areas=("to-3",)), at(0, name="x", areas=("to-3",))
    assert clashes([one], [other], places=PLACES, areas=empty) == []


def test_an_emergency_pre_empts_and_does_not_clash() -> None:
    assert found(at(0, priority=Priority.EMERGENCY), at(0, name="x")) == []
    assert found(at(0), at(0, name="x", priority=Priority.EMERGENCY)) == []


def test_priority_against_priority_is_a_clash_to_be_decided() -> None:
    one, other = at(0, priority=Priority.PRIORITY), at(5, name="x", priority=Priority.PRIORITY)
    [clash] = clashes([one], [other], places=PLACES, areas=AREAS)
    assert clash.of_priorities


def test_a_clash_names_the_time_and_the_places_in_common() -> None:
    one, other = at(0, areas=("phuong",)), at(5, name="x")
    [clash] = clashes([one], [other], places=PLACES, areas=AREAS)
    assert clash.places == (PLACES[0],)
    assert (clash.start, clash.end) == (START + timedelta(minutes=5), START + timedelta(minutes=10))


moments = st.tuples(st.integers(0, 120), st.integers(1, 60))


@given(st.lists(moments, max_size=8), st.lists(moments, max_size=8))
def test_the_sweep_finds_what_comparing_all_pairs_finds(
    wanted: list[tuple[int, int]], standing: list[tuple[int, int]]
) -> None:
    ones = [at(m, minutes=d, name=f"w{n}") for n, (m, d) in enumerate(wanted)]
    others = [at(m, minutes=d, name=f"s{n}") for n, (m, d) in enumerate(standing)]
    pairs = {
        (one.id, other.id)
        for one in ones
        for other in others
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at
    }
    swept = clashes(ones, others, places=PLACES, areas=AREAS)
    assert {(clash.wanted.id, clash.standing.id) for clash in swept} == pairs
    assert len(swept) == len(pairs)
