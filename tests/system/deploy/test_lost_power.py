"""A machine whose power went while dpkg worked: the next run finishes what that left."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.playbook import Run, play
from tests.system.deploy.trees import Tree, copy_of_pristine, remove

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

PACKAGE = "sudo"
PLAY = """
- name: Bring packages
  hosts: hub
  gather_facts: false
  tasks:
    - name: Install Debian's packages
      ansible.builtin.import_role:
        name: base
        tasks_from: packages.yml
"""


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Tree]:
    """A card on which dpkg has unpacked a package, and not finished."""
    if os.geteuid() != 0:
        pytest.skip("trees and mounts need root")
    tree = copy_of_pristine(tmp_path / "card")
    try:
        known = tree.path("/var/lib/dpkg/status").read_text().split("\n\n")
        [installed] = [each for each in known if each.startswith(f"Package: {PACKAGE}\n")]
        unpacked = installed.replace("install ok installed", "install ok unpacked")
        tree.path("/var/lib/dpkg/updates/0000").write_text(f"{unpacked}\n")
        with tree.mounted():
            yield tree
    finally:
        remove(tree)


def bring(card: Tree, folder: Path) -> Run:
    variables = {
        "ansible_connection": "community.general.chroot",
        "ansible_host": str(card.root),
        "base_apt_through_hub": False,
        "base_packages": [PACKAGE],
    }
    (folder / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"hub-mau": variables}}}))
    (folder / "play.yml").write_text(PLAY)
    return play(str(folder / "play.yml"), folder / "hosts.yml")


def state(card: Tree) -> str:
    command = ["chroot", str(card.root), "dpkg-query", "-W", "-f", "${db:Status-Status}", PACKAGE]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_running_again_finishes_an_installation_that_lost_its_power(card: Tree, tmp_path: Path) -> None:
    assert state(card) == "unpacked"
    run = bring(card, tmp_path)
    assert run.code == 0, run.words
    assert state(card) == "installed"
    assert "changed=0" in bring(card, tmp_path).words
