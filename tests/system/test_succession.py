"""The site's keys are stolen: a node comes back to its hub by the recovery key, and obeys no thief."""

import re
import shutil
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from edge.config import load_settings
from edge.errors import HubNotReached
from edge.speaker.fetch import HubMedia
from edge.succession import FOREIGN
from edge.wire.errors import Untrusted
from edge.wire.signing import SignedKind, SigningKey
from tests.system.site_rig import WITHIN_S, Site
from tests.system.village import until

NODE = "to-2-loa-1"
BACK_S = 60.0
PAPER = re.compile(r"^ {4}((?:[A-Z2-9]{5} *){4})$", re.MULTILINE)
pytestmark = pytest.mark.timeout(300)  # a node waits before it looks, apart from the others

STRANGER = "is not from this site's authority"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def keys_in(settings: Path) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(settings.read_text())["keys"]
    return found


def site_key(folder: Path) -> SigningKey:
    return SigningKey.from_json((folder / "site-key.json").read_text())


def obeys(settings: Path, key: SigningKey) -> bool:
    try:
        load_settings(settings).keyring().open(SignedKind.PLAN, key.sign(SignedKind.PLAN, b"{}"))
    except Untrusted:
        return False
    return True


def believes_who_answers(settings: Path) -> bool:
    read = load_settings(settings)
    try:
        with HubMedia(read.hub.url, user=NODE, tls=read.tls_files()) as hub:
            return hub.is_reachable()
    except HubNotReached as error:
        return STRANGER not in str(error)


def faults_of(settings: Path) -> list[str]:
    """What the ledger tells of; the node must have been ended, for it holds its ledger."""
    with closing(sqlite3.connect(settings.parent / "data" / "ledger.db")) as db:
        rows = db.execute("SELECT body FROM entries WHERE kind = 'fault' ORDER BY seq").fetchall()
    return [str(body) for (body,) in rows]


def warned(log: Path) -> list[str]:
    """What it warned of, as a technician reads it in the log."""
    return [line for line in log.read_text().splitlines() if "WARNING edge.succession" in line]


def stolen(site: Site) -> Callable[[], AbstractContextManager[None]]:
    """Steal the hub as it is now; what is given has the thief run it at the hub's address."""
    thiefs, true = site.folder / "thiefs", site.folder / "true"
    shutil.copytree(site.hub_folder, thiefs)

    @contextmanager
    def at_the_address() -> Iterator[None]:
        site.hub_folder.rename(true)
        thiefs.rename(site.hub_folder)
        with site.running():
            yield
        site.hub_folder.rename(thiefs)
        true.rename(site.hub_folder)

    return at_the_address


def rekey(site: Site, paper: str) -> None:
    told = site.hub("rekey", "--recovery", typed=f"{paper.lower()}\n")
    assert "Put the paper back" in told


def test_a_node_takes_the_new_keys_by_itself(site: Site) -> None:
    paper = " ".join(PAPER.findall(site.hub("recovery-key")))
    with site.running():
        settings = site.enrolled(NODE)
    old = site_key(site.hub_folder)
    with site.kept_running(settings) as log:
        with site.running():
            until("it has a plan", lambda: site.entries(NODE, "plan"), within_s=WITHIN_S)
        rekey(site, paper)
        plans, new = site.entries(NODE, "plan"), site_key(site.hub_folder)
        with site.running():
            until("it obeys a new plan", lambda: site.entries(NODE, "plan") > plans, within_s=BACK_S)
            assert believes_who_answers(settings)
    assert (obeys(settings, new), obeys(settings, old)) == (True, False)
    [before] = settings.parent.glob("node.toml.before-*")
    assert keys_in(settings)["number"] > keys_in(before)["number"] > 0
    [said] = warned(log)
    assert "new keys, by its recovery key" in said


def test_a_thief_with_the_old_keys_is_believed_by_nobody_and_told_of(site: Site) -> None:
    paper = " ".join(PAPER.findall(site.hub("recovery-key")))
    with site.running():
        pass
    thief_there = stolen(site)
    rekey(site, paper)
    with site.running():
        settings = site.enrolled(NODE)
    keys = keys_in(settings)
    with site.kept_running(settings) as log:
        with thief_there():
            until("it tells of the stranger", lambda: warned(log), within_s=BACK_S)
            assert "no word of new keys" in warned(log)[0]
            assert not believes_who_answers(settings)
        with site.running():
            until("the hub hears of it", lambda: site.entries(NODE, "fault", about=FOREIGN), within_s=BACK_S)
            until("and that it is over", lambda: site.entries(NODE, "mended", about=FOREIGN), within_s=BACK_S)
    assert keys_in(settings) == keys


def test_without_a_recovery_key_it_stays_out_and_says_why(site: Site) -> None:
    with site.running():
        settings = site.enrolled(NODE)
    old = site_key(site.hub_folder)
    with site.kept_running(settings) as log:
        with site.running():
            until("it has a plan", lambda: site.entries(NODE, "plan"), within_s=WITHIN_S)
        assert "deploy every device" in site.hub("rekey").replace("\n          ", " ")
        with site.running():
            until("it tells of the stranger", lambda: warned(log), within_s=BACK_S)
    told = next(fault for fault in faults_of(settings) if FOREIGN in fault)
    assert STRANGER in told
    assert "deploy it again" in told
    assert obeys(settings, old)
