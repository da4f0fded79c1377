"""A node installs by HTTPS from its hub, which is an address, with the pip of either Debian."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.certificates import TestAuthority
from tests.deploy.doors_rig import Doors, open_doors
from tests.deploy.playbook import Run, play
from tests.deploy.wheel import make_wheel

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

PLAY = """
- hosts: speakers
  gather_facts: false
  tasks:
    - ansible.builtin.set_fact:
        program_python: {stdout: "{{ python }}"}
        program_list: {checksum: "1"}
    - ansible.builtin.import_role:
        name: program
        tasks_from: install.yml
"""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """A hub that serves one wheel."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "wheels").mkdir()
    (folder / "requirements.txt").write_text(make_wheel(folder / "wheels", "1"))
    with open_doors(folder, wheels=folder / "wheels") as opened:
        yield opened


@pytest.fixture
def install(doors: Doors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Run]:
    """What a run says on a node of this Python, which believes this authority (PEM)."""
    for name in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):  # before --cert, if this machine has them
        monkeypatch.delenv(name, raising=False)

    def run(python: str, authority: str) -> Run:
        (tmp_path / "authority.crt").write_text(authority)
        (tmp_path / "opt").mkdir()
        (tmp_path / "opt/requirements.txt").write_text((doors.folder / "requirements.txt").read_text())
        variables = {
            "ansible_connection": "local",
            "ansible_python_interpreter": "/usr/bin/python3",
            "program_folder": str(tmp_path / "opt"),
            "program_wheels": f"https://127.0.0.1:{doors.devices}/wheels/",
            "program_authority": str(tmp_path / "authority.crt"),
            "python": python,
        }
        (tmp_path / "hosts.yml").write_text(json.dumps({"speakers": {"hosts": {"to-1-loa-1": variables}}}))
        (tmp_path / "play.yml").write_text(PLAY)
        return play(str(tmp_path / "play.yml"), tmp_path / "hosts.yml")

    return run


@pytest.fixture(scope="module")
def pip_of_debian_13(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds it."""
    folder = tmp_path_factory.mktemp("pip")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
    subprocess.run([*install, "pip==25.1.1"], check=True, timeout=120)
    return folder


@pytest.fixture
def debian_13(pip_of_debian_13: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pip is found before that of the machine."""
    monkeypatch.setenv("PYTHONPATH", str(pip_of_debian_13))


def test_debian_12_installs_from_an_address(doors: Doors, install: Callable[[str, str], Run]) -> None:
    run = install("3.11", doors.authority.pem)
    assert run.code == 0, run.words


@pytest.mark.usefixtures("debian_13")
def test_debian_13_installs_from_an_address(doors: Doors, install: Callable[[str, str], Run]) -> None:
    run = install("3.13", doors.authority.pem)
    assert run.code == 0, run.words


@pytest.mark.usefixtures("debian_13")
def test_debian_13_installs_from_no_stranger(doors: Doors, install: Callable[[str, str], Run]) -> None:
    run = install("3.13", TestAuthority("tan-phu").pem)
    assert (run.code != 0, "CERTIFICATE_VERIFY_FAILED" in run.words) == (True, True), run.words
