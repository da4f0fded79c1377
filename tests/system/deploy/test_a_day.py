"""What a ward does in a day, on installed machines, over mutual TLS."""

import pytest

from tests.system.deploy.site_rig import COUNTER, SPEAKER, Site
from tests.system.village import until

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

AHEAD_S, CLIP_S = 8.0, 2.0

PRESS = """
import socket
with socket.socket(socket.AF_UNIX) as way:
    way.connect("/var/lib/loa-node/control.sock")
    way.sendall(b"press 1\\n")
    print(way.recv(100).decode().strip())
"""


def test_an_announcement_is_heard(site: Site) -> None:
    bulletin = site.approved_bulletin(seconds=CLIP_S)
    schedule = site.schedule(bulletin, in_s=AHEAD_S, nodes=[SPEAKER])
    play = until("it has played", lambda: site.play(schedule, SPEAKER), within_s=AHEAD_S + CLIP_S + 20)
    assert play["outcome"] == "played", play
    kept = list(site.trees[SPEAKER].path("/var/lib/loa-node/played").glob("*.wav"))
    assert [file.read_bytes()[:4] for file in kept] == [b"RIFF"]


def test_a_press_arrives(site: Site) -> None:
    before = _presses(site)
    assert site.machines[COUNTER].told("python3", "-c", PRESS).strip() == "ok"
    until("the press is at the hub", lambda: _presses(site) > before, within_s=20)


def _presses(site: Site) -> int:
    ledger = site.get(f"/nodes/{COUNTER}/ledger", kind="pressed")["items"]
    return len(ledger)
