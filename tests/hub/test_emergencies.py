"""An emergency is in the file, then out at once, and lasts until its end, its cancelling or a stop."""

from datetime import timedelta
from typing import Any

import pytest

from edge.wire.entries import Cached
from edge.wire.orders import OrderKind
from edge.wire.topics import Topics
from hub.emergencies import HEAD_START
from hub.emergency_checks import WantedEmergency
from hub.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from hub.people.roles import Role
from hub.store import audit
from hub.targets import Target
from tests.factories import SHA256, SITE
from tests.factories_emergency import APPROVER, EVERYWHERE, begin, bulletin_held_by
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)
TOPICS = Topics(SITE)
NODES = ("loa-1", "loa-2", "loa-3")


@pytest.fixture
def bulletin(village: Village) -> str:
    return bulletin_held_by(village, *NODES)


def refusal(village: Village, bulletin: str, **changes: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        begin(village, bulletin, **changes)
    return refused.value


def codes(village: Village, bulletin: str, **changes: Any) -> list[str]:
    return [problem.code for problem in refusal(village, bulletin, **changes).problems]


def stop(village: Village, **where: Any) -> int:
    return village.orders.issue(CLERK, kind=OrderKind.STOP, **where or {"everywhere": True}).seq


def test_the_order_leaves_before_anything_else(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    first = village.line.sent[0]
    [(topic, order)] = village.line.orders()
    assert (first.topic, topic, first.retain) == (TOPICS.order_all, TOPICS.order_all, False)
    assert order.emergency == begun.kept.content


def test_every_addressed_node_has_it_in_its_standing_state(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin, target=Target(areas=("to-1",)))
    assert begun.nodes == ("loa-1", "loa-2")
    for node in begun.nodes:
        standing = village.line.standing(node)
        assert (standing.version, standing.emergencies) == (begun.kept.content.seq, (begun.kept.content,))


def test_other_nodes_hear_nothing_of_it(village: Village, bulletin: str) -> None:
    begin(village, bulletin, target=Target(nodes=("loa-3",)))
    assert village.line.to("loa-1", "standing") == []


def test_it_begins_at_once_with_a_head_start_for_all_to_begin_together(
    village: Village, bulletin: str
) -> None:
    content = begin(village, bulletin).kept.content
    assert content.starts_at - village.now() == HEAD_START < timedelta(milliseconds=300)


def test_it_ends_by_itself_although_nobody_said_when(village: Village, bulletin: str) -> None:
    begin(village, bulletin)
    village.now.pass_s(3700)
    assert village.emergencies.running() == []


def test_what_has_ended_leaves_the_standing_state(village: Village, bulletin: str) -> None:
    begin(village, bulletin)
    village.now.pass_s(3700)
    village.publishing.send_standings(["loa-1"])
    assert village.line.standing("loa-1").emergencies == ()


def test_it_survives_the_hub(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    village.close()
    village.open()
    village.publishing.republish()
    assert village.line.standing("loa-2").emergencies == (begun.kept.content,)


def test_cancelling_goes_the_fast_way_and_leaves_the_standing_state(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    village.emergencies.cancel(APPROVER, begun.kept.id)
    assert village.line.orders()[-1][1].cancels == begun.kept.id
    assert village.line.standing("loa-1").emergencies == ()
    assert village.emergencies.running() == []


def test_what_is_over_cannot_be_cancelled(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    village.emergencies.cancel(APPROVER, begun.kept.id)
    with pytest.raises(Conflict):
        village.emergencies.cancel(APPROVER, begun.kept.id)


def test_what_never_was_cannot_be_cancelled(village: Village) -> None:
    with pytest.raises(NotFound):
        village.emergencies.cancel(APPROVER, "x")


def test_only_an_approver_begins_and_cancels(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    wanted = WantedEmergency(bulletin=bulletin, target=EVERYWHERE)
    with pytest.raises(Forbidden):
        village.emergencies.begin(CLERK, wanted)
    with pytest.raises(Forbidden):
        village.emergencies.cancel(CLERK, begun.kept.id)


def test_a_stop_ends_it_for_good(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    stop(village)
    village.orders.issue(CLERK, kind=OrderKind.RESUME, everywhere=True)
    assert village.line.standing("loa-1").emergencies == ()
    ended = village.emergencies.get(begun.kept.id)
    assert (ended.ended_how, ended.ended_by) == ("stopped", "Lan")


def test_a_stop_of_one_area_ends_it_there_only(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    stop(village, areas=["to-2"])
    assert village.line.standing("loa-3").emergencies == ()
    assert village.line.standing("loa-1").emergencies == (begun.kept.content,)
    assert village.emergencies.running() != []


def test_under_a_stop_it_needs_the_number_of_that_stop(village: Village, bulletin: str) -> None:
    seq = stop(village)
    [problem] = refusal(village, bulletin).problems
    assert (problem.code, problem.facts["seq"], problem.facts["by"]) == ("stop_in_force", seq, "Lan")
    assert begin(village, bulletin, despite_stop=seq).nodes == NODES


def test_a_confirmation_of_an_older_stop_does_not_override_a_newer_one(
    village: Village, bulletin: str
) -> None:
    seq = stop(village)
    village.now.pass_s(1)
    stop(village)
    assert codes(village, bulletin, despite_stop=seq) == ["stop_in_force"]


def test_nodes_that_lack_the_recordings_are_named(village: Village, bulletin: str) -> None:
    other = village.bulletin("Khác", priority="emergency", sha256="b" * 64)
    village.wrote("loa-1", [Cached(recording="b" * 64, bytes=1000)], first=2)
    [problem] = refusal(village, other, repeat_every_s=None).problems
    assert (problem.code, problem.facts["nodes"]) == ("recordings_missing", ["loa-2", "loa-3"])


def test_who_knows_of_the_missing_ones_begins_with_the_others(village: Village, bulletin: str) -> None:
    other = village.bulletin("Khác", priority="emergency", sha256="b" * 64)
    assert begin(village, other, repeat_every_s=None, despite_missing=True).nodes == NODES
    assert "b" * 64 in {each.sha256 for each in village.line.plan("loa-1").recordings}


def test_both_obstacles_are_named_at_once(village: Village, bulletin: str) -> None:
    other = village.bulletin("Khác", priority="emergency", sha256="b" * 64)
    stop(village)
    assert codes(village, other, repeat_every_s=None) == ["recordings_missing", "stop_in_force"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"target": Target()}, "target_needed"),
        ({"target": Target(areas=("x",))}, "unknown_area"),
        ({"bulletin": "x"}, "unknown_bulletin"),
        ({"repeat_every_s": 13}, "repeat_too_short"),
        ({"repeat_every_s": 86_401}, "repeat_too_short"),
    ],
)
def test_a_wrong_wish_is_refused_and_not_sent(
    village: Village, bulletin: str, changes: dict[str, Any], code: str
) -> None:
    error = refusal(village, **{"bulletin": bulletin} | changes)
    assert isinstance(error, Invalid)
    assert [problem.code for problem in error.problems] == [code]
    assert village.line.sent == []


@pytest.mark.parametrize("hours", [-1, 25])
def test_it_ends_within_a_day(village: Village, bulletin: str, hours: int) -> None:
    assert codes(village, bulletin, until=village.in_s(hours * 3600)) == ["emergency_end"]


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"priority": "routine"}, "not_emergency"),
        ({"priority": "emergency", "state": "submitted"}, "not_approved"),
        ({"priority": "emergency", "recording_state": "preparing"}, "not_ready"),
    ],
)
def test_a_bulletin_that_may_not_sound_is_refused(village: Village, made: dict[str, Any], code: str) -> None:
    assert code in codes(village, village.bulletin("X", **made), repeat_every_s=None)


def test_every_plan_lists_the_recordings_of_approved_emergency_bulletins(
    village: Village, bulletin: str
) -> None:
    village.publishing.republish()
    assert [each.sha256 for each in village.line.plan("loa-3").recordings] == [SHA256]


def test_it_is_in_the_audit_log_with_what_was_confirmed(village: Village, bulletin: str) -> None:
    seq = stop(village)
    begin(village, bulletin, despite_stop=seq)
    [entry] = audit.entries(village.store.read(), limit=9, action="emergency.begun")
    assert (entry.who, entry.detail["despite_stop"], entry.detail["nodes"]) == ("hoa", seq, 3)


def test_without_a_broker_it_stands_and_says_so(village: Village, bulletin: str) -> None:
    village.line.linked = False
    begun = begin(village, bulletin)
    assert not begun.sent
    village.line.linked = True
    village.publishing.republish()
    assert village.line.standing("loa-1").emergencies == (begun.kept.content,)
