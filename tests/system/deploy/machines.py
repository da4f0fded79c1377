"""Trees that run: each boots its own systemd in a container, on one network with the others and with us."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.deploy.trees import Tree
from tests.system.village import until

__all__ = ["Machine", "Network", "booted", "network"]

BOOT_S = 60.0
HALT_S = 30.0


@dataclass(frozen=True)
class Network:
    """A bridge of its own; `ours` is where the test itself is on it. Names hold this process's number."""

    name: str
    prefix: str

    @property
    def ours(self) -> str:
        return f"{self.prefix}.1"


@contextmanager
def network() -> Iterator[Network]:
    """Gone at the end, with all that hangs on it."""
    _sweep()
    made = Network(name=f"loa{os.getpid()}", prefix=f"10.213.{os.getpid() % 250}")
    _ip("link", "add", made.name, "type", "bridge")
    try:
        _ip("address", "add", f"{made.ours}/24", "dev", made.name)
        _ip("link", "set", made.name, "up")
        yield made
    finally:
        _ip("link", "delete", made.name)


def _sweep() -> None:
    """Put away what runs that were killed outright have left."""
    for kind, folder in (("netns", "/run/netns"), ("link", "/sys/class/net")):
        for left in Path(folder).glob("loa[0-9]*"):
            owner = left.name[3:].split("-")[0]
            if owner.isdecimal() and not Path("/proc", owner).exists():
                subprocess.run(["ip", kind, "delete", left.name], check=False, timeout=30)


@dataclass
class Machine:
    """A tree whose systemd runs."""

    name: str
    tree: Tree
    address: str
    process: "subprocess.Popen[bytes]"
    _init: int = field(default=0, repr=False)

    def run(
        self, *command: str, given: str = "", timeout_s: float = 60
    ) -> "subprocess.CompletedProcess[str]":
        """A program inside, as root, run to its end."""
        enter = ["nsenter", "--target", str(self.init), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "--"]
        return subprocess.run(
            [*enter, *command],
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            env={"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        )

    def told(self, *command: str, given: str = "") -> str:
        """What a program inside says that ends well."""
        ran = self.run(*command, given=given)
        assert ran.returncode == 0, f"{self.name}: {' '.join(command)}: {ran.stdout}{ran.stderr}"
        return ran.stdout

    def shown(self, unit: str, name: str) -> str:
        """A property of a unit, as systemd has it now."""
        return self.told("systemctl", "show", "--value", "--property", name, unit).strip()

    def journal(self, unit: str) -> str:
        """The last words of a unit."""
        return self.run("journalctl", "--no-pager", "-n", "60", "-u", unit).stdout

    @property
    def init(self) -> int:
        """The container's first process, as we see it."""
        if not self._init:
            self._init = until("it has an init", lambda: _init_of(self.process.pid), within_s=BOOT_S)
        return self._init

    def cut_power(self) -> None:
        """As when the plug is pulled."""
        if self.process.poll() is None:
            os.kill(self.init, signal.SIGKILL)
        self.process.wait(HALT_S)


@contextmanager
def booted(tree: Tree, *, name: str, number: int, on: Network) -> Iterator[Machine]:
    """Boot the tree at address `number` of the network; halted, or else killed, at the end."""
    space, address = f"{on.name}-{name}", f"{on.prefix}.{number}"
    with ExitStack() as parts:
        _plug_in(parts, space, address, number=number, on=on)
        command = [
            *("setpriv", "--pdeathsig", "KILL", "--"),
            "systemd-nspawn",
            "--quiet",
            "--boot",
            f"--directory={tree.root}",
            f"--machine={space}",
            f"--hostname={name}",
            f"--network-namespace-path=/run/netns/{space}",
            "--capability=CAP_NET_ADMIN",
            "--register=no",
            "--keep-unit",
            "--console=pipe",
            "--resolv-conf=off",
            "--timezone=off",
            "--link-journal=no",
            *(f"--bind={device}" for device in ["/dev/loop-control", *sorted(_loops())]),
        ]
        with Path(f"{tree.root}.log").open("ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        parts.callback(_halt, process)
        machine = Machine(name=name, tree=tree, address=address, process=process)
        until(f"{name} has booted", lambda: _has_booted(machine), within_s=BOOT_S)
        yield machine


def _loops() -> list[str]:
    """What a machine mounts a partition with that is a file of its tree."""
    return [str(each) for each in Path("/dev").glob("loop[0-9]*") if each.is_block_device()]


def _plug_in(parts: ExitStack, space: str, address: str, *, number: int, on: Network) -> None:
    cable, far_end = f"{on.name}-{number}", f"{on.name}-{number}p"
    _ip("netns", "add", space)
    parts.callback(_ip, "netns", "delete", space)
    _ip("link", "add", cable, "type", "veth", "peer", "name", far_end)
    parts.callback(_ip, "link", "delete", cable)
    _ip("link", "set", cable, "master", on.name, "up")
    _ip("link", "set", far_end, "netns", space, "name", "eth0")
    _ip("-n", space, "link", "set", "lo", "up")
    _ip("-n", space, "address", "add", f"{address}/24", "dev", "eth0")
    _ip("-n", space, "link", "set", "eth0", "up")


def _init_of(container: int) -> int | None:
    """The child that is number 1 of its own; the container's other children last a moment only."""
    for pid in Path(f"/proc/{container}/task/{container}/children").read_text().split():
        with suppress(OSError):
            numbers = re.findall(r"^NSpid:\s+(.*)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
            if numbers and numbers[0].split()[1:] == ["1"]:
                return int(pid)
    return None


def _has_booted(machine: Machine) -> bool:
    assert machine.process.poll() is None, Path(f"{machine.tree.root}.log").read_text()
    state = machine.run("systemctl", "is-system-running").stdout.strip()
    return state in {"running", "degraded"}


def _halt(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(HALT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(HALT_S)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, timeout=30)
