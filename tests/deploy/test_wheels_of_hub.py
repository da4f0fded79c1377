"""Of the wheels that the hub serves, those of the last two versions stay."""

import json
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.deploy.playbook import Run, play

pytestmark = pytest.mark.long

EMPTY = sha256().hexdigest()
PLAY = """
- hosts: hub
  gather_facts: false
  tasks:
    - ansible.builtin.import_role:
        name: hub
        tasks_from: wheels.yml
"""


class Hub:
    """A folder of wheels that versions are brought to."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.wheels = folder, folder / "served"
        self.wheels.mkdir()
        variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
            "hub_wheels": str(self.wheels),
            "hub_wheelhouse": str(folder),
        }
        inventory = {"hub": {"hosts": {"hub-mau": variables}}}
        (folder / "hosts.yml").write_text(json.dumps(inventory))
        (folder / "play.yml").write_text(PLAY)

    def bring(self, *names: str) -> Run:
        """A version of these wheels comes."""
        with tarfile.open(self._folder / "wheels.tar", "w") as archive:
            for name in names:
                archive.addfile(tarfile.TarInfo(name))
        (self._folder / "manifest").write_text("".join(f"{EMPTY}  {name}\n" for name in names))
        run = play(str(self._folder / "play.yml"), self._folder / "hosts.yml")
        assert run.code == 0, run.words
        return run

    def serves(self) -> set[str]:
        return {each.name for each in self.wheels.glob("*.whl")}


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


def test_the_wheels_of_the_last_two_versions_stay(hub: Hub) -> None:
    hub.bring("loa-1.whl", "numpy-1.whl")
    hub.bring("loa-2.whl", "numpy-1.whl")
    assert hub.serves() == {"loa-1.whl", "loa-2.whl", "numpy-1.whl"}
    hub.bring("loa-3.whl", "numpy-2.whl")
    assert hub.serves() == {"loa-2.whl", "numpy-1.whl", "loa-3.whl", "numpy-2.whl"}


def test_the_same_version_again_changes_nothing(hub: Hub) -> None:
    hub.bring("loa-1.whl")
    hub.bring("loa-2.whl")
    assert "changed=0" in hub.bring("loa-2.whl").words
    assert hub.serves() == {"loa-1.whl", "loa-2.whl"}


def test_what_a_run_that_was_cut_off_brought_does_not_stay(hub: Hub) -> None:
    hub.bring("loa-1.whl")
    (hub.wheels / "loa-2.whl").write_text("half")
    hub.bring("loa-3.whl")
    assert hub.serves() == {"loa-1.whl", "loa-3.whl"}


def test_a_wheel_that_a_power_cut_ruined_is_brought_again(hub: Hub) -> None:
    hub.bring("loa-1.whl")
    hub.bring("loa-2.whl", "numpy-1.whl")
    (hub.wheels / "numpy-1.whl").write_text("\0\0\0")
    hub.bring("loa-2.whl", "numpy-1.whl")
    assert (hub.wheels / "numpy-1.whl").read_bytes() == b""
    assert hub.serves() == {"loa-1.whl", "loa-2.whl", "numpy-1.whl"}


def test_a_wheel_that_is_gone_is_brought_again(hub: Hub) -> None:
    hub.bring("loa-1.whl", "numpy-1.whl")
    (hub.wheels / "loa-1.whl").unlink()
    hub.bring("loa-1.whl", "numpy-1.whl")
    assert hub.serves() == {"loa-1.whl", "numpy-1.whl"}
