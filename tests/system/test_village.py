"""From an upload to the loudspeakers, over the real broker, to what was heard."""

from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.system.village import NODES, Village, until

CLIP_S = 2.0
AHEAD_S = 7.0


@pytest.fixture(scope="session")
def bulletin(village: Village) -> str:
    return village.approved_bulletin(seconds=CLIP_S)


@pytest.fixture(scope="session")
def played(village: Village, bulletin: str) -> dict[str, Any]:
    """Plays of one schedule for both areas, by node."""
    schedule = village.schedule(bulletin, in_s=AHEAD_S)
    return until("all have finished", lambda: village.finished(schedule), within_s=AHEAD_S + CLIP_S + 15)


def test_every_loudspeaker_plays_what_was_scheduled(played: dict[str, Any]) -> None:
    assert {node: play["outcome"] for node, play in played.items()} == dict.fromkeys(NODES, "played")


def test_every_play_says_how_far_from_the_instant_it_began(played: dict[str, Any]) -> None:
    for play in played.values():
        error = datetime.fromisoformat(play["started_at"]) - datetime.fromisoformat(play["due_at"])
        assert play["start_error_ms"] == pytest.approx(error.total_seconds() * 1000, abs=1)


def test_what_a_file_output_kept_can_be_heard(village: Village, played: dict[str, Any]) -> None:
    play = played[NODES[0]]["id"]
    sound = until("the sound was sent", lambda: _sound(village, play), within_s=20)
    assert sound.content[:4] == b"RIFF"
    assert datetime.fromisoformat(sound.headers["Loa-First-Sample"]).tzinfo is not None


def _sound(village: Village, play: str) -> Any:
    answer = village.api.get(f"/plays/{play}/sound")
    return answer if answer.status_code == 200 else None


def test_a_node_without_network_plays_what_its_plan_holds(village: Village, bulletin: str) -> None:
    node = NODES[0]
    schedule = village.schedule(bulletin, in_s=AHEAD_S, nodes=[node])
    until("the node holds it", lambda: village.plays(schedule)[node]["state"] != "planned", within_s=6)
    assert village.demo("cut", node).returncode == 0
    until("the hub sees that it is away", lambda: not village.node(node)["here"], within_s=30)
    due_at = datetime.fromisoformat(village.plays(schedule)[node]["due_at"])
    until(
        "its time has passed",
        lambda: datetime.now(due_at.tzinfo).timestamp() > due_at.timestamp() + CLIP_S,
        within_s=20,
    )
    assert village.plays(schedule)[node]["outcome"] is None
    assert village.demo("join", node).returncode == 0
    play = until("its play is reported", lambda: village.finished(schedule, (node,)), within_s=30)[node]
    assert play["outcome"] == "played"
    assert abs(datetime.fromisoformat(play["started_at"]) - due_at).total_seconds() < 1


def test_what_a_web_server_would_say_is_not_believed_by_tcp(village: Village) -> None:
    forged = {"X-Real-IP": "198.51.100.7", "X-Forwarded-Proto": "https"}
    form = {"name": "stranger", "password": "guessed"}
    answer = httpx.post(f"{village.url}/login", data=form, headers=forged)
    assert answer.status_code == 401
    failed = village.get("/audit", action="login_failed")["items"][0]
    assert failed["detail"]["address"] == "127.0.0.1"


def test_an_unknown_node_cannot_be_cut_and_the_known_are_named(village: Village) -> None:
    asked = village.demo("cut", "to-9-loa-9")
    assert asked.returncode == 1
    assert all(node in asked.stderr for node in NODES)
