"""The playbooks are clean by ansible-lint's strictest profile, and each can be read by Ansible."""

import os
import subprocess

import pytest

from tests.deploy.playbook import ANSIBLE, TOOLS, play

pytestmark = pytest.mark.long


def test_ansible_lint_finds_nothing_at_its_production_profile() -> None:
    environment = {**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [TOOLS / "ansible-lint", "--profile", "production", "--offline", "--nocolor"],
        cwd=ANSIBLE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("playbook", ["site.yml", "update.yml"])
def test_ansible_can_read_the_playbook(playbook: str) -> None:
    run = play(playbook, ANSIBLE / "inventory" / "example", "--syntax-check")
    assert run.code == 0, run.words
