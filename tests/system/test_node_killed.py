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
from tests.system.village import MAY_BE_LATE, until

NODE = "to-2-loa-1"
CLIP_S = 1.5
ROUNDS = 4
AHEAD_S = 3.0
FETCHED_WITHIN_S = 0.4
STARTS_WITHIN_S = 40.0  # a start of the program takes seconds on a busy machine
AFTER_A_KILL = {("played", None), ("cut", "power")}

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillRig]:
    with running(tmp_path_factory.mktemp("killed"), NODE) as rig:
        yield rig


class Killing:
    """Schedules one item after the other, and kills the loudspeaker at a moment of each."""

    def __init__(self, rig: KillRig) -> None:
        self._rig = rig
        self._dice = random.Random()  # noqa: S311 - moments, no secrets
        self.schedules: list[str] = []

    def schedule(self, bulletin: str) -> None:
        where = {"nodes": [NODE], "misfire": MAY_BE_LATE}
        self.schedules.append(self._rig.village.schedule(bulletin, in_s=AHEAD_S, **where))

    def while_downloading(self) -> None:
        self._after(self._dice.uniform(0.0, FETCHED_WITHIN_S))

    def while_armed(self) -> None:
        self._reaches("armed", "playing", "finished")  # who looks late finds it over
        self._after(self._dice.uniform(0.0, 0.2))

    def while_playing(self) -> None:
        self._after(self._ends_in_s() * self._dice.uniform(0.1, 0.9))

    def while_writing(self) -> None:
        self._after(self._ends_in_s() + self._dice.uniform(-0.05, 0.15))

    def _ends_in_s(self) -> float:
        play = self._reaches("playing", "finished")
        over_at = datetime.fromisoformat(play["started_at"]) + timedelta(seconds=CLIP_S)
        return (over_at - datetime.now(UTC)).total_seconds()

    def _reaches(self, *states: str) -> Any:
        def reached() -> Any:
            play = self._rig.village.plays(self.schedules[-1])[NODE]
            return play if play["state"] in states else None

        return until(" or ".join(states), reached, within_s=STARTS_WITHIN_S)

    def _after(self, seconds: float) -> None:
        threading.Event().wait(max(0.0, seconds))
        self._rig.kill(NODE)


@pytest.fixture(scope="module")
def killed(rig: KillRig) -> dict[str, Any]:
    """Eight plays, by occurrence, after twenty kills. Each has a new recording, and may begin late: what is
    over would begin again, if a kill let it be forgotten."""
    village, killing = rig.village, Killing(rig)
    for number in range(ROUNDS):
        killing.schedule(village.approved_bulletin(seconds=CLIP_S, title=f"Bản tin {number}"))
        killing.while_downloading()
        killing.while_armed()
        killing.while_playing()
        killing.schedule(village.approved_bulletin(seconds=CLIP_S, title=f"Bản tin {number} nữa"))
        killing.while_downloading()
        killing.while_writing()
    for schedule in killing.schedules:
        until("all are over", lambda schedule=schedule: village.finished(schedule, (NODE,)), within_s=30)
    return {play["occurrence"]: play for s in killing.schedules for play in village.plays(s).values()}


def test_every_occurrence_has_one_outcome_and_a_reason_that_fits(killed: dict[str, Any]) -> None:
    assert len(killed) == 2 * ROUNDS
    assert {(play["outcome"], play["reason"]) for play in killed.values()} <= AFTER_A_KILL


def test_no_outcome_was_written_twice(rig: KillRig, killed: dict[str, Any]) -> None:
    written = Counter(occurrence for _, occurrence in rig.entries("finished"))
    assert written == dict.fromkeys(killed, 1)


def test_what_sounded_was_reported_and_sounded_once(rig: KillRig, killed: dict[str, Any]) -> None:
    started = Counter(occurrence for _, occurrence in rig.entries("started"))
    heard = [name for name, play in killed.items() if play["outcome"] in {"played", "cut"}]
    assert started == dict.fromkeys(heard, 1)


def test_the_page_says_of_each_what_became_of_it(rig: KillRig, killed: dict[str, Any]) -> None:
    for occurrence, play in killed.items():
        page = rig.page(f"/occurrences/{occurrence}")
        assert WORDS[f"outcome.{play['outcome']}"][0] in page
        assert play["reason"] is None or WORDS[f"reason.{play['reason']}"][0] in page
