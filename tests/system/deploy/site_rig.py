"""A whole site from blank cards: trees made, playbooks applied twice, machines booted, a way in."""

import os
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from sqlite3 import connect
from typing import Any

import httpx

from tests.system.deploy.machines import Machine, Network, booted, network
from tests.system.deploy.playbooks import ROOT, Outcome, Playbooks
from tests.system.deploy.trees import BOOKWORM, TRIXIE, Tree, copy_of_pristine, remove
from tests.system.village import HubCaller, until

__all__ = ["COUNTER", "HUB", "PARTITION", "SPARE", "SPEAKER", "Site", "installed_site"]

HUB, SPEAKER, COUNTER, SPARE = "hub-thu", "to-1-loa-1", "quay-1", "to-2-loa-1"
NUMBERS = {HUB: 10, SPEAKER: 101, COUNTER: 31, SPARE: 102}
UNITS = {HUB: "loa-hub", SPEAKER: "loa-speaker", COUNTER: "loa-counter", SPARE: "loa-speaker"}
SYSTEMS = {HUB: BOOKWORM, SPEAKER: TRIXIE, COUNTER: BOOKWORM, SPARE: BOOKWORM}
WHEELS = "/mnt/wheels"
PARTITION = "/srv/partition"  # of the spare machine's data, in a file of its tree
PARTITION_MB = 512
PEOPLE, DEVICES, BROKER = 443, 8443, 8883
UP_S = 60.0


@dataclass(repr=False)
class Site(HubCaller):
    """What was installed, what runs of it, and what a test asks of it."""

    folder: Path
    network: Network
    parts: ExitStack
    trees: dict[str, Tree] = field(default_factory=dict)
    machines: dict[str, Machine] = field(default_factory=dict)
    times_s: dict[str, float] = field(default_factory=dict)
    runs: list[Outcome] = field(default_factory=list)
    _plugs: dict[str, ExitStack] = field(default_factory=dict)

    def address(self, name: str) -> str:
        return f"{self.network.prefix}.{NUMBERS[name]}"

    def make_tree(self, name: str) -> Tree:
        """A blank card for the machine of this name, in the place of the one that it had."""
        tree = copy_of_pristine(
            self.folder / f"{name}-{len(self.trees)}-{time.monotonic_ns()}", SYSTEMS[name]
        )
        self.parts.callback(remove, tree)
        if name == SPARE:
            tree.path(PARTITION).touch()
            os.truncate(tree.path(PARTITION), PARTITION_MB << 20)
        self.trees[name] = tree
        return tree

    def playbooks(self) -> Playbooks:
        """On the trees that there are now, through Ansible's chroot connection."""
        return Playbooks(self.folder / "inventory", self._inventory())

    def apply(self, *names: str) -> Outcome:
        """Run `site.yml` to its end, on the machines of these names or on all."""
        with self.mounted():
            outcome = self.playbooks().run(*(("--limit", ",".join(names)) if names else ()))
        (self.folder / f"run-{len(self.runs)}.log").write_text(outcome.words)
        self.runs.append(outcome)
        return outcome

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Every tree as a program in it wants it; nodes find the wheels that their hub would serve."""
        wheels = ROOT / ".wheelhouse/wheels"
        with ExitStack() as stack:
            for name, tree in self.trees.items():
                running = self.machines.get(name)
                if running is None:
                    stack.enter_context(tree.mounted({} if name == HUB else {wheels: WHEELS}))
            yield

    def cut_power(self, name: str) -> None:
        """As when the plug of a machine is pulled."""
        self.machines.pop(name).cut_power()
        self._plugs.pop(name).close()

    def boot(self, name: str, *, runs: bool = True) -> Machine:
        """Put the card in and switch on; returns when its service runs, or at once where it is not to."""
        plug = self._plugs[name] = self.parts.enter_context(ExitStack())
        machine = plug.enter_context(
            booted(self.trees[name], name=name, number=NUMBERS[name], on=self.network)
        )
        self.machines[name] = machine
        if runs:
            self.until_it_runs(name)
        return machine

    def until_it_runs(self, name: str) -> None:
        shown = self.machines[name].shown
        until(f"{UNITS[name]} runs", lambda: shown(UNITS[name], "ActiveState") == "active", within_s=UP_S)

    def _inventory(self) -> dict[str, Any]:
        def hosts(*names: str, **more: Any) -> dict[str, Any]:
            return {"hosts": {name: {**self._reach(name), **more} for name in names if name in self.trees}}

        return {
            "hub": hosts(
                HUB,
                hub_address=self.address(HUB),
                clock_rtc=False,
                clock_internet_pool=self.network.ours,
            ),
            "speakers": hosts(SPEAKER, SPARE, speaker_area="to-1"),
            "counters": hosts(COUNTER, counter_area="mot-cua", counter_title="Quầy 1"),
            "all": {"vars": _settings()},
        }

    def _reach(self, name: str) -> dict[str, Any]:
        """How Ansible gets at a machine: into its files, or where it runs, into the running machine."""
        machine = self.machines.get(name)
        own = {"base_data_device": PARTITION} if name == SPARE else {}
        if machine is None:
            return {
                **own,
                "ansible_connection": "community.general.chroot",
                "ansible_host": str(self.trees[name].root),
                "loa_runs_systemd": False,
                "node_wheels": WHEELS,
            }
        return {
            **own,
            "ansible_connection": "community.docker.nsenter",
            "ansible_host": machine.address,
            "ansible_nsenter_pid": machine.init,
        }

    @cached_property
    def api(self) -> httpx.Client:  # type: ignore[override]  # made when it is first asked for
        """The people's door, as somebody who may do everything."""
        return self._log_in()

    def trust(self) -> ssl.SSLContext:
        """Believes the site's own authority only."""
        return ssl.create_default_context(
            cafile=str(self.trees[HUB].path("/var/lib/loa-hub/tls/authority.crt"))
        )

    def _log_in(self) -> httpx.Client:
        roles = ("clerk", "approver", "technician", "administrator")
        said = self.machines[HUB].told(
            *("loa-hub", "user", "add", "tester", "--name", "Người thử", "--roles", *roles),
            *("--config", "/etc/loa/hub.toml"),
        )
        password = re.search(r"^password\s+(\S+)", said, re.MULTILINE)
        assert password, said
        until("the people's door is open", lambda: _is_open(self.address(HUB), PEOPLE), within_s=UP_S)
        client = httpx.Client(base_url=f"https://{self.address(HUB)}", verify=self.trust(), timeout=20)
        self.parts.callback(client.close)
        entered = client.post("/login", data={"name": "tester", "password": password[1]})
        assert entered.status_code == 303, entered.text
        csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/recordings").text)
        assert csrf
        client.headers["X-CSRF-Token"] = csrf[1]
        client.base_url = httpx.URL(f"https://{self.address(HUB)}/api/v1")
        return client

    def page(self, path: str) -> str:
        """A page as somebody who is logged in sees it."""
        answer = self.api.get(f"https://{self.address(HUB)}{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def open_faults(self) -> dict[str, str]:
        """The faults that are open, as NODE:NAME (the hub's own without a node), and their detail."""
        file = self.trees[HUB].path("/var/lib/loa-hub/hub.db")
        with closing(connect(f"file:{file}?mode=ro", uri=True)) as db:
            rows = db.execute(
                "SELECT coalesce(node, '') || ':' || name, detail FROM faults WHERE mended_at IS NULL"
            )
            return dict(rows.fetchall())

    def is_here(self, name: str) -> bool:
        return bool(self.get(f"/nodes/{name}")["here"])

    def play(self, schedule: str, node: str) -> Any:
        """The play of a schedule at a node, once it has finished."""
        play = self.plays(schedule).get(node)
        return play if play and play["state"] == "finished" else None


@contextmanager
def installed_site(folder: Path) -> Iterator[Site]:
    """A hub, a loudspeaker and a counter: blank, installed, installed again, booted. All gone at the end."""
    with ExitStack() as parts:
        site = Site(folder=folder, network=parts.enter_context(network()), parts=parts)
        for name in (HUB, SPEAKER, COUNTER):
            site.make_tree(name)
        wheels = site.playbooks().run("--syntax-check")  # they are there before they are shown to the nodes
        assert wheels.code == 0, wheels.words
        began_s = time.monotonic()
        for _ in range(2):
            outcome = site.apply()
            assert outcome.code == 0, outcome.words[-6000:]
        _leave_the_clock_alone(site.trees[HUB])
        booting_s = time.monotonic()
        for name in (HUB, SPEAKER, COUNTER):
            site.boot(name)
        site.times_s = {
            "first run": site.runs[0].took_s,
            "second run": site.runs[1].took_s,
            "boot": time.monotonic() - booting_s,
            "all": time.monotonic() - began_s,
        }
        yield site


def _leave_the_clock_alone(tree: Tree) -> None:
    """chronyd begins in a container too, and compares the time without setting it: the clock is ours."""
    unit = tree.path("/etc/systemd/system/chrony.service.d/container.conf")
    unit.parent.mkdir()
    unit.write_text(
        "[Unit]\nConditionCapability=\n[Service]\nExecStart=\nExecStart=!/usr/sbin/chronyd -F 1 -x\n"
    )


def _settings() -> dict[str, Any]:
    """What this site has that a real one has not: no clock, pins and sound of its own."""
    return {
        "ansible_become": False,
        "hub_site_id": "xa-thu",
        "hub_site_name": "Xã Thử",
        "hub_areas": [
            {"id": "mot-cua", "name": "Bộ phận Một cửa"},
            {"id": "to-1", "name": "Tổ dân phố 1"},
        ],
        "base_apt_through_hub": False,
        "speaker_output": "file",
        "speaker_pins": "none",
        "speaker_clock": "assume",
        "counter_pins": "mock",
        "counter_clock": "assume",
    }


def _is_open(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=2).close()
    except OSError:
        return False
    return True
