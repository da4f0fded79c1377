"""A loudspeaker killed again and again: every occurrence has one outcome, and the page says which."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.web.words import WORDS
from tests.system.kill_rig import KillRig, running
from tests.system.village import until

NODE = "to-2-loa-1"
CLIP_S = 1.5
ROUNDS = 4
AHEAD_S = 6.0
FETCHED_WITHIN_S = 0.4
AFTER_A_KILL = {
    ("played", None),
    ("cut", "power"),
    ("skipped", "power"),
    ("skipped", "late"),
    ("failed", "not_cached"),
}
# Seconds from the due instant: on its way to be armed, armed, sounding, just over.
MOMENTS = {"arming": (-4.9, -3.0), "armed": (-1.5, -0.2), "playing": (0.2, 1.4), "writing": (1.5, 1.9)}


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillRig]:
    with running(tmp_path_factory.mktemp("killed"), NODE) as rig:
        yield rig


def wait_until(at: datetime) -> None:
    threading.Event().wait(max(0.0, (at - datetime.now(UTC)).total_seconds()))


@pytest.fixture(scope="module")
def killed(rig: KillRig) -> dict[str, Any]:
    """The plays of four schedules, by occurrence, after twenty kills. Each has a new recording, and the first
    kill comes while it is fetched."""
    village, dice = rig.village, random.Random()  # noqa: S311 - moments, no secrets
    bulletins = [village.approved_bulletin(seconds=CLIP_S, title=f"Bản tin {n}") for n in range(ROUNDS)]
    schedules = []
    for bulletin in bulletins:
        schedule = village.schedule(bulletin, in_s=AHEAD_S, nodes=[NODE])
        schedules.append(schedule)
        threading.Event().wait(dice.uniform(0.0, FETCHED_WITHIN_S))
        rig.kill(NODE)
        due_at = datetime.fromisoformat(village.plays(schedule)[NODE]["due_at"])
        for span in MOMENTS.values():
            wait_until(due_at + timedelta(seconds=dice.uniform(*span)))
            rig.kill(NODE)
    for schedule in schedules:
        until("all are over", lambda schedule=schedule: village.finished(schedule, (NODE,)), within_s=30)
    return {play["occurrence"]: play for s in schedules for play in village.plays(s).values()}


def test_every_occurrence_has_one_outcome_and_a_reason_that_fits(killed: dict[str, Any]) -> None:
    assert len(killed) == ROUNDS
    assert {(play["outcome"], play["reason"]) for play in killed.values()} <= AFTER_A_KILL


def test_no_outcome_was_written_twice(rig: KillRig, killed: dict[str, Any]) -> None:
    written = Counter(occurrence for _, occurrence in rig.entries("finished"))
    assert written == dict.fromkeys(killed, 1)


def test_nothing_sounded_that_was_not_reported(rig: KillRig, killed: dict[str, Any]) -> None:
    started = {occurrence for _, occurrence in rig.entries("started")}
    assert started == {name for name, play in killed.items() if play["outcome"] in {"played", "cut"}}


def test_the_page_says_of_each_what_became_of_it(rig: KillRig, killed: dict[str, Any]) -> None:
    for occurrence, play in killed.items():
        page = rig.page(f"/occurrences/{occurrence}")
        assert WORDS[f"outcome.{play['outcome']}"][0] in page
        assert play["reason"] is None or WORDS[f"reason.{play['reason']}"][0] in page
