"""Which keys log in to a machine after a run: those of the inventory, and none that is gone."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.playbook import ANSIBLE, TOOLS

pytestmark = pytest.mark.long

PLAY = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: base
        tasks_from: keys.yml
"""
ED = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
OFFICE, STOLEN, NEW = (f"{ED}{letter * 43} {name}" for letter, name in (("A", "o"), ("B", "s"), ("C", "n")))
ACCOUNT, HOME = "backup", "/var/backups"  # every Debian has it; its home is one of our own meanwhile


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "authorized_keys").write_text(f'{OFFICE}\nfrom="10.0.0.0/8" {STOLEN} at night\n')
    for folder in (tmp_path, home):
        folder.chmod(0o755)
    return home


def run(home: Path, **variables: object) -> str:
    """Run the tasks on that account, twice; how the second run ended."""
    place = home.parent
    known = {"ansible_connection": "local", "ansible_python_interpreter": "/usr/bin/python3"}
    hosts = {"hub": {"hosts": {"hub-mau": known | {"base_ssh_login": ACCOUNT} | variables}}}
    (place / "hosts.yml").write_text(json.dumps(hosts))
    (place / "play.yml").write_text(PLAY)
    playbook = f"{TOOLS}/ansible-playbook -i {place}/hosts.yml {place}/play.yml"
    script = f"mount --bind {home} {HOME} && {playbook} >&2 && {playbook}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        env={**os.environ, "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.rstrip().splitlines()[-1]


def test_a_key_that_is_gone_is_taken_away_and_the_others_stay(home: Path) -> None:
    second = run(home, base_ssh_keys=[NEW], base_ssh_keys_gone=[STOLEN])
    assert (home / ".ssh" / "authorized_keys").read_text().splitlines() == [OFFICE, NEW]
    assert "changed=0" in second
