"""Debian trees: a pristine one, made once and kept in the user's cache, and copies that become machines.

Packages come from where this machine has its own from; only files of apt are written with that.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BOOKWORM", "TRIXIE", "Tree", "copy_of_pristine", "remove"]

BOOKWORM, TRIXIE = "bookworm", "trixie"
# What a card has before Loa comes: an init, Python for Ansible, a way in, a network.
ON_THE_CARD = (
    "ca-certificates",
    "dbus",
    "iproute2",
    "openssh-server",
    "python3",
    "python3-apt",
    "sudo",
    "systemd-sysv",
)
DEBOOTSTRAP_S = 900


@dataclass(frozen=True)
class Tree:
    """The files of one machine."""

    root: Path

    def path(self, inside: str) -> Path:
        """A file of the machine; `inside` begins with a slash."""
        return self.root / inside.lstrip("/")

    @contextmanager
    def mounted(self, binds: Mapping[Path, str] | None = None) -> Iterator[None]:
        """What a program in the tree needs while no system runs there; `binds` are shown to it read-only.

        Nothing that is installed starts a service.
        """
        with ExitStack() as parts:
            self._mount(parts, "proc", "-t", "proc", "proc")
            self._mount(parts, "sys", "-t", "sysfs", "-o", "ro", "sys")
            self._mount(parts, "dev", "--bind", "/dev")
            for source, inside in (binds or {}).items():
                self._mount(parts, inside.lstrip("/"), "--bind", "-o", "ro", str(source))
            policy = self.path("/usr/sbin/policy-rc.d")
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
            parts.callback(policy.unlink, missing_ok=True)
            yield

    def _mount(self, parts: ExitStack, inside: str, *what: str) -> None:
        target = self.root / inside
        target.mkdir(exist_ok=True, parents=True)
        subprocess.run(["mount", *what, str(target)], check=True, timeout=30)
        parts.callback(subprocess.run, ["umount", "--lazy", str(target)], check=False, timeout=30)


def copy_of_pristine(root: Path, suite: str = BOOKWORM) -> Tree:
    """A machine's card as it comes: Debian, and nothing of Loa."""
    subprocess.run(
        ["cp", "--archive", "--reflink=auto", str(_pristine(suite)), str(root)], check=True, timeout=300
    )
    (root / "etc/machine-id").write_text("")
    return Tree(root)


def remove(tree: Tree) -> None:
    """The tree is gone; what is still mounted in it is let go first, so that nothing outside is touched."""
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for each in sorted((each for each in mounts if Path(each).is_relative_to(tree.root)), reverse=True):
        subprocess.run(["umount", "--lazy", each], check=False, timeout=30)
    shutil.rmtree(tree.root, ignore_errors=True)


def _pristine(suite: str) -> Path:
    kept = (
        _cache()
        / f"{suite}-{platform.machine()}-{hashlib.sha256(repr(ON_THE_CARD).encode()).hexdigest()[:8]}"
    )
    if kept.is_dir():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as beside:
        tree = Path(beside) / "tree"
        command = ["debootstrap", "--variant=minbase", f"--include={','.join(ON_THE_CARD)}", suite]
        main, security = _apt_place("Debian"), _apt_place("Debian-Security")
        subprocess.run(
            [*command, str(tree), main], check=True, timeout=DEBOOTSTRAP_S, stdout=subprocess.DEVNULL
        )
        sources = f"deb {main} {suite} main\ndeb {main} {suite}-updates main\n"
        sources += f"deb {security} {suite}-security main\n"
        (tree / "etc/apt/sources.list").write_text(sources)
        tree.rename(kept)
    return kept


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "loa-test-trees"


def _apt_place(label: str) -> str:
    """Where this machine's apt fetches the packages of this label from."""
    ran = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Label: {label}"],
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    )
    assert ran.stdout, f"this machine's apt knows no packages of {label}; run: apt-get update"
    return ran.stdout.split("\n")[0]
