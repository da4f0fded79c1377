"""At which loudspeakers a running emergency is heard, and why not at the others."""

from datetime import timedelta

import pytest

from edge.wire.entries import Armed, Finished, Obeyed, Outcome, Reason, Started
from edge.wire.orders import OrderKind
from hub.emergencies import Begun
from hub.people.roles import Role
from tests.factories_emergency import begin, bulletin_held_by
from tests.factories_hub import Village, actor

CLERK = actor(Role.CLERK)
NODES = ("loa-1", "loa-2", "loa-3")


@pytest.fixture
def bulletin(village: Village) -> str:
    return bulletin_held_by(village, *NODES)


def states(village: Village, begun: Begun) -> list[str]:
    kept = village.emergencies.get(begun.kept.id)
    return [covered.state for covered in village.coverages.of(kept)]


def test_who_has_not_confirmed_is_listed(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    village.wrote("loa-1", [Obeyed(seq=begun.kept.content.seq, order="emergency")], first=2)
    assert states(village, begun) == ["waiting", "unconfirmed", "unconfirmed"]


def test_who_is_mute_stays_so_and_is_listed(village: Village, bulletin: str) -> None:
    village.orders.issue(CLERK, kind=OrderKind.MUTE, nodes=["loa-2"])
    assert states(village, begin(village, bulletin))[1] == "muted"


def test_who_was_stopped_is_listed(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    village.orders.issue(CLERK, kind=OrderKind.STOP, nodes=["loa-2"])
    assert states(village, begun)[1] == "stopped"


def test_plays_of_the_last_repetition_are_told(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    due, name = begun.kept.content.starts_at, f"{begun.kept.id}.0"
    started = Started(occurrence=name, due_at=due, started_at=due, start_error_ms=1.0)
    village.wrote("loa-1", [Armed(occurrence=name, due_at=due), started], first=2)
    village.wrote("loa-2", [Finished(occurrence=name, due_at=due, outcome=Outcome.PLAYED)], first=2)
    failed = Finished(occurrence=name, due_at=due, outcome=Outcome.FAILED, reason=Reason.DEVICE)
    village.wrote("loa-3", [failed], first=2)
    covered = village.coverages.of(begun.kept)
    assert [each.state for each in covered] == ["sounding", "heard", "not_played"]
    assert covered[2].reason == "device"


def test_where_it_was_heard_stays_so_while_the_next_repetition_waits(village: Village, bulletin: str) -> None:
    begun = begin(village, bulletin)
    first, due = f"{begun.kept.id}.0", begun.kept.content.starts_at
    played = Finished(occurrence=first, due_at=due, outcome=Outcome.PLAYED)
    following = Armed(occurrence=f"{begun.kept.id}.1", due_at=due + timedelta(seconds=60))
    village.wrote("loa-1", [played, following], first=2)
    assert states(village, begun)[0] == "heard"


def test_an_older_repetition_does_not_speak_for_a_node_that_fell_silent(
    village: Village, bulletin: str
) -> None:
    begun = begin(village, bulletin)
    due = begun.kept.content.starts_at
    played = Finished(occurrence=f"{begun.kept.id}.0", due_at=due, outcome=Outcome.PLAYED)
    village.wrote("loa-1", [played], first=2)
    village.now.pass_s(600)
    assert states(village, begun)[0] == "away"


def test_who_lacks_the_recordings_is_listed(village: Village, bulletin: str) -> None:
    other = village.bulletin("Khác", priority="emergency", sha256="b" * 64)
    begun = begin(village, other, repeat_every_s=None, despite_missing=True)
    assert states(village, begun) == ["missing"] * 3
