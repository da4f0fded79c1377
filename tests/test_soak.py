"""Days and weeks on a simulated clock: all that may sound does, nothing else, and all of it is told once."""

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from edge.wire.entries import Finished, Outcome, read_body
from hub.programme.recurrence import instant_of
from tests import factories as make
from tests.fakes_stage import STEP_S
from tests.soak_rig import LENGTH_S, Soak
from tests.soak_witness import Span

LENGTH = timedelta(seconds=LENGTH_S)
SECOND = timedelta(seconds=1)
BEFORE = timedelta(seconds=70)  # the rig looks once a minute what the loudspeaker knows
BEHIND_ANOTHER = timedelta(seconds=10)
AS_IT_BOOTS = timedelta(seconds=STEP_S)  # what begins at once is placed so much before


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((2.0, 11), id="two-days"),
        pytest.param((35.0, 12), id="35-days", marks=[pytest.mark.long, pytest.mark.timeout(3_000)]),
    ],
)
def soak(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Soak]:
    days, seed = request.param
    soak = Soak(tmp_path_factory.mktemp("soak"), seed=seed)
    soak.live(days)
    soak.settle()
    yield soak
    soak.close()


def overlaps(spans: list[Span], start: datetime, end: datetime) -> bool:
    return any(span.start <= end and (span.end is None or span.end >= start) for span in spans)


def covers(spans: list[Span], start: datetime, end: datetime) -> bool:
    return any(span.covers(start, end) for span in spans)


def could_sound(soak: Soak) -> list[str]:
    """What the loudspeaker had power, plan and leave for, from before its instant to its end."""
    seen = soak.witness
    found = []
    for name, known in seen.known.items():
        due = instant_of(name)
        start, end = due - BEFORE, due + LENGTH + BEFORE
        others = [at for other, at in seen.sounded if other != name and start - LENGTH < at < end]
        if (
            end < soak.now
            and covers(seen.powered, start, end)
            and covers(known, start, end)
            and not overlaps(seen.stopped, start, end)
            and not others
        ):
            found.append(name)
    return found


def came_due(soak: Soak) -> list[str]:
    """What stood in the plan that the loudspeaker held, with power or without, when it came due."""
    seen = soak.witness
    due = ((name, instant_of(name)) for name in seen.known)
    return [name for name, at in due if at + LENGTH + BEFORE < soak.now and covers(seen.known[name], at, at)]


def fell_under_a_stop(soak: Soak) -> list[str]:
    """What came due at a loudspeaker with power and plan that a stop kept silent all the while."""
    seen = soak.witness
    found = []
    for name, known in seen.known.items():
        start, end = instant_of(name) - BEFORE, instant_of(name) + LENGTH + BEFORE
        if all(covers(spans, start, end) for spans in (seen.powered, known, seen.stopped)):
            found.append(name)
    return found


def outcomes(soak: Soak) -> list[Finished]:
    read = (read_body(kind, json.loads(body)) for _, kind, body in soak.written() if kind == "finished")
    return [body for body in read if isinstance(body, Finished)]


def test_every_occurrence_that_could_sound_did_on_the_instant(soak: Soak) -> None:
    sounded = dict(soak.witness.sounded)
    wanted = could_sound(soak)
    assert len(wanted) >= 5
    assert {name: sounded.get(name) for name in wanted} == {name: instant_of(name) for name in wanted}


def test_nothing_sounded_that_might_not(soak: Soak) -> None:
    seen, late = soak.witness, soak.late_s()
    for name, at in seen.sounded:
        allowed = timedelta(seconds=late.get(name.rpartition(".")[0], 2)) + BEHIND_ANOTHER
        assert timedelta() <= at - instant_of(name) <= allowed
        assert overlaps(seen.powered, at, at + AS_IT_BOOTS)
        assert overlaps(seen.known[name], at, at + AS_IT_BOOTS)
        assert not covers(seen.stopped, at - SECOND, at)


def test_nothing_sounded_twice_nor_at_once(soak: Soak) -> None:
    starts = sorted(at for _, at in soak.witness.sounded)
    assert max(Counter(name for name, _ in soak.witness.sounded).values()) == 1
    assert all(later - earlier >= LENGTH - SECOND for earlier, later in itertools.pairwise(starts))


def test_every_occurrence_of_the_plan_has_one_outcome(soak: Soak) -> None:
    counted = Counter(entry.occurrence for entry in outcomes(soak))
    assert max(counted.values()) == 1
    over = {name for name, _ in soak.witness.sounded} | set(came_due(soak))
    assert over - counted.keys() == set()


def test_what_is_told_as_played_is_what_sounded(soak: Soak) -> None:
    began = {entry.occurrence for entry in outcomes(soak) if entry.outcome in {Outcome.PLAYED, Outcome.CUT}}
    assert began == {name for name, _ in soak.witness.sounded}


def test_the_hub_has_the_whole_ledger_once(soak: Soak) -> None:
    written = [
        (seq, kind, json.dumps(json.loads(body), sort_keys=True)) for seq, kind, body in soak.written()
    ]
    assert soak.stored() == written
    assert "ledger_lost" not in {fault.name for fault in soak.hub.faults.open(make.NODE)}


def test_there_was_something_to_survive(soak: Soak) -> None:
    assert soak.cuts["power"] >= 3
    assert soak.cuts["network"] >= 3
    assert soak.cuts["hub"] >= 1
    assert fell_under_a_stop(soak)
