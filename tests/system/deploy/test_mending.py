"""A run that was cut off, and a card that was made anew under an old name."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.deploy.site_rig import PARTITION, SPARE, Site
from tests.system.deploy.strangers import Knocker
from tests.system.village import until

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

CUT_AT = "TASK [program : Install the packages]"
DATA = "/var/lib/loa-node"
UP_S = 40.0
HANGS_S = 90.0  # the watchdog's half minute, and the pause before a new start


@pytest.fixture(scope="session")
def cut_off(site: Site) -> None:
    """A card on which dpkg was cut off, and then a run while it installed packages."""
    dpkg = site.make_tree(SPARE).path("/var/lib/dpkg")
    unfinished = (dpkg / "status").read_text().split("\n\n")[0]
    (dpkg / "updates/0000").write_text(f"{unfinished}\n")
    with site.mounted():
        site.playbooks().cut_off("--limit", SPARE, at=CUT_AT)


@pytest.fixture(scope="session")
def mended(site: Site, cut_off: None) -> Iterator[Site]:
    """The same card after two whole runs, in a machine that runs."""
    for _ in range(2):
        outcome = site.apply(SPARE)
        assert outcome.code == 0, outcome.words[-6000:]
    assert outcome.what_changed == []
    site.boot(SPARE)
    until("it is here", lambda: site.is_here(SPARE), within_s=UP_S)
    yield site
    site.cut_power(SPARE)


def test_running_again_mends_a_run_that_was_cut_off_and_then_changes_nothing(mended: Site) -> None:
    assert mended.is_here(SPARE)


def test_a_loudspeaker_that_hangs_is_started_anew(mended: Site) -> None:
    machine = mended.machines[SPARE]
    before = machine.shown("loa-speaker", "NRestarts")
    machine.told("systemctl", "kill", "--kill-who=main", "--signal=STOP", "loa-speaker")
    until(
        "it was started anew", lambda: machine.shown("loa-speaker", "NRestarts") != before, within_s=HANGS_S
    )
    until("it runs", lambda: machine.shown("loa-speaker", "ActiveState") == "active", within_s=UP_S)


def test_a_loudspeaker_begins_by_itself_once_the_partition_of_its_data_is_there(mended: Site) -> None:
    site, partition = mended, mended.trees[SPARE].path(PARTITION)
    site.cut_power(SPARE)
    unplugged = partition.rename(partition.with_name("unplugged"))
    machine = site.boot(SPARE, runs=False)
    until(
        "it says what is missing",
        lambda: f"Wanted the partition {PARTITION}" in machine.journal("loa-speaker"),
        within_s=UP_S,
    )
    assert machine.shown("ssh", "ActiveState") == "active"
    assert machine.told("ls", "-A", DATA) == ""
    unplugged.rename(partition)
    site.until_it_runs(SPARE)
    assert machine.told("findmnt", "-no", "TARGET", "-T", f"{DATA}/ledger.db").strip() == DATA


def test_a_card_made_anew_under_its_old_name_is_enrolled_anew(mended: Site, tmp_path: Path) -> None:
    site = mended
    first = _ledger(site)
    old = _papers(site, tmp_path / "old")
    assert old.asks_for_recording() == 404
    site.cut_power(SPARE)
    site.make_tree(SPARE)
    outcome = site.apply(SPARE)
    assert outcome.code == 0, outcome.words[-6000:]
    site.boot(SPARE)
    until("it has a new ledger", lambda: _ledger(site) not in {"", first}, within_s=UP_S)
    assert old.asks_for_recording() == 401
    assert _papers(site, tmp_path / "new").asks_for_recording() == 404


def _ledger(site: Site) -> str:
    """The newest ledger of the node that the hub holds entries of."""
    items = site.get(f"/nodes/{SPARE}/ledger", limit=1)["items"]
    return str(items[0]["ledger"]) if items else ""


def _papers(site: Site, folder: Path) -> Knocker:
    folder.mkdir()
    for name in ("node.crt", "node.key"):
        shutil.copy(site.trees[SPARE].path(f"/etc/loa/{name}"), folder / name)
    return Knocker(site, (folder / "node.crt", folder / "node.key"))
