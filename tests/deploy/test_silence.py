"""No run of the playbooks cuts a loudspeaker off: what restarts its program waits until it is silent."""

import json
from pathlib import Path

import pytest

from tests.deploy.playbook import ANSIBLE, Run, play

pytestmark = pytest.mark.long

PLAY = """
- hosts: hub
  gather_facts: false
  environment:
    PATH: "{{ folder }}:{{ lookup('ansible.builtin.env', 'PATH') }}"
  vars_files: "{{ role }}/vars/main.yml"
  tasks:
    - ansible.builtin.include_tasks: "{{ role }}/handlers/silence.yml"
    - ansible.builtin.debug:
        msg: the service is restarted
"""
RESTARTED = "the service is restarted"
SYSTEMCTL = """#!/bin/sh
# Gives its answers in turn, the last one for ever.
read -r said < "$0.answers"
[ "$(wc -l < "$0.answers")" -eq 1 ] || sed -i 1d "$0.answers"
echo "ActiveState=${said%%;*}"
echo "StatusText=${said#*;}"
"""
SOUNDING = "active;sounding: Bản tin chiều"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "systemctl").write_text(SYSTEMCTL)
    (tmp_path / "systemctl").chmod(0o755)
    return tmp_path


def run(folder: Path, *answers: str, options: tuple[str, ...] = ()) -> Run:
    """What a run says to a loudspeaker that answers so when it is asked what it is at."""
    (folder / "systemctl.answers").write_text("".join(f"{answer}\n" for answer in answers))
    variables = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "/usr/bin/python3",
        "role": str(ANSIBLE / "roles" / "node"),
        "folder": str(folder),
        "node_kind": "speaker",
        "node_patience_min": 0.05,
        "node_look_every_s": 1,
    }
    (folder / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"to-1-loa-1": variables}}}))
    return play(str(folder / "play.yml"), folder / "hosts.yml", *options)


def test_one_that_sounds_is_told_of_and_waited_for(folder: Path) -> None:
    ran = run(folder, SOUNDING, SOUNDING, "active;sounding soon: Tin 2", "active;silent until 17:00")
    assert ran.says("to-1-loa-1 is sounding: Bản tin chiều")
    assert (folder / "systemctl.answers").read_text() == "active;silent until 17:00\n"
    assert RESTARTED in ran.words


def test_one_that_does_not_fall_silent_is_left_as_it_is(folder: Path) -> None:
    ran = run(folder, SOUNDING)
    assert ran.code != 0
    assert "is not silent after" in ran.words
    assert RESTARTED not in ran.words


@pytest.mark.parametrize(
    "answer", ["active;silent until 17:00", "active;running", "failed;sounding: Bản tin chiều", "inactive;"]
)
def test_one_that_is_silent_or_does_not_run_is_not_waited_for(folder: Path, answer: str) -> None:
    ran = run(folder, answer)
    assert "not silent" not in ran.words
    assert RESTARTED in ran.words


def test_a_trial_run_tells_of_one_that_sounds_and_waits_for_nothing(folder: Path) -> None:
    ran = run(folder, SOUNDING, options=("--check",))
    assert ran.says("to-1-loa-1 is sounding: Bản tin chiều")
    assert RESTARTED in ran.words
