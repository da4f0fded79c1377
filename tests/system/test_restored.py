"""A hub restored from a backup: its loudspeaker obeys it and gives it back what it has missed.

Hub, broker and loudspeaker are the real programs. The loudspeaker runs on throughout, as one on a pole does.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection, DatabaseError, connect

import httpx
import pytest

from hub.demo_village import Village as Settings
from hub.enroll import Reach, readdress
from tests.system.village import MAY_BE_LATE, ROOT, Village, free_port, run, until

NODE = "to-2-loa-1"
LEDGER = "data/ledger.db"


@contextmanager
def program(*command: str, log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A program of the checkout, ended in order if it still runs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], stdout=out, stderr=out, env=environment, cwd=ROOT
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


@contextmanager
def running_hub(folder: Path, known: dict[str, str], settings: Path) -> Iterator[Village]:
    """The hub of `settings`; leaves once it has ended in order."""
    (folder / "demo.json").write_text(json.dumps(known))
    with program("hub", "serve", "--config", str(settings), log=folder / "hub.log") as process:
        village = Village(folder, process)  # type: ignore[arg-type]  # what it says goes to a file
        until("the hub is there", lambda: is_there(village), within_s=30)
        yield village
        village.api.close()


def is_there(village: Village) -> bool:
    try:
        return bool(village.node(NODE)["here"])
    except httpx.TransportError:
        return False


@dataclass(frozen=True)
class Story:
    """What was before the fire, and the hub that was restored after it.

    `kept` and `lost` are schedules of before and after the backup, `plan` and `order` the numbers that the
    node obeyed last; `folder` has its ledger.
    """

    hub: Village
    folder: Path
    kept: str
    lost: str
    plan: int
    order: int
    said: str

    def written(self) -> list[int]:
        """The number of each entry that the node has written; from a copy, for the node holds the file. Empty
        where it wrote while the copy was made."""
        copy = self.hub.folder / "ledger"
        for end in ("", "-wal"):
            shutil.copyfile(self.folder / "nodes" / NODE / f"{LEDGER}{end}", f"{copy}{end}")
        with suppress(DatabaseError), closing(connect(copy)) as db:
            return sorted(seq for (seq,) in db.execute("SELECT seq FROM entries"))
        return []

    def counted(self) -> list[int]:
        """The number of each entry that the restored hub has counted in."""
        with self._file() as db:
            rows = db.execute(
                "SELECT e.seq FROM entries e JOIN ledgers l USING (node, ledger)"
                " WHERE e.node = ? AND e.seq <= l.stored_seq",
                [NODE],
            )
            return sorted(seq for (seq,) in rows)

    def obeyed_order(self) -> int:
        """The number of the last order that the node says it obeys."""
        with self._file() as db:
            return int(db.execute('SELECT "order" FROM node_reports WHERE node = ?', [NODE]).fetchone()[0])

    def _file(self) -> "closing[Connection]":
        return closing(connect(f"file:{self.hub.folder / 'hub' / 'hub.db'}?mode=ro", uri=True))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    settings = Settings(folder, port=free_port())
    broker_port = settings.lines()[NODE][0].target_port
    reach = Reach(broker_host="127.0.0.1", broker_port=broker_port, url=settings.url)
    readdress(settings.node_settings(NODE), reach)
    known = {name: getattr(settings, name) for name in ("url", "user", "password", "token")}
    with program("edge", "speaker", "--config", str(settings.node_settings(NODE)), log=folder / "node.log"):
        with running_hub(folder, known, settings.hub_settings) as hub:
            bulletin = hub.approved_bulletin(seconds=1)
            kept = hub.schedule(bulletin, in_s=3600, nodes=[NODE])
            made = hub.hub("backup", "-o", str(after / "backup.tar"))
            assert made.returncode == 0, made.stderr
            lost = hub.schedule(bulletin, in_s=4, nodes=[NODE], misfire=MAY_BE_LATE)
            until("it was played", lambda: hub.finished(lost, (NODE,)), within_s=30)
            order = give(hub, "stop"), give(hub, "resume")
            plan = hub.node(NODE)["plan"]
        restored = run(sys.executable, "-m", "hub", "restore", str(after / "backup.tar"), str(after / "hub"))
        assert restored.returncode == 0, restored.stderr
        with (after / "hub" / "hub.toml").open("a") as settings_file:
            settings_file.write('\n[backup]\nsecond = "/media/nothing-is-mounted-here"\n')
        unmounted = run(sys.executable, "-m", "hub", "backup", "--config", str(after / "hub" / "hub.toml"))
        assert unmounted.returncode == 1
        with running_hub(after, known, after / "hub" / "hub.toml") as hub:
            yield Story(hub, folder, kept, lost, plan, order[-1], restored.stdout)


def give(hub: Village, kind: str) -> int:
    """Give an order to all; its number, once the node has confirmed it."""
    seq = int(hub.post("/orders", {"kind": kind, "all": True})["seq"])
    until(f"{kind} is confirmed", lambda: hub.node(NODE)["confirmed"], within_s=15)
    return seq


def test_what_the_node_recorded_after_the_backup_is_on_the_restored_hub(story: Story) -> None:
    play = until("the play is there", lambda: story.hub.finished(story.lost, (NODE,)), within_s=30)[NODE]
    assert play["outcome"] == "played"


def test_no_entry_is_lost_or_doubled(story: Story) -> None:
    until("all is counted in", lambda: story.counted() == story.written(), within_s=30)
    assert story.counted() == list(range(1, len(story.counted()) + 1))


def test_the_node_obeys_its_plan(story: Story) -> None:
    def is_obeyed() -> bool:
        node = story.hub.node(NODE)
        return bool(node["plan"] == node["plan_version"] > story.plan)

    until("a plan above the last is obeyed", is_obeyed, within_s=30)


def test_the_schedule_of_the_backup_stands(story: Story) -> None:
    until("it is ready", lambda: (story.hub.node(NODE)["next"] or {}).get("ready"), within_s=30)
    assert story.hub.node(NODE)["next"]["occurrence"].startswith(story.kept)


def test_the_node_obeys_a_new_plan(story: Story) -> None:
    bulletin = story.hub.approved_bulletin(seconds=1)
    schedule = story.hub.schedule(bulletin, in_s=4, nodes=[NODE], misfire=MAY_BE_LATE)
    play = until("it was played", lambda: story.hub.finished(schedule, (NODE,)), within_s=30)[NODE]
    assert play["outcome"] == "played"


def test_the_node_obeys_orders(story: Story) -> None:
    stop = give(story.hub, "stop")
    assert story.hub.node(NODE)["stopped"]
    until("its order is the node's", lambda: story.obeyed_order() >= stop > story.order, within_s=15)
    give(story.hub, "resume")
    assert not story.hub.node(NODE)["stopped"]


def test_pages_and_command_say_that_it_was_restored(story: Story) -> None:
    assert "restored" in story.hub.open_faults()
    assert "Schedules cancelled since will play" in story.said


def test_pages_say_that_the_second_place_is_not_there(story: Story) -> None:
    assert story.hub.open_faults()["backup_second"] == "/media/nothing-is-mounted-here"
    assert len(list((story.hub.folder / "hub" / "backups").iterdir())) == 1
