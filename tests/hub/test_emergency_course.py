"""How an emergency went: each repetition at each loudspeaker, and why not at the others."""

from datetime import timedelta
from typing import Any

import pytest

from edge.wire.entries import Cached, Finished, Obeyed, Outcome, Reason, Started
from edge.wire.orders import OrderKind
from hub.emergencies import Begun
from hub.emergency_checks import WantedEmergency
from hub.emergency_course import NO_WORD, UNREACHED, Course, Missed, times_due
from hub.people.roles import Role
from hub.targets import Target
from tests.factories import SHA256
from tests.factories_hub import Village, actor

APPROVER = actor(Role.APPROVER, name="Hoa")
CLERK = actor(Role.CLERK)
NODES = ("loa-1", "loa-2", "loa-3")


@pytest.fixture
def begun(village: Village) -> Begun:
    """An emergency that repeats every minute for an hour, held by all three loudspeakers."""
    bulletin = village.bulletin("Sơ tán tránh lũ", priority="emergency", duration_ms=12_000)
    for node in NODES:
        village.born(node)
        village.wrote(node, [Cached(recording=SHA256, bytes=1000)])
    wanted = WantedEmergency(bulletin=bulletin, target=Target(everywhere=True), repeat_every_s=60)
    return village.emergencies.begin(APPROVER, wanted)


def told(village: Village, begun: Begun, node: str, *outcomes: Any) -> None:
    """A node's word of the first repetitions: an outcome each, or (outcome, reason)."""
    bodies = []
    for number, each in enumerate(outcomes):
        outcome, reason = each if isinstance(each, tuple) else (each, None)
        due = begun.kept.content.starts_at + number * timedelta(seconds=60)
        name = f"{begun.kept.id}.{number}"
        bodies.append(Finished(occurrence=name, due_at=due, outcome=outcome, reason=reason))
    village.wrote(node, bodies, first=2)


def course(village: Village, begun: Begun, most: int = 10) -> Course:
    return village.courses.of(village.emergencies.get(begun.kept.id), most=most)


def test_each_repetition_says_at_how_many_it_was_heard_the_newest_first(
    village: Village, begun: Begun
) -> None:
    told(village, begun, "loa-1", Outcome.PLAYED, Outcome.PLAYED)
    told(village, begun, "loa-2", Outcome.PLAYED)
    village.now.pass_s(70)
    found = course(village, begun)
    assert [(each.number, each.heard, each.nodes) for each in found.repetitions] == [(2, 1, 3), (1, 2, 3)]
    assert found.repetitions[0].due_at == begun.kept.content.starts_at + timedelta(seconds=60)


def test_a_repetition_names_where_it_was_not_heard_and_why(village: Village, begun: Begun) -> None:
    told(village, begun, "loa-1", (Outcome.SKIPPED, Reason.POWER))
    told(village, begun, "loa-2", (Outcome.CUT, None))
    village.now.pass_s(58)  # 12 seconds of sound, and half a minute to tell of it, are over
    (first,) = course(village, begun).repetitions
    assert first.missed == (
        Missed(why="power", nodes=("loa-1",)),
        Missed(why="cut", nodes=("loa-2",)),
        Missed(why="unconfirmed", nodes=("loa-3",)),
    )


def test_who_may_still_sound_it_is_not_called_silent(village: Village, begun: Begun) -> None:
    due, name = begun.kept.content.starts_at, f"{begun.kept.id}.0"
    started = Started(occurrence=name, due_at=due, started_at=due, start_error_ms=1.0)
    village.wrote("loa-1", [started], first=2)
    village.wrote("loa-2", [Obeyed(seq=begun.kept.content.seq, order="emergency")], first=2)
    village.now.pass_s(1)
    (first,) = course(village, begun).repetitions
    assert (first.sounding, [each.nodes for each in first.missed]) == (1, [("loa-3",)])


def test_each_loudspeaker_counts_how_often_it_sounded_and_why_not(village: Village, begun: Begun) -> None:
    power = (Outcome.SKIPPED, Reason.POWER)
    told(village, begun, "loa-1", Outcome.PLAYED, power, power, Outcome.PLAYED)
    village.now.pass_s(3 * 60 + 50)
    found = course(village, begun)
    one, two, _ = found.nodes
    assert (found.times, found.reached) == (4, 1)
    assert (one.heard, one.missed, one.area) == (2, (("power", 2),), "Tổ 1")
    assert (two.heard, two.missed) == (0, (("unconfirmed", 4),))


def test_only_the_newest_are_listed_but_all_are_counted(village: Village, begun: Begun) -> None:
    told(village, begun, "loa-1", *[Outcome.PLAYED] * 30)
    village.now.pass_s(30 * 60)
    found = course(village, begun, most=4)
    assert ([each.number for each in found.repetitions], found.nodes[0].heard) == ([30, 29, 28, 27], 30)


def test_who_has_not_confirmed_the_end_is_told_apart(village: Village, begun: Begun) -> None:
    for node in NODES:
        village.wrote(node, [Obeyed(seq=begun.kept.content.seq, order="emergency")], first=2)
    village.now.pass_s(5)
    ended = village.emergencies.cancel(APPROVER, begun.kept.id)
    assert ended.kept.ended_seq is not None
    village.wrote("loa-1", [Obeyed(seq=ended.kept.ended_seq, order="cancel")], first=3)
    assert [at.confirmed for at in course(village, begun).nodes] == [True, False, False]


def test_what_stands_now_explains_nothing_of_what_is_over(village: Village, begun: Begun) -> None:
    told(village, begun, "loa-1", Outcome.PLAYED)
    village.now.pass_s(600)
    village.emergencies.cancel(APPROVER, begun.kept.id)
    village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-2"])
    assert course(village, begun).nodes[1].missed == ((NO_WORD, 10),)


def test_who_is_here_when_it_is_over_and_told_nothing_was_not_reached(village: Village, begun: Begun) -> None:
    village.now.pass_s(55)
    village.emergencies.cancel(APPROVER, begun.kept.id)
    village.now.pass_s(600)
    village.health("loa-1")
    assert [at.missed for at in course(village, begun).nodes][:2] == [((UNREACHED, 1),), ((NO_WORD, 1),)]


def test_what_was_armed_when_it_ended_was_not_due(village: Village, begun: Begun) -> None:
    told(village, begun, "loa-1", Outcome.PLAYED, (Outcome.SKIPPED, Reason.WITHDRAWN))
    village.now.pass_s(30)
    village.emergencies.cancel(APPROVER, begun.kept.id)
    found = course(village, begun)
    assert (found.times, found.nodes[0].heard, found.nodes[0].missed) == (1, 1, ())


def test_where_it_was_stopped_that_is_why(village: Village, begun: Begun) -> None:
    village.now.pass_s(55)
    village.orders.issue(CLERK, kind=OrderKind.STOP, everywhere=True)
    assert {at.missed for at in course(village, begun).nodes} == {(("stopped", 1),)}


@pytest.mark.parametrize(("after_s", "times"), [(-1, 0), (0, 1), (59, 1), (60, 2), (7200, 60)])
def test_repetitions_are_due_from_the_first_to_the_end(begun: Begun, after_s: int, times: int) -> None:
    content = begun.kept.content
    assert times_due(content, content.starts_at + timedelta(seconds=after_s)) == times


def test_one_that_does_not_repeat_is_due_once(begun: Begun) -> None:
    once = begun.kept.content.model_copy(update={"repeat_every_s": None})
    assert times_due(once, once.until) == 1
