"""A node installs what its hub serves: another version there is said, before the node is changed."""

import json
from pathlib import Path

import pytest

from tests.deploy.playbook import Run, play

pytestmark = pytest.mark.long

PLAY = """
- hosts: speakers
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: node
        tasks_from: authority.yml
"""


def brought(tmp_path: Path, *, served: str | None, gathered: str) -> Run:
    """What a run says (it changes nothing) where hub and control machine hold these manifests."""
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls" / "authority.crt").write_text("")
    (tmp_path / "gathered").mkdir()
    (tmp_path / "gathered" / "manifest").write_text(gathered)
    if served is not None:
        (tmp_path / "manifest").write_text(served)
    hub = {"ansible_connection": "local", "hub_data": str(tmp_path), "hub_wheels": str(tmp_path)}
    node = {"ansible_connection": "local", "program_wheelhouse": str(tmp_path / "gathered")}
    groups = {"hub": {"hosts": {"hub-mau": hub}}, "speakers": {"hosts": {"to-1-loa-1": node}}}
    every = {"vars": {"ansible_python_interpreter": "/usr/bin/python3", "loa_hub": "hub-mau"}}
    (tmp_path / "hosts.yml").write_text(json.dumps({"all": every, **groups}))
    (tmp_path / "play.yml").write_text(PLAY)
    return play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml", "--check")


def test_the_same_version_passes(tmp_path: Path) -> None:
    run = brought(tmp_path, served="1  loa.whl\n", gathered="1  loa.whl\n")
    assert run.code == 0, run.words


@pytest.mark.parametrize("served", ["1  loa.whl\n", None])
def test_another_version_is_told(tmp_path: Path, served: str | None) -> None:
    run = brought(tmp_path, served=served, gathered="2  loa.whl\n")
    assert run.code != 0
    assert run.says("to-1-loa-1: wanted at the hub the packages of this checkout"), run.words
    assert run.says("./loa deploy -i INVENTORY --limit hub-mau")
