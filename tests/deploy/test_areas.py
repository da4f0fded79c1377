"""The playbook hands all areas of the inventory to the hub's program at once."""

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.__main__ import main
from tests.deploy.playbook import ANSIBLE, ROOT, Run, play

pytestmark = pytest.mark.long

HAMLET = {"id": "thon-doai", "name": "Thôn Đoài"}
GROUP = {"id": "to-2", "name": "Tổ dân phố 2", "parent": "thon-doai"}
TOLD = ("Add the areas that are not there yet, by these settings", "Stop where the hub's settings or areas")

Deploy = Callable[[Iterable[Any]], Run]


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    """Does with these areas what the role does; every start of the hub's program leaves a line."""
    before = os.umask(0o077)
    assert main(["init", str(tmp_path / "site"), "--site", "xa-mau", "--name", "Xã mẫu"]) == 0
    os.umask(before)
    program = tmp_path / "loa-hub"
    program.write_text(
        f'#!/bin/sh\necho "$@" >>{tmp_path}/starts\nPYTHONPATH={ROOT} exec {sys.executable} -m hub "$@"\n'
    )
    program.chmod(0o755)
    tasks = yaml.safe_load((ANSIBLE / "roles/hub/tasks/service.yml").read_text(encoding="utf-8"))
    steps = [each for each in tasks if each["name"].startswith(TOLD)]
    assert len(steps) == len(TOLD)
    (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": steps}]))
    host = {"ansible_connection": "local", "ansible_python_interpreter": "/usr/bin/python3"}
    (tmp_path / "hosts.yml").write_text(json.dumps({"all": {"hosts": {"hub-mau": host}}}))
    variables = {"hub_command": [str(program)], "hub_wanted_settings": str(tmp_path / "site/hub.toml")}

    def deployed(areas: Iterable[Any]) -> Run:
        extra = json.dumps({**variables, "hub_areas": list(areas)})
        return play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml", "--extra-vars", extra)

    return deployed


def starts(folder: Path) -> int:
    return len((folder / "starts").read_text().splitlines())


def test_forty_areas_are_one_start_and_one_change(deploy: Deploy, tmp_path: Path) -> None:
    run = deploy([HAMLET, GROUP, *({"id": f"to-{n}", "name": f"Tổ {n}"} for n in range(3, 41))])
    assert (run.code, starts(tmp_path)) == (0, 1), run.words
    assert run.says("hub-mau", "changed=1"), run.words


def test_areas_that_are_there_are_no_change(deploy: Deploy) -> None:
    assert deploy([HAMLET, GROUP]).says("changed=1")
    assert deploy([HAMLET, GROUP]).says("changed=0", "failed=0")


def test_an_area_that_clashes_stops_with_a_sentence(deploy: Deploy) -> None:
    deploy([HAMLET])
    run = deploy([{**HAMLET, "name": "Thôn Đông"}, {"id": "to-9", "name": "Tổ 9"}])
    assert run.says("The area thon-doai is there as Thôn Đoài, not as Thôn Đông"), run.words
    assert run.says("changed=0", "failed=1"), run.words
