"""What is a machine's own, judged with its papers and put in place with them."""

from pathlib import Path

import pytest

from edge.config import ConfigError, load_settings
from edge.papers import install
from tests.edge.papers_rig import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "loa")


def test_sections_of_the_machine_stand_in_for_the_hubs(machine: Machine, tmp_path: Path) -> None:
    papers = machine.papers()
    local = tmp_path / "pi.toml"
    local.write_text('[sound]\noutput = "file"\n[amplifier]\npins = "lgpio"\npin = 27\n')
    install(machine.folder, papers, local=local)
    settings = machine.settings()
    assert settings["sound"] == {"output": "file"}
    assert settings["amplifier"] == {"pins": "lgpio", "pin": 27}
    assert settings["clock"] == {"source": "chrony"}


def test_a_named_local_file_becomes_the_machines_own(machine: Machine, tmp_path: Path) -> None:
    papers = machine.papers()
    machine.write_local('[sound]\noutput = "file"\n')
    wanted = tmp_path / "wanted.toml"
    wanted.write_text("# Ổ loa đầu ngõ\n[sound]\noutput = 'device'\ndelay_ms = 20\n")
    assert install(machine.folder, papers, local=wanted).changed
    local = machine.folder / "local.toml"
    assert (local.read_bytes(), local.stat().st_mode & 0o777) == (wanted.read_bytes(), 0o600)
    assert not install(machine.folder, papers, local=wanted).changed


def test_a_changed_local_file_is_put_back_to_what_is_wanted(machine: Machine, tmp_path: Path) -> None:
    papers = machine.papers()
    wanted = tmp_path / "wanted.toml"
    wanted.write_text('[sound]\noutput = "file"\n')
    install(machine.folder, papers, local=wanted)
    machine.write_local('# changed\n[sound]\noutput = "file"\n')
    assert install(machine.folder, papers, local=wanted).changed
    assert machine.files()["local.toml"] == wanted.read_text()


@pytest.mark.parametrize(
    "wrong", ["[amplifier]\npin = 99\n", "[no", '[node]\nname = "quay-1"\n', "[counter]\n"]
)
def test_a_local_file_that_does_not_hold_changes_nothing(
    machine: Machine, tmp_path: Path, wrong: str
) -> None:
    papers = machine.papers()
    machine.write_local('[sound]\noutput = "file"\n')
    install(machine.folder, papers)
    before = machine.files()
    wanted = tmp_path / "wanted.toml"
    wanted.write_text(wrong)
    with pytest.raises(ConfigError) as caught:
        install(machine.folder, papers, local=wanted)
    assert {fault.file for fault in caught.value.faults} == {wanted}
    assert machine.files() == before


def test_local_toml_beside_the_settings_is_used_unasked(machine: Machine) -> None:
    papers = machine.papers()
    machine.write_local('[clock]\nsource = "timesyncd"\n')
    install(machine.folder, papers)
    assert machine.settings()["clock"] == {"source": "timesyncd"}


def test_without_a_local_file_the_machines_sections_stay(machine: Machine) -> None:
    papers = machine.papers()
    local = machine.write_local('[sound]\noutput = "file"\n[node]\ndata = "/var/lib/loa-node"\n')
    install(machine.folder, papers)
    local.unlink()
    assert not install(machine.folder, papers).changed
    assert load_settings(machine.folder / "node.toml").node.data == Path("/var/lib/loa-node")


@pytest.mark.parametrize("section", ["broker", "hub", "keys", "tls", "amplifer"])
def test_what_is_the_hubs_does_not_stand_in_the_local_file(machine: Machine, section: str) -> None:
    papers = machine.papers()
    local = machine.write_local(f"[{section}]\nx = 1\n")
    with pytest.raises(ConfigError) as caught:
        install(machine.folder, papers)
    assert [(fault.file, fault.section) for fault in caught.value.faults] == [(local, section)]


def test_of_the_node_only_its_data_folder_is_local(machine: Machine) -> None:
    papers = machine.papers()
    machine.write_local('[node]\nname = "quay-1"\n')
    with pytest.raises(ConfigError, match="only data here"):
        install(machine.folder, papers)
