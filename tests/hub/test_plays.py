"""Plays of many loudspeakers, told and expected, in parts and in sums."""

from datetime import timedelta

import pytest

from edge.wire.entries import Cached, Outcome
from edge.wire.orders import OrderKind
from hub.errors import NotFound
from hub.people.roles import Role
from hub.plays import Count
from hub.programme.terms import Occurrence, Rule
from tests import factories as make
from tests.factories import SHA256
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)


def daily(village: Village) -> tuple[Occurrence, ...]:
    draft = village.draft(village.bulletin(), areas=("phuong",), rule=Rule.DAILY)
    return village.schedules.create(CLERK, draft).occurrences


def played(village: Village, node: str, occurrence: Occurrence, **changes: object) -> None:
    named = {"occurrence": occurrence.id, "due_at": occurrence.starts_at}
    village.wrote(node, [make.finished(**named | changes)])


def test_a_limit_keeps_the_first_told_or_not(village: Village) -> None:
    first, second, *_ = daily(village)
    played(village, "loa-2", first)
    found = village.plays.find(schedule=first.schedule.id, limit=4)
    assert [(play.occurrence, play.node, play.state) for play in found] == [
        (first.id, "loa-1", "planned"),
        (first.id, "loa-2", "finished"),
        (first.id, "loa-3", "planned"),
        (second.id, "loa-1", "planned"),
    ]


def test_plays_of_one_node_and_one_occurrence_are_found(village: Village) -> None:
    _, second, *_ = daily(village)
    found = village.plays.find(occurrence=second.id, node="loa-3")
    assert [play.id for play in found] == [f"{second.id}@loa-3"]


@pytest.mark.parametrize("name", ["99991231T235959Z", "00010101T000000Z", "tomorrow"])
def test_an_occurrence_that_cannot_be_is_not_found(village: Village, name: str) -> None:
    schedule = daily(village)[0].schedule.id
    with pytest.raises(NotFound):
        village.plays.get(f"{schedule}.{name}@loa-1")
    with pytest.raises(NotFound):
        village.schedules.occurrence(f"{schedule}.{name}")


def test_an_occurrence_is_counted_over_all_its_loudspeakers(village: Village) -> None:
    first, second, *_ = daily(village)
    village.born("loa-1", plan=village.line.plan("loa-1").version)
    village.wrote("loa-1", [Cached(recording=SHA256, bytes=1000)])
    played(village, "loa-2", first)
    played(village, "loa-3", first, outcome=Outcome.FAILED)
    found = village.schedules.occurrences(first.starts_at, second.starts_at + timedelta(seconds=1))
    counts = village.plays.counts([(of.occurrence, of.places) for of in found])
    assert counts == {
        first.id: Count(ready=3, playing=0, heard=1, over=2),
        second.id: Count(ready=1, playing=0, heard=0, over=0),
    }


def test_a_muted_loudspeaker_is_not_counted_ready(village: Village) -> None:
    first, *_ = daily(village)
    village.born("loa-1", plan=village.line.plan("loa-1").version)
    village.wrote("loa-1", [Cached(recording=SHA256, bytes=1000)])
    village.orders.issue(actor(Role.CLERK), kind=OrderKind.MUTE, nodes=["loa-1"])
    of = village.schedules.occurrence(first.id)
    assert village.plays.counts([(of.occurrence, of.places)])[first.id].ready == 0


def test_nobody_is_ready_for_what_the_house_rules_now_forbid(village: Village) -> None:
    first, *_ = daily(village)
    village.born("loa-1", plan=village.line.plan("loa-1").version)
    village.wrote("loa-1", [Cached(recording=SHA256, bytes=1000)])
    local = first.starts_at.astimezone(village.site.zone)
    hours = (f"{local:%H:%M}", f"{local + timedelta(hours=1):%H:%M}")
    village.site.change(actor(Role.ADMINISTRATOR), quiet=[hours])
    of = village.schedules.occurrence(first.id)
    assert village.plays.counts([(of.occurrence, of.places)])[first.id].ready == 0
