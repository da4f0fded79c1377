"""The repetitions of an emergency."""

from datetime import timedelta

from edge.speaker.emergencies import first_open, is_running, next_due, repetitions
from tests import factories as make

THREE = make.emergency(until=make.NOW + timedelta(seconds=121))
LONG_AFTER = make.NOW + timedelta(hours=5)


def test_they_are_due_from_start_to_start_and_before_the_end() -> None:
    found = repetitions(THREE, start=make.NOW, until=LONG_AFTER, settled=set())
    assert [(each.id, (each.due_at - make.NOW).total_seconds()) for each in found] == [
        ("e-1.0", 0),
        ("e-1.1", 60),
        ("e-1.2", 120),
    ]


def test_one_that_would_begin_at_the_very_end_does_not_begin() -> None:
    two = make.emergency(until=make.NOW + timedelta(seconds=120))
    assert len(list(repetitions(two, start=make.NOW, until=LONG_AFTER, settled=set()))) == 2


def test_one_that_does_not_repeat_is_one() -> None:
    once = make.emergency(repeat_every_s=None)
    assert [each.id for each in repetitions(once, start=make.NOW, until=LONG_AFTER, settled=set())] == [
        "e-1.0"
    ]


def test_what_has_its_outcome_is_not_asked_for_again() -> None:
    found = repetitions(THREE, start=make.NOW, until=LONG_AFTER, settled={"e-1.0", "e-1.2"})
    assert [each.id for each in found] == ["e-1.1"]


def test_it_runs_until_its_last_repetition_has_an_outcome() -> None:
    assert is_running(THREE, {"e-1.0", "e-1.1"})
    assert not is_running(THREE, {"e-1.2"})


def test_the_next_is_due_after_now_and_none_after_the_last() -> None:
    second = make.NOW + timedelta(seconds=60)
    assert next_due(THREE, start=make.NOW, after=make.NOW) == second
    assert next_due(THREE, start=make.NOW, after=second + timedelta(seconds=60)) is None


def test_before_it_begins_the_next_is_the_first() -> None:
    assert next_due(THREE, start=make.NOW, after=make.NOW - timedelta(days=1)) == make.NOW


def test_the_first_open_one_lies_behind_those_that_sounded() -> None:
    assert first_open(THREE, {"e-1.0", "e-1.1"}) == timedelta(seconds=120)
