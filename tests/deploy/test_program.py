"""A new version is installed beside the one that runs, and takes its place in one instant."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.playbook import Run, play
from tests.deploy.wheel import make_wheel

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

PLAY = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact:
        program_python: {stdout: "{{ python }}"}
        program_list: {checksum: "{{ checksum }}"}
    - ansible.builtin.import_role:
        name: program
        tasks_from: install.yml
    - ansible.builtin.fail:
      when: cut | default(false)
    - ansible.builtin.import_role:
        name: program
        tasks_from: switch.yml
  handlers:
    - name: The program changed
      ansible.builtin.debug:
        msg: the service is restarted
"""


class Machine:
    """A folder of programs to which versions come."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._files = folder / "opt", folder
        self.folder.mkdir()
        (folder / "wheels").mkdir()
        (folder / "play.yml").write_text(PLAY)

    def bring(self, version: str, *, cut: bool = False) -> Run:
        """What a run says that brings this version, or is cut off before it is switched to."""
        listed = make_wheel(self._files / "wheels", version)
        (self.folder / "requirements.txt").write_text(listed)
        variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
            "program_folder": str(self.folder),
            "program_wheels": str(self._files / "wheels"),
            "python": "3",
            "checksum": sha256(listed.encode()).hexdigest(),
            "cut": cut,
        }
        (self._files / "hosts.yml").write_text(json.dumps({"hub": {"hosts": {"hub-mau": variables}}}))
        return play(str(self._files / "play.yml"), self._files / "hosts.yml")

    def runs(self, link: str = "venv") -> str:
        """The version that stands behind the link."""
        [package] = (self.folder / link).glob("lib/python3*/site-packages/loa-*.dist-info")
        return package.name.removeprefix("loa-").removesuffix(".dist-info")

    def folders(self) -> int:
        return len([*self.folder.glob("venv-*")])


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What was seen after version 1, 1 again, 2 cut off, 2, and 3."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    runs = {"1": machine.bring("1"), "1 again": machine.bring("1")}
    cut = machine.bring("2", cut=True)
    seen: dict[str, Any] = {"after the cut": machine.runs()}
    runs |= {"2": machine.bring("2"), "3": machine.bring("3")}
    for run in runs.values():
        assert run.code == 0, run.words
    assert cut.code != 0
    return {**runs, **seen, "last": machine.runs(), "before": machine.runs("venv.before"), "machine": machine}


def test_the_same_version_again_changes_nothing(story: dict[str, Any]) -> None:
    assert "changed=0" in story["1 again"].words, story["1 again"].words


def test_a_version_that_did_not_come_to_its_end_is_not_run(story: dict[str, Any]) -> None:
    assert story["after the cut"] == "1"


def test_a_new_version_is_run_and_the_service_told(story: dict[str, Any]) -> None:
    assert story["last"] == "3"
    assert "the service is restarted" in story["3"].words
    assert "the service is restarted" not in story["1 again"].words


def test_the_version_before_stays_to_go_back_to_and_no_other(story: dict[str, Any]) -> None:
    assert story["before"] == "2"
    assert story["machine"].folders() == 2


def test_a_machine_of_an_older_layout_is_brought_over(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (machine.folder / "venv/bin").mkdir(parents=True)
    run = machine.bring("1")
    assert run.code == 0, run.words
    assert machine.runs() == "1"
