"""What a run changed that was cut off before it had that taken up, the next one has taken up."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.playbook import ANSIBLE, Run, play

pytestmark = pytest.mark.long

ROLES = ANSIBLE / "roles"
PLAY = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: mending
        tasks_from: begin.yml
      vars:
        mending_part: settings
    - ansible.builtin.copy:
        content: "{{ content }}"
        dest: "{{ folder }}/settings"
        mode: "0600"
      notify: Restart the service
    - ansible.builtin.fail:
      when: cut | default(false)
    - ansible.builtin.import_role:
        name: mending
        tasks_from: end.yml
      vars:
        mending_part: settings
        mending_handlers:
          - Restart the service
  handlers:
    - name: Restart the service
      ansible.builtin.debug:
        msg: the service is restarted
"""
RESTARTED = "the service is restarted"


class Machine:
    """A folder of settings, and a service that is told of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "play.yml").write_text(PLAY)

    def run(self, content: str, *options: str, cut: bool = False) -> Run:
        variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
            "mending_folder": str(self._folder / "run"),
            "folder": str(self._folder),
            "content": content,
            "cut": cut,
        }
        (self._folder / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"hub-mau": variables}}}))
        return play(str(self._folder / "play.yml"), self._folder / "hosts.yml", *options)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_change_that_was_cut_off_before_its_restart_is_taken_up_once(machine: Machine) -> None:
    assert RESTARTED in machine.run("old").words
    cut = machine.run("new", cut=True)
    assert (cut.code != 0, RESTARTED in cut.words) == (True, False)
    assert RESTARTED in machine.run("new").words
    again = machine.run("new")
    assert "changed=0" in again.words, again.words
    assert RESTARTED not in again.words


def test_a_trial_run_takes_nothing_for_cut_off_and_leaves_no_mark(machine: Machine) -> None:
    machine.run("old")
    for _ in range(2):
        assert RESTARTED not in machine.run("old", "--check").words
    assert "changed=0" in machine.run("old").words


ENTRIES = [
    *((role, "main.yml") for role in ("base", "clock", "broker", "hub", "counter", "node")),
    *((role, "update.yml") for role in ("hub", "node")),
]


@pytest.mark.parametrize(("role", "entry"), ENTRIES)
def test_every_change_that_is_notified_of_lies_between_marks_which_know_its_handlers(
    role: str, entry: str
) -> None:
    notified: set[str] = set()
    part = ""
    for task in tasks(role, entry):
        match of_mending(task):
            case ("begin.yml", variables):
                assert not part, f"{part} has not ended"
                part, notified = variables["mending_part"], set()
            case ("end.yml", variables):
                assert variables["mending_part"] == part
                assert notified <= known(role, variables["mending_handlers"])
                part = ""
            case _:
                told = task.get("notify", [])
                assert part or not told, f"{task['name']}: outside of all marks"
                notified |= {told} if isinstance(told, str) else set(told)
    assert not part, f"{part} has not ended"


def tasks(role: str, file: str) -> Iterator[dict[str, Any]]:
    """The tasks of a file of a role that may change something, in their order, with those that it imports
    (those of `mending` aside)."""
    for task in yaml.safe_load((ROLES / role / "tasks" / file).read_text()):
        imported = task.get("ansible.builtin.import_role", {})
        if task.get("check_mode") is True:
            continue
        if "ansible.builtin.import_tasks" in task:
            yield from tasks(role, task["ansible.builtin.import_tasks"])
        elif imported and imported["name"] != "mending":
            if imported["name"] != "node":  # which has its own marks
                yield from tasks(imported["name"], imported.get("tasks_from", "main.yml"))
        else:
            yield task


def of_mending(task: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    imported = task.get("ansible.builtin.import_role")
    return (imported["tasks_from"], task["vars"]) if imported else None


def listened(handler: dict[str, Any]) -> set[str]:
    """What else a handler may be notified by."""
    told = handler.get("listen", [])
    return {told} if isinstance(told, str) else set(told)


def known(role: str, handlers: list[str] | str) -> set[str]:
    """What may be notified where these handlers run, by their names and by what they listen to."""
    wanted = set(handlers if isinstance(handlers, list) else handlers.split("'")[1:2])
    every = yaml.safe_load((ROLES / role / "handlers/main.yml").read_text())
    topics = [({each["name"]}, listened(each)) for each in every]
    heard = {topic for names, listens in topics if wanted & (names | listens) for topic in listens}
    return wanted | heard
