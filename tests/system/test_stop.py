"""STOP ALL: silence, until lifted, whoever reboots."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.system.village import NODES, Village, until

AHEAD_S = 7.0
LONG_S = 6.0  # over when the next one, so far ahead, begins: they would clash


@pytest.fixture(scope="module")
def stopped(village: Village) -> Iterator[dict[str, Any]]:
    """The plays that a stop cut, by node, and the stop that is in force."""
    schedule = village.schedule(village.approved_bulletin(seconds=LONG_S), in_s=AHEAD_S)
    until("all are playing", lambda: _all_play(village, schedule), within_s=AHEAD_S + 15)
    village.post("/orders", {"kind": "stop", "all": True})
    plays = until("all have ended", lambda: village.finished(schedule), within_s=10)
    yield plays
    village.post("/orders", {"kind": "resume", "all": True})
    until("all have confirmed", lambda: not _stopped(village), within_s=10)


def _all_play(village: Village, schedule: str) -> bool:
    plays = village.plays(schedule)
    return all(plays[node]["state"] == "playing" for node in NODES)


def _stopped(village: Village) -> list[str]:
    states = (village.node(node) for node in NODES)
    return [state["id"] for state in states if state["stopped"] or not state["confirmed"]]


def test_a_stop_cuts_every_loudspeaker_and_says_why(stopped: dict[str, Any]) -> None:
    ends = {node: (play["outcome"], play["reason"]) for node, play in stopped.items()}
    assert ends == dict.fromkeys(NODES, ("cut", "stopped"))


@pytest.mark.usefixtures("stopped")
def test_every_node_confirms_the_stop(village: Village) -> None:
    until("all have confirmed", lambda: not _unconfirmed(village) & set(NODES), within_s=10)


def _unconfirmed(village: Village) -> set[str]:
    return set(village.get("/orders/current")["stop"]["unconfirmed"])


@pytest.mark.usefixtures("stopped")
def test_the_stop_stands_after_a_node_was_killed(village: Village) -> None:
    node = NODES[1]
    before = village.node(node)["since"]
    killed = village.pid_of(f"nodes/{node}/")
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    until("it is back", lambda: _is_back(village, node, before), within_s=30)
    schedule = village.schedule(village.approved_bulletin(seconds=1), in_s=AHEAD_S, nodes=[node])
    play = until("it is over", lambda: village.finished(schedule, (node,)), within_s=AHEAD_S + 15)[node]
    assert (play["outcome"], play["reason"]) == ("skipped", "stopped")


def _is_back(village: Village, node: str, before: str) -> bool:
    now = village.node(node)
    return bool(now["here"] and now["since"] != before)
