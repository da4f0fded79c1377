"""A Raspberry Pi is restarted when what its firmware reads changed after its last start, and only then."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.playbook import play

pytestmark = pytest.mark.long

PLAY = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: base
        tasks_from: raspberry.yml
"""
WOULD_RESTART = "would reboot the control node"  # so Ansible refuses where it runs on the machine itself
LONG_AGO = 1_000_000


@pytest.fixture
def restarts(tmp_path: Path) -> Callable[[], bool]:
    """Whether a run of the role restarts the machine whose files are in the test's folder."""
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "/usr/bin/python3",
        "base_manage_services": True,
        "base_boot_file": str(tmp_path / "config.txt"),
        "base_boot_note": str(tmp_path / "note"),
    }
    (tmp_path / "config.txt").write_text("dtparam=audio=on\n")
    (tmp_path / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"hub-mau": variables}}}))
    (tmp_path / "play.yml").write_text(PLAY)

    def run() -> bool:
        ran = play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml")
        assert ran.code == 0 or WOULD_RESTART in ran.words, ran.words
        return ran.code != 0

    return run


def test_a_change_restarts_it(restarts: Callable[[], bool]) -> None:
    assert restarts()


def test_a_change_of_a_run_that_was_cut_off_restarts_it_in_the_next(restarts: Callable[[], bool]) -> None:
    restarts()
    assert restarts()


def test_a_machine_that_has_started_since_is_left_alone(restarts: Callable[[], bool], tmp_path: Path) -> None:
    restarts()
    os.utime(tmp_path / "note", (LONG_AGO, LONG_AGO))
    assert not restarts()
