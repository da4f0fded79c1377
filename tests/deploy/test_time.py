"""A machine's clock is set by the control machine's where it is far off, and only there."""

import json
import time
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
        tasks_from: time.yml
"""
DATE = """#!/bin/sh
case "$*" in
  *--set*) echo "$*" >{folder}/set ;;
  *) echo $(($(/bin/date +%s) - {late_s})) ;;
esac
"""


@pytest.fixture
def set_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """How the clock of a machine is set that is so many seconds late, by a technician in Việt Nam."""
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "/usr/bin/python3",
        "base_manage_services": True,
    }
    (tmp_path / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"hub-mau": variables}}}))
    (tmp_path / "play.yml").write_text(PLAY)
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def run(late_s: int) -> str:
        date = tmp_path / "date"
        date.write_text(DATE.format(folder=tmp_path, late_s=late_s))
        date.chmod(0o755)
        ran = play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml")
        assert ran.code == 0, ran.words
        return (tmp_path / "set").read_text() if (tmp_path / "set").exists() else ""

    return run


def test_a_clock_that_is_right_is_left_alone(set_to: Callable[[int], str]) -> None:
    assert set_to(5) == ""


@pytest.mark.parametrize("late_s", [3_600 * 24 * 300, -3_600 * 7])
def test_a_clock_that_is_far_off_is_set_to_the_control_machines(
    set_to: Callable[[int], str], late_s: int
) -> None:
    said = set_to(late_s)
    assert abs(int(said.partition("@")[2]) - time.time()) < 100
