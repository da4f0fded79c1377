"""No run of the playbooks cuts a loudspeaker off: what restarts its program waits until it is silent."""

import json
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
        name: node
        tasks_from: silence.yml
    - ansible.builtin.command: "true"
      notify: Restart the node
"""
SYSTEMCTL = """#!/bin/sh
# Gives its answers in turn, the last one for ever; once told to restart, it has none.
[ "$1" = show ] || { read -r said < "$0.answers"; echo "$1 at $said" >> "$0.told"; exit; }
read -r said < "$0.answers"
[ "$(wc -l < "$0.answers")" -eq 1 ] || sed -i 1d "$0.answers"
echo "ActiveState=${said%%;*}"
echo "StatusText=${said#*;}"
"""
SOUNDING = "active;sounding: Bản tin chiều"
SILENT = "active;silent until 17:00"


class Site:
    """Loudspeakers whose service managers give these answers, each in its turn."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "play.yml").write_text(PLAY)

    def run(self, *options: str, **answers: list[str]) -> Run:
        """What a run says that restarts each of them."""
        hosts = {name: self._loudspeaker(name, said) for name, said in answers.items()}
        (self._folder / "hosts.yml").write_text(json.dumps({"hub": {"hosts": hosts}}))
        return play(str(self._folder / "play.yml"), self._folder / "hosts.yml", *options)

    def restarted(self, name: str) -> str:
        """What it was at when it was restarted; nothing if it was not."""
        told = self._folder / name / "systemctl.told"
        return told.read_text().strip().removeprefix("restart at ") if told.exists() else ""

    def _loudspeaker(self, name: str, answers: list[str]) -> dict[str, Any]:
        own = self._folder / name
        own.mkdir()
        (own / "systemctl").write_text(SYSTEMCTL)
        (own / "systemctl").chmod(0o755)
        (own / "systemctl.answers").write_text("".join(f"{answer}\n" for answer in answers))
        return {
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
            "folder": str(own),
            "node_kind": "speaker",
            "node_manage_services": True,
            "node_patience_min": 0.1,
            "node_look_every_s": 1,
        }


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_one_that_sounds_is_told_of_and_waited_for(site: Site) -> None:
    ran = site.run(loa1=[SOUNDING, SOUNDING, "active;sounding soon: Tin 2", SILENT])
    assert ran.says("loa1 is sounding: Bản tin chiều")
    assert site.restarted("loa1") == SILENT


def test_one_that_does_not_fall_silent_is_left_as_it_is(site: Site) -> None:
    ran = site.run(loa1=[SOUNDING])
    assert ran.code != 0
    assert "is not silent after" in ran.words
    assert site.restarted("loa1") == ""


def test_one_that_begins_to_sound_while_another_is_waited_for_is_waited_for_again(site: Site) -> None:
    site.run(loa1=[SILENT, SILENT, SOUNDING, SOUNDING, "active;silent again"], loa2=[*[SOUNDING] * 3, SILENT])
    assert (site.restarted("loa1"), site.restarted("loa2")) == ("active;silent again", SILENT)


@pytest.mark.parametrize("answer", [SILENT, "active;running", "failed;sounding: Bản tin chiều", "inactive;"])
def test_one_that_is_silent_or_does_not_run_is_not_waited_for(site: Site, answer: str) -> None:
    ran = site.run(loa1=[answer])
    assert "RETRYING" not in ran.words
    assert site.restarted("loa1") == answer


def test_one_that_is_to_be_cut_off_is(site: Site) -> None:
    site.run("-e", "node_now=true", loa1=[SOUNDING])
    assert site.restarted("loa1") == SOUNDING


def test_a_trial_run_tells_of_one_that_sounds_and_waits_for_nothing(site: Site) -> None:
    ran = site.run("--check", loa1=[SOUNDING])
    assert "RETRYING" not in ran.words
    assert site.restarted("loa1") == ""
