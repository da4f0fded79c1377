"""A real hub on a disk that is truly full: the page's STOP ALL reaches the loudspeakers, and stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from hub.web.words import WORDS
from tests.small_disk import by_root, fill, filler, small_disk
from tests.system.kill_rig import KillRig, running
from tests.system.village import until

pytestmark = [pytest.mark.long, by_root]

NODE = "to-2-loa-1"
DISK = "700m"  # an upload wants 500 MB to stay free
AHEAD_S = 8.0
LONG_S = 60.0
MANY = 3_000


@dataclass(frozen=True)
class Told:
    """What was seen while the disk was full, and when there was room again."""

    page: str
    health: dict[str, Any]
    after_kill: dict[str, Any]
    room_at: datetime


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KillRig]:
    folder = tmp_path_factory.mktemp("full")
    (folder / "hub").mkdir()
    (folder / "hub.toml").touch()  # so that the village takes the folder for its own
    with small_disk(folder / "hub", size=DISK), running(folder, NODE) as rig:
        yield rig


@pytest.fixture(scope="module")
def schedule(rig: KillRig) -> str:
    """It sounds at the loudspeaker."""
    village = rig.village
    made = village.schedule(village.approved_bulletin(seconds=LONG_S), in_s=AHEAD_S, nodes=[NODE])
    until("it sounds", lambda: village.plays(made)[NODE]["state"] == "playing", within_s=AHEAD_S + 15)
    return made


@pytest.fixture(scope="module")
def told(rig: KillRig, schedule: str) -> Told:
    """The disk fills up, all is stopped, the hub is killed and begins again, and there is room again."""
    disk = rig.folder / "hub"
    fill(disk)
    write_until_refused(rig)
    rig.press("stop")
    page, health = rig.page("/"), rig.health()
    rig.kill("hub")
    until("the hub answers", lambda: "disk" in rig.health(), within_s=30)
    after_kill = rig.village.get("/orders/current")
    room_at = datetime.now(UTC)
    filler(disk).unlink()
    rig.wait_for_hub()
    return Told(page, health, after_kill, room_at)


def write_until_refused(rig: KillRig) -> None:
    (recording, *_) = rig.village.get("/recordings")["items"]
    content = {
        "title": "a" * 190,
        "priority": "routine",
        "language": "vi",
        "recordings": [recording["id"]],
    }
    for _ in range(MANY):
        answer = rig.village.api.post("/bulletins", json=content)
        if answer.status_code != 201:
            assert answer.json()["code"] == "store_full"
            return
    raise AssertionError("the disk does not fill up")


def test_the_stop_stands_on_the_page_beside_the_full_disk(told: Told) -> None:
    assert WORDS["stop.in_force"][0] in told.page
    assert WORDS["frame.disk_full"][0] in told.page


def test_the_hub_says_that_its_disk_is_full(told: Told) -> None:
    assert (told.health["status"], told.health["disk"]) == ("failing", False)


def test_the_stop_stands_in_a_hub_that_was_killed_on_the_full_disk(told: Told) -> None:
    assert NODE in told.after_kill["stop"]["nodes"]


def test_the_loudspeaker_fell_silent_while_the_disk_was_full(rig: KillRig, schedule: str, told: Told) -> None:
    play = until("it is told", lambda: rig.village.finished(schedule, (NODE,)), within_s=30)[NODE]
    assert (play["outcome"], play["reason"]) == ("cut", "stopped")
    assert datetime.fromisoformat(play["finished_at"]) < told.room_at


@pytest.mark.usefixtures("told")
def test_it_is_lifted_once_there_is_room(rig: KillRig) -> None:
    rig.press("resume")
    until("it is confirmed", lambda: is_free(rig.village.node(NODE)), within_s=15)


def is_free(node: dict[str, Any]) -> bool:
    return bool(node["confirmed"] and not node["stopped"])
