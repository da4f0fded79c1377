"""A clock far off is set by the control machine's where nobody vouches for it, and only there."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.deploy.playbook import Run, play

pytestmark = pytest.mark.long

PLAY = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: base
        tasks_from: time.yml
"""
DATE = """
case "$*" in
  *--set*) echo "$*" >{folder}/set ;;
  *) echo $(($(/bin/date +%s) - {late_s})) ;;
esac
"""
IN_STEP = "echo 'Leap status     : Normal'"
NOT_IN_STEP = "echo 'Leap status     : Not synchronised'"
DOWN = "echo '506 Cannot talk to daemon'; exit 1"
LATE_S = 3_600 * 7

Clock = Callable[..., Run]


@pytest.fixture
def run_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What a technician in Việt Nam does to a machine whose clock is so many seconds late."""
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "/usr/bin/python3",
        "base_manage_services": True,
    }
    (tmp_path / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"hub-mau": variables}}}))
    (tmp_path / "play.yml").write_text(PLAY)
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def says(name: str, script: str) -> None:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def run(late_s: int, *, chrony: str = NOT_IN_STEP, system: str = "echo no") -> Run:
        says("date", DATE.format(folder=tmp_path, late_s=late_s))
        says("chronyc", chrony)
        says("timedatectl", system)
        ran = play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml")
        assert ran.code == 0, ran.words
        return ran

    return run


def set_to(folder: Path) -> str:
    return (folder / "set").read_text() if (folder / "set").exists() else ""


def test_a_clock_that_is_right_is_left_alone(run_on: Clock, tmp_path: Path) -> None:
    run_on(5)
    assert set_to(tmp_path) == ""


@pytest.mark.parametrize(
    ("late_s", "chrony"), [(3_600 * 24 * 300, DOWN), (-LATE_S, NOT_IN_STEP)], ids=["late", "early"]
)
def test_a_clock_that_is_far_off_is_set_to_the_control_machines(
    run_on: Clock, tmp_path: Path, late_s: int, chrony: str
) -> None:
    run_on(late_s, chrony=chrony)
    said = set_to(tmp_path)
    assert abs(int(said.partition("@")[2]) - time.time()) < 100


@pytest.mark.parametrize(
    ("chrony", "system"), [(IN_STEP, "echo no"), (DOWN, "echo yes")], ids=["chrony", "system"]
)
def test_a_clock_in_step_is_left_alone_and_both_times_are_told(
    run_on: Clock, tmp_path: Path, chrony: str, system: str
) -> None:
    ran = run_on(LATE_S, chrony=chrony, system=system)
    assert set_to(tmp_path) == ""
    shown = [time.strftime("%F %H:", time.gmtime(time.time() - late_s)) for late_s in (LATE_S, 0)]
    assert all(hour in ran.words for hour in shown), ran.words
