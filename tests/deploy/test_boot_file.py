"""A Raspberry Pi is restarted when what its firmware reads changed after its last start, and only then."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.playbook import Run, play

pytestmark = pytest.mark.long

PLAY = """
- hosts: hub
  gather_facts: false
  environment:
    PATH: "{{ folder }}:{{ lookup('ansible.builtin.env', 'PATH') }}"
  tasks:
    - ansible.builtin.import_role:
        name: base
        tasks_from: start.yml
"""
COMMAND = "console=tty1 root=PARTUUID=0008f858-02 rootwait\n"
WOULD_RESTART = "would reboot the control node"  # so Ansible refuses where it runs on the machine itself
NOT_SILENT = "is not silent after"


class Pi:
    """The files of a machine, in a folder. Every run is cut off where the machine would restart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.config = folder / "config.txt"
        self.config.write_text("dtparam=audio=on\n")
        self.command = folder / "cmdline.txt"
        self.command.write_text(COMMAND)
        self.marks = folder / "run"
        (folder / "play.yml").write_text(PLAY)
        self.loudspeaker_is("silent, nothing planned")

    def loudspeaker_is(self, at: str) -> None:
        """What systemd says of its service."""
        systemctl = self._folder / "systemctl"
        systemctl.write_text(f"#!/bin/sh\necho ActiveState=active\necho 'StatusText={at}'\n")
        systemctl.chmod(0o755)

    def run(self, *options: str, **variables: Any) -> Run:
        known = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
            "folder": str(self._folder),
            "base_manage_services": True,
            "base_raspberry_pi": True,
            "base_boot_file": str(self.config),
            "base_boot_command": str(self.command),
            "mending_folder": str(self.marks),
            "node_patience_min": 0.05,
            "node_look_every_s": 1,
            **variables,
        }
        (self._folder / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"hub-mau": known}}}))
        ran = play(str(self._folder / "play.yml"), self._folder / "hosts.yml", *options)
        assert ran.code == 0 or WOULD_RESTART in ran.words or NOT_SILENT in ran.words, ran.words
        return ran

    def restarts(self, **variables: Any) -> bool:
        """Whether a run restarts it."""
        return WOULD_RESTART in self.run(**variables).words

    def start_anew(self) -> None:
        """`/run` is empty after every start."""
        shutil.rmtree(self.marks, ignore_errors=True)


@pytest.fixture
def pi(tmp_path: Path) -> Pi:
    return Pi(tmp_path)


def test_a_change_restarts_it(pi: Pi) -> None:
    assert pi.restarts()
    assert "dtparam=watchdog=on" in pi.config.read_text()


def test_a_change_of_a_run_that_was_cut_off_restarts_it_in_the_next(pi: Pi) -> None:
    assert pi.restarts()
    assert pi.restarts()


def test_a_machine_that_has_started_since_is_left_alone(pi: Pi) -> None:
    pi.restarts()
    pi.start_anew()
    run = pi.run()
    assert "changed=0" in run.words, run.words


def test_a_run_that_changes_nothing_leaves_no_mark_wherever_it_is_cut_off(pi: Pi) -> None:
    pi.restarts()
    pi.start_anew()
    pi.marks.write_text("no mark can be made in what is no folder")
    assert not pi.restarts()


def test_a_restart_that_the_technician_does_himself_is_not_forgotten(pi: Pi) -> None:
    assert not pi.restarts(base_restart_when_needed=False)
    assert pi.restarts()


def test_a_loudspeaker_that_sounds_is_not_cut_off_and_restarts_in_a_later_run(pi: Pi) -> None:
    pi.loudspeaker_is("sounding: Bản tin chiều")
    assert NOT_SILENT in pi.run().words
    pi.loudspeaker_is("silent until 17:00")
    assert pi.restarts()


def test_a_trial_run_changes_nothing_and_leaves_no_mark(pi: Pi) -> None:
    before = pi.config.read_text()
    pi.run("--check")
    assert (pi.config.read_text(), pi.command.read_text(), pi.marks.exists()) == (before, COMMAND, False)


def test_what_is_no_raspberry_pi_is_left_alone(pi: Pi) -> None:
    before = pi.config.read_text()
    assert "changed=0" in pi.run(base_raspberry_pi=False).words
    assert (pi.config.read_text(), pi.command.read_text()) == (before, COMMAND)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("root=a rootwait\n", "root=a rootwait cgroup_enable=memory\n"),
        ("root=a rootwait", "root=a rootwait cgroup_enable=memory"),
        ("root=a  \n\n", "root=a cgroup_enable=memory  \n\n"),
        ("cgroup_enable=memory root=a\n", "cgroup_enable=memory root=a\n"),
        ("root=a cgroup_enable=memory_extra\n", "root=a cgroup_enable=memory_extra cgroup_enable=memory\n"),
    ],
)
def test_the_kernel_is_told_on_its_one_line_to_count_memory(pi: Pi, before: str, after: str) -> None:
    pi.command.write_text(before)
    pi.restarts()
    assert pi.command.read_text() == after


def test_a_kernel_that_is_to_count_memory_from_now_on_is_started_anew(pi: Pi) -> None:
    pi.restarts()
    pi.start_anew()
    pi.command.write_text(COMMAND)
    assert pi.restarts()
    pi.start_anew()
    assert not pi.restarts()


def test_a_kernel_counts_no_memory_where_nobody_wants_it(pi: Pi) -> None:
    pi.restarts(base_count_memory=False)
    assert pi.command.read_text() == COMMAND


def test_a_restart_that_is_left_to_the_technician_is_no_run_that_was_cut_off(pi: Pi) -> None:
    pi.restarts(base_restart_when_needed=False)
    run = pi.run(base_restart_when_needed=False)
    assert "A run before was cut off" not in run.words
    assert "changed=0" in run.words, run.words
