"""A run that was cut off between a change and the restart for it: the next one mends it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.playbook import play
from tests.system.deploy.machines import Machine
from tests.system.deploy.site_rig import HUB, SPEAKER, Site

pytestmark = [pytest.mark.long, pytest.mark.timeout(2400)]

AFTER_JOURNAL = "TASK [base : Make the folder for what each role opens]"
AFTER_LOCAL = "TASK [node : Describe the node to systemd]"
AFTER_NGINX = "TASK [hub : Let people and devices reach nginx]"
JOURNAL, LOCAL = "/etc/systemd/journald.conf.d/loa.conf", "/etc/loa/local.toml"
NGINX = "/etc/nginx/conf.d/loa.conf"
HUB_SETTINGS = "/etc/loa/hub.toml"


def test_journal_and_loudspeaker_take_up_what_two_runs_changed_that_were_cut_off(site: Site) -> None:
    machine = site.machines[SPEAKER]
    changed_by_hand(machine, JOURNAL, LOCAL)
    journal, node = begun(machine, "systemd-journald"), begun(machine, "loa-speaker")
    cut_off(site, SPEAKER, at=AFTER_JOURNAL)
    assert begun(machine, "systemd-journald") == journal
    cut_off(site, SPEAKER, at=AFTER_LOCAL)
    assert begun(machine, "systemd-journald") != journal
    assert begun(machine, "loa-speaker") == node
    assert "by hand" not in machine.told("cat", JOURNAL, LOCAL)
    applied(site, SPEAKER)
    assert begun(machine, "loa-speaker") != node


def test_nginx_takes_up_what_a_run_changed_that_was_cut_off(site: Site) -> None:
    machine = site.machines[HUB]
    changed_by_hand(machine, NGINX)
    before = begun(machine, "nginx")
    cut_off(site, HUB, at=AFTER_NGINX)
    assert begun(machine, "nginx") == before
    applied(site, HUB)
    assert begun(machine, "nginx") != before


UNHEARD_OF = {"speaker_local": {"node": {"data": "/var/lib/loa-node"}, "amplifier": {"hold_ms": 99999}}}
"""What no check of the inventory knows, so that the node's own program has to judge it."""


def test_settings_that_do_not_hold_are_told_and_change_nothing(site: Site) -> None:
    machine = site.machines[SPEAKER]
    before = machine.told("cat", LOCAL)
    with site.mounted():
        outcome = site.playbooks().run("--limit", SPEAKER, "--extra-vars", json.dumps(UNHEARD_OF))
    assert outcome.code != 0
    assert f"{SPEAKER}: these settings do not hold" in outcome.words
    assert "hold_ms: wanted whole milliseconds, from 0 to 10000; found 99999" in outcome.words
    assert machine.told("cat", LOCAL) == before
    machine.told("systemctl", "restart", "loa-speaker")
    applied(site, SPEAKER)  # what was refused lies there until the next run


JUST_THE_HUBS = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: hub
        tasks_from: service.yml
"""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"hub_office": {"telephone": "115"}}, "telephone"),
        ({"hub_areas": [{"id": "to-9", "name": "Tổ 9", "parent": "dong"}]}, "dong"),
    ],
)
def test_settings_and_areas_that_the_hub_does_not_take_are_told_and_change_nothing(
    site: Site, tmp_path: Path, wrong: dict[str, Any], told: str
) -> None:
    machine = site.machines[HUB]
    before, since = machine.told("cat", HUB_SETTINGS), begun(machine, "loa-hub")
    site.playbooks()  # writes the inventory
    (tmp_path / "play.yml").write_text(JUST_THE_HUBS)
    known = {"loa_hub_address": machine.address, **wrong}
    run = play(
        str(tmp_path / "play.yml"), site.folder / "inventory/hosts.yml", "--extra-vars", json.dumps(known)
    )
    assert run.code != 0
    assert run.says(f"{HUB}: the hub does not take these settings and areas"), run.words
    assert run.says(told)
    assert (machine.told("cat", HUB_SETTINGS), begun(machine, "loa-hub")) == (before, since)


def changed_by_hand(machine: Machine, *files: str) -> None:
    for file in files:
        machine.told("sh", "-c", f"echo '# by hand' >>{file}")


def cut_off(site: Site, name: str, *, at: str) -> None:
    """Apply the playbooks to a machine up to this task."""
    with site.mounted():
        site.playbooks().cut_off("--limit", name, at=at)


def applied(site: Site, name: str) -> None:
    outcome = site.apply(name)
    assert outcome.code == 0, outcome.words[-6000:]


def begun(machine: Machine, unit: str) -> str:
    """When the unit was last started or reloaded."""
    return machine.shown(unit, "StateChangeTimestampMonotonic")
