"""Who comes to where an emergency runs joins it, and nobody leaves it before it has sounded."""

from functools import partial

import pytest

from edge.wire.orders import OrderKind
from hub.store import nodes
from hub.targets import Target
from tests import factories_emergency
from tests.factories_emergency import APPROVER, EVERYWHERE, bulletin_held_by
from tests.factories_hub import Village

begin = partial(factories_emergency.begin, despite_missing=True)


@pytest.fixture
def bulletin(village: Village) -> str:
    return bulletin_held_by(village)


def enrol(village: Village, name: str = "loa-4", area: str = "to-2") -> None:
    village.enrol(name, area)
    village.publishing.refresh()


@pytest.mark.parametrize("where", [EVERYWHERE, Target(areas=("to-2",)), Target(areas=("phuong",))])
def test_a_loudspeaker_enrolled_meanwhile_joins_and_is_counted(
    village: Village, bulletin: str, where: Target
) -> None:
    begun = begin(village, bulletin, target=where)
    village.now.pass_s(30)
    enrol(village)
    standing = village.line.standing("loa-4")
    assert standing.emergencies == (begun.kept.content,)
    assert standing.version > begun.kept.content.seq
    assert "loa-4" in [covered.node for covered in village.coverages.of(begun.kept)]
    assert set(begun.kept.content.recordings) <= {
        each.sha256 for each in village.line.plan("loa-4").recordings
    }


def test_the_others_are_not_told_again_when_one_joins(village: Village, bulletin: str) -> None:
    begin(village, bulletin)
    village.line.sent.clear()
    enrol(village)
    assert {message.topic.split("/")[3] for message in village.line.sent} == {"loa-4"}


@pytest.mark.parametrize("where", [Target(areas=("to-1",)), Target(nodes=("loa-3",))])
def test_a_loudspeaker_enrolled_elsewhere_does_not_join(
    village: Village, bulletin: str, where: Target
) -> None:
    begin(village, bulletin, target=where)
    enrol(village)
    assert village.line.standing("loa-4").emergencies == ()


def test_a_loudspeaker_that_is_moved_there_joins(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin, target=Target(areas=("to-1",)))
    village.store.write(lambda db: nodes.move(db, "loa-3", name="loa-3", area="to-1"))
    village.publishing.refresh()
    assert village.line.standing("loa-3").emergencies == (begun.kept.content,)


def test_where_it_was_stopped_a_new_loudspeaker_stays_silent(village: Village, bulletin: str) -> None:
    begin(village, bulletin)
    village.orders.issue(APPROVER, kind=OrderKind.STOP, areas=["to-2"])
    enrol(village)
    assert village.line.standing("loa-4").emergencies == ()


def test_one_that_joined_is_reached_by_the_cancelling(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    enrol(village)
    assert "loa-4" in village.emergencies.cancel(APPROVER, begun.kept.id).nodes
    assert village.line.standing("loa-4").emergencies == ()


def test_the_last_repetition_stays_in_standing_states_until_it_has_sounded(
    village: Village, bulletin: str
) -> None:
    begun = begin(village, bulletin, until=village.in_s(61))
    village.now.pass_s(65)
    village.orders.issue(APPROVER, kind=OrderKind.VOLUME, value=50, everywhere=True)
    assert village.line.standing("loa-1").emergencies == (begun.kept.content,)
    village.now.pass_s(10)
    village.orders.issue(APPROVER, kind=OrderKind.VOLUME, value=60, everywhere=True)
    assert village.line.standing("loa-1").emergencies == ()
