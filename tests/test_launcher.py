"""`./loa` installs what a program needs, and nothing for who only asks how it is used."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


class Checkout:
    """A checkout with Python packages and without Debian's; whether those were asked for is noted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked = folder / "asked"
        shutil.copy(ROOT / "loa", folder / "loa")
        for lock in ("requirements.lock", "requirements-deploy.lock"):
            venv = folder / (".venv-deploy" if "deploy" in lock else ".venv")
            self._program(venv / "bin" / "python", 'echo "ran $*"')
            for file in (folder / lock, venv / f".installed-{lock}"):
                file.write_text("")
        for name in ("dpkg-query", "apt-get", "sudo", "pip"):
            self._program(folder / "system" / name, f"touch {self.asked}; exit 1")

    def loa(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        path = f"{self.folder / 'system'}:{os.environ['PATH']}"
        command = [str(self.folder / "loa"), *arguments]
        return subprocess.run(
            command, env={"PATH": path}, capture_output=True, text=True, check=False, timeout=60
        )

    def _program(self, file: Path, does: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{does}\n")
        file.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize(
    "command", ["hub --help", "hub enroll -h", "node --help", "demo --help", "hub", "node"]
)
def test_a_program_tells_how_it_is_used_without_a_package_of_debian(checkout: Checkout, command: str) -> None:
    program, *rest = command.split()
    ran = checkout.loa(program, *rest)
    module = {"hub": "hub", "node": "edge", "demo": "hub.demo"}[program]
    assert ran.stdout.strip() == " ".join(["ran -m", module, *rest])
    assert not checkout.asked.exists()


@pytest.mark.parametrize("command", ["deploy --help", "deploy update -h", "test --help", "bench -h"])
def test_what_the_launcher_runs_itself_is_told_by_it(checkout: Checkout, command: str) -> None:
    ran = checkout.loa(*command.split())
    assert ran.returncode == 0
    assert f"./loa {command.split()[0]}" in ran.stdout
    assert not checkout.asked.exists()


@pytest.mark.parametrize("command", ["hub serve", "demo", "node speaker --config x"])
def test_a_program_that_is_to_work_has_its_packages_looked_for(checkout: Checkout, command: str) -> None:
    assert checkout.loa(*command.split()).returncode != 0
    assert checkout.asked.exists()


def test_a_deploy_without_a_site_is_refused_before_anything_is_installed(checkout: Checkout) -> None:
    ran = checkout.loa("deploy", "--limit", "to-1")
    assert ran.returncode == 2
    assert "wanted -i INVENTORY" in ran.stderr
    assert not checkout.asked.exists()
