"""What the playbooks do with a node that is off, with one that is busy, and with names given on pages."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.playbook import ANSIBLE, Run, play

pytestmark = pytest.mark.long

NOBODY = 9  # the discard port: nothing listens there
SAY = [{"name": "Say it", "ansible.builtin.debug": {"msg": "{{ inventory_hostname }} is brought up to date"}}]


def read(file: str) -> Any:
    return yaml.safe_load((ANSIBLE / file).read_text(encoding="utf-8"))


@pytest.fixture
def updated(tmp_path: Path) -> Run:
    """An update of a site whose first node is off; instead of a version, it brings words."""
    plays = read("update.yml")
    for each in plays:
        if "import_role" in str(each.get("tasks")):
            each["tasks"] = SAY
        elif "ansible.builtin.import_playbook" in each:
            each["ansible.builtin.import_playbook"] = str(ANSIBLE / "preflight.yml")
    (tmp_path / "update.yml").write_text(json.dumps(plays))
    here = {
        "ansible_connection": "local",
        "ansible_python_interpreter": "/usr/bin/python3",
        "hub_site_id": "xa-mau",
        "hub_site_name": "Xã mẫu",
        "hub_areas": [{"id": "to-1", "name": "Tổ 1"}],
        "speaker_area": "to-1",
    }
    off = {"ansible_host": "127.0.0.2", "ansible_connection": "ssh", "ansible_port": NOBODY}
    nodes = {"loa-1": off, "loa-2": {"ansible_host": "127.0.0.3"}, "loa-3": {"ansible_host": "127.0.0.4"}}
    hub = {"hosts": {"hub-mau": {"ansible_host": "127.0.0.1", "ansible_become": False}}}
    inventory = {
        "all": {"vars": {**here, "ansible_become": False}},
        "hub": hub,
        "speakers": {"hosts": nodes},
    }
    (tmp_path / "hosts.yml").write_text(json.dumps(inventory), encoding="utf-8")
    wired = json.dumps(read("group_vars/all.yml"))
    return play(str(tmp_path / "update.yml"), tmp_path / "hosts.yml", "--extra-vars", wired)


def test_a_node_that_is_off_holds_no_update_up_and_is_told_at_the_end(updated: Run) -> None:
    assert all(f"{name} is brought up to date" in updated.words for name in ("hub-mau", "loa-2", "loa-3"))
    assert "loa-1 is brought up to date" not in updated.words
    assert updated.says("loa-1 did not answer and keeps the version that it has"), updated.words
    assert updated.code != 0


@pytest.mark.parametrize("playbook", ["site.yml", "update.yml"])
def test_packages_wait_a_quarter_of_an_hour_for_those_that_the_system_installs_by_itself(
    playbook: str,
) -> None:
    installing = [
        each for each in read(playbook) if "roles" in each or "import_role" in str(each.get("tasks"))
    ]
    assert len(installing) >= 2
    for each in installing:
        assert each["module_defaults"]["ansible.builtin.apt"]["lock_timeout"] == 900


def asked(folder: Path, **variables: Any) -> str:
    """What the hub is called with for a node of these variables."""
    (signing,) = (each for each in read("roles/node/tasks/papers.yml") if each["name"] == "Let the hub sign")
    say = {"ansible.builtin.debug": {"msg": signing["ansible.builtin.command"]["argv"]}}
    node = {"node_kind": "speaker", "node_area": "to-1", "node_title": "", "ansible_connection": "local"}
    known = {**read("roles/node/vars/main.yml"), **read("roles/node/defaults/main.yml"), **node, **variables}
    (folder / "play.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [say]}]))
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": {"loa-1": known}}}))
    run = play(str(folder / "play.yml"), folder / "hosts.yml")
    assert run.code == 0, run.words
    return run.words


def enrolled(*, before: bool) -> dict[str, Any]:
    return {"stat": {"exists": before}}


def test_the_hub_is_given_a_title_where_the_inventory_has_one(tmp_path: Path) -> None:
    said = asked(tmp_path, node_title="- Loa đầu ngõ", node_certificate=enrolled(before=True))
    assert "--name=- Loa đầu ngõ" in said


def test_the_hub_keeps_the_title_of_its_page_where_the_inventory_has_none(tmp_path: Path) -> None:
    assert "--name" not in asked(tmp_path, node_certificate=enrolled(before=True))


@pytest.mark.parametrize(
    ("before", "again", "flags"),
    [
        (True, False, set()),
        (False, False, {"--new-card"}),
        (False, True, {"--again"}),
        (True, True, {"--again"}),
    ],
)
def test_what_was_removed_comes_back_only_where_somebody_says_so(
    tmp_path: Path, before: bool, again: bool, flags: set[str]
) -> None:
    said = asked(tmp_path, node_again=again, node_certificate=enrolled(before=before))
    assert {flag for flag in ("--again", "--new-card") if flag in said} == flags


def test_a_trial_run_asks_the_hub_whom_it_hears() -> None:
    assert read("heard-node.yml")[0]["check_mode"] is False


def test_a_trial_run_does_not_say_that_nobody_can_log_in(tmp_path: Path) -> None:
    people = {"ansible.builtin.import_role": {"name": "hub", "tasks_from": "people.yml"}}
    (tmp_path / "play.yml").write_text(
        json.dumps([{"hosts": "hub", "gather_facts": False, "tasks": [people]}])
    )
    (tmp_path / "hosts.yml").write_text(
        json.dumps({"hub": {"hosts": {"hub-mau": {"ansible_connection": "local"}}}})
    )
    run = play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml", "--check")
    assert (run.code, "Nobody can log in" in run.words) == (0, False), run.words


@pytest.mark.parametrize(
    ("address", "in_url"),
    [("192.168.50.10", "192.168.50.10"), ("loa.lan", "loa.lan"), ("fd00::10", "[fd00::10]")],
)
def test_nodes_fetch_wheels_and_packages_from_a_hub_of_any_address(
    tmp_path: Path, address: str, in_url: str
) -> None:
    node, base, wired = (
        read(f"{file}.yml")
        for file in ("roles/node/defaults/main", "roles/base/defaults/main", "group_vars/all")
    )
    fetched = [node["node_wheels"], base["base_apt_proxy"]]
    hosts = {"hub": {"hosts": {"hub-mau": {"ansible_host": address}}}, "all": {"vars": wired}}
    (tmp_path / "hosts.yml").write_text(json.dumps(hosts))
    say = {"ansible.builtin.debug": {"msg": fetched}, "delegate_to": "localhost"}
    (tmp_path / "play.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [say]}]))
    run = play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml")
    assert run.says(f"https://{in_url}:8443/wheels/"), run.words
    assert run.words.count(f"http://{in_url}") == 1, run.words
