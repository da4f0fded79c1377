"""The hub killed while it publishes and while it stores: what was accepted stands, and is told once."""

import random
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from hub.web.words import WORDS
from tests.system.kill_rig import KillRig, running
from tests.system.village import MAY_BE_LATE, until

NODE = "to-2-loa-1"
CLIP_S = 1.5
ROUNDS = 2
AHEAD_S = 3.0
PUBLISHES_WITHIN_S = 0.05
STORES_WITHIN_S = 0.3


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillRig]:
    with running(tmp_path_factory.mktemp("hub-killed"), NODE) as rig:
        yield rig


@pytest.fixture(scope="module")
def accepted(rig: KillRig) -> list[str]:
    """Schedules that the hub said it had, killed right after each word, and as the play was reported."""
    village, dice = rig.village, random.Random()  # noqa: S311 - moments, no secrets
    bulletin = village.approved_bulletin(seconds=CLIP_S)
    schedules = []
    for _ in range(ROUNDS):
        rig.relays.cut(NODE)  # what was published reaches nobody: the next hub has to say it again
        schedules.append(village.schedule(bulletin, in_s=AHEAD_S, nodes=[NODE], misfire=MAY_BE_LATE))
        threading.Event().wait(dice.uniform(0, PUBLISHES_WITHIN_S))
        rig.kill("hub")
        rig.relays.join(NODE)
        rig.wait_for_hub()
        until("it sounds", lambda: village.plays(schedules[-1])[NODE]["started_at"], within_s=30)
        threading.Event().wait(CLIP_S + dice.uniform(0, STORES_WITHIN_S))
        rig.kill("hub")
        rig.wait_for_hub()
    for schedule in schedules:
        until("all is told", lambda schedule=schedule: village.finished(schedule, (NODE,)), within_s=30)
    return schedules


def test_what_the_hub_had_accepted_sounded(rig: KillRig, accepted: list[str]) -> None:
    outcomes = [rig.village.plays(schedule)[NODE]["outcome"] for schedule in accepted]
    assert outcomes == ["played"] * ROUNDS


def test_the_page_says_that_it_sounded(rig: KillRig, accepted: list[str]) -> None:
    for schedule in accepted:
        page = rig.page(f"/occurrences/{rig.village.plays(schedule)[NODE]['occurrence']}")
        assert f'<li class="done">{WORDS["outcome.played"][0]}' in page


@pytest.mark.usefixtures("accepted")
def test_what_the_node_told_is_stored_once(rig: KillRig) -> None:
    for kind in ("started", "finished"):
        assert sorted(Counter(rig.entries(kind)).values()) == [1] * ROUNDS


@pytest.mark.usefixtures("accepted")
def test_nothing_is_told_as_lost(rig: KillRig) -> None:
    assert "Sổ nhật ký bị mất" not in rig.page(f"/nodes/{NODE}")
