"""nginx judges the doors' file before that counts: a wrong one would keep it from starting ever after."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.certificates import TestAuthority
from tests.deploy.playbook import ANSIBLE, Run, play

pytestmark = pytest.mark.long

PLAY = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.include_vars: "{vars}"
    - ansible.builtin.include_vars: "{defaults}"
    - ansible.builtin.template:
        src: "{template}"
        dest: "{folder}/loa.conf"
        mode: "0644"
        validate: "{{{{ hub_judge_of_doors }}}}"
"""


class Hub:
    """A hub that has its certificate, or none yet."""

    def __init__(self, folder: Path) -> None:
        self.folder, role = folder, ANSIBLE / "roles/hub"
        places = {"vars": role / "vars/main.yml", "defaults": role / "defaults/main.yml"}
        template = role / "templates/nginx.conf.j2"
        (folder / "play.yml").write_text(PLAY.format(folder=folder, template=template, **places))

    def certified(self) -> "Hub":
        own = TestAuthority().server(self.folder / "tls")
        own.certificate.rename(self.folder / "tls/hub.crt")
        own.key.rename(self.folder / "tls/hub.key")
        return self

    def opened(self, **settings: Any) -> Run:
        variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
            "hub_data": str(self.folder),
            "hub_ipv6": False,
            "hub_apt_cache": False,
            **settings,
        }
        inventory = {"hub": {"hosts": {"hub-mau": {"ansible_connection": "local"}}}}
        (self.folder / "hosts.yml").write_text(json.dumps(inventory))
        return play(
            str(self.folder / "play.yml"), self.folder / "hosts.yml", "--extra-vars", json.dumps(variables)
        )

    @property
    def has_doors(self) -> bool:
        return (self.folder / "loa.conf").exists()


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


def test_doors_that_nginx_can_open_are_put_in_place(hub: Hub) -> None:
    run = hub.certified().opened()
    assert (run.code, hub.has_doors) == (0, True), run.words


def test_a_certificate_that_is_not_there_is_told_and_changes_nothing(hub: Hub) -> None:
    run = hub.certified().opened(hub_certificate="/nowhere.crt", hub_certificate_key="/nowhere.key")
    assert (run.code != 0, hub.has_doors) == (True, False)
    assert run.says("/nowhere.crt", "No such file"), run.words


def test_before_the_hub_has_made_its_certificate_nothing_is_judged(hub: Hub) -> None:
    run = hub.opened()
    assert (run.code, hub.has_doors) == (0, True), run.words


def test_the_role_has_the_doors_judged() -> None:
    tasks = yaml.safe_load((ANSIBLE / "roles/hub/tasks/doors.yml").read_text())
    (opening,) = (each for each in tasks if "door" in each["name"])
    assert opening["ansible.builtin.template"]["validate"] == "{{ hub_judge_of_doors }}"
