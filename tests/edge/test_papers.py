"""Papers put in place: checked first, together or not at all, and the same again changes nothing."""

from pathlib import Path
from typing import Any

import pytest

from edge.config import ConfigError, load_settings
from edge.errors import IdentityError
from edge.files import finish_writing
from edge.papers import install, request
from edge.wire.link import Broker
from edge.wire.papers import Papers
from edge.wire.signing import SigningKey
from edge.wire.tls import Tls, client_context
from tests import factories as make
from tests.certificates import TestAuthority
from tests.edge.papers_rig import Machine
from tests.fakes_plug import Plug, PluggedOut

OTHER = "to-2-loa-2"
RECOVERY = SigningKey.generate().public()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "loa")


def test_papers_make_settings_that_a_node_starts_with(machine: Machine) -> None:
    installed = install(machine.folder, machine.papers())
    assert (installed.node, installed.changed) == (make.NODE, True)
    tls = Tls(machine.folder / "node.key", machine.folder / "node.crt", machine.folder / "authority.crt")
    link = load_settings(machine.folder / "node.toml").broker_link()
    assert link == Broker("192.168.50.10", 8883, make.NODE, password=None, tls=tls)
    client_context(tls)


def test_only_the_owner_reads_settings_and_key(machine: Machine) -> None:
    install(machine.folder, machine.papers())
    modes = {path.name: path.stat().st_mode & 0o777 for path in machine.folder.iterdir()}
    assert modes == {"node.key": 0o600, "node.toml": 0o600, "node.crt": 0o644, "authority.crt": 0o644}


def test_the_same_papers_again_change_nothing(machine: Machine) -> None:
    papers = machine.papers()
    install(machine.folder, papers)
    before = {path: path.stat().st_mtime_ns for path in machine.folder.iterdir()}
    assert not install(machine.folder, papers).changed
    assert {path: path.stat().st_mtime_ns for path in machine.folder.iterdir()} == before


def test_a_file_that_was_lost_is_written_again(machine: Machine) -> None:
    papers = machine.papers()
    install(machine.folder, papers)
    (machine.folder / "authority.crt").unlink()
    assert install(machine.folder, papers).changed
    assert (machine.folder / "authority.crt").read_text() == papers.authority


def test_papers_name_no_file_of_their_own(machine: Machine) -> None:
    away = {"key": "/etc/shadow", "certificate": "../x", "authority": "x"}
    install(machine.folder, machine.papers(tls=away))
    assert machine.settings()["tls"] == {
        "key": "node.key",
        "certificate": "node.crt",
        "authority": "authority.crt",
    }


def test_the_recovery_key_is_pinned_by_the_next_papers(machine: Machine) -> None:
    keys = {"site": make.signing_key().public(), "recovery": SigningKey.generate().public(), "number": 7}
    install(machine.folder, machine.papers())
    assert install(machine.folder, machine.papers(keys=keys)).changed
    assert load_settings(machine.folder / "node.toml").keys.model_dump() == keys


def site_keys(**changes: Any) -> dict[str, Any]:
    return {"site": make.signing_key().public(), "recovery": RECOVERY, "number": 7} | changes


@pytest.mark.parametrize(
    "older",
    [
        site_keys(number=5),
        site_keys(number=5, recovery=SigningKey.generate().public()),
        {"site": make.signing_key().public()},
    ],
)
def test_papers_of_a_hub_that_knows_less_leave_the_recovery_key(
    machine: Machine, older: dict[str, Any]
) -> None:
    install(machine.folder, machine.papers(keys=site_keys()))
    install(machine.folder, machine.papers(keys=older))
    assert machine.settings()["keys"] == site_keys()


def test_a_recovery_key_without_a_number_is_not_dropped(machine: Machine) -> None:
    held = {"site": make.signing_key().public(), "recovery": RECOVERY}
    install(machine.folder, machine.papers(keys=held))
    install(machine.folder, machine.papers())
    assert machine.settings()["keys"] == held


@pytest.mark.parametrize("older", [{"recovery": RECOVERY, "number": 5}, {}])
def test_papers_of_a_hub_that_knows_less_bring_no_other_keys_of_the_site(
    machine: Machine, older: dict[str, Any]
) -> None:
    install(machine.folder, machine.papers(keys=site_keys()))
    before = machine.files()
    with pytest.raises(IdentityError, match="loa-hub rekey --recovery"):
        install(machine.folder, machine.papers(keys={"site": SigningKey.generate().public(), **older}))
    assert machine.files() == before


def test_a_machine_that_moves_to_another_site_takes_its_keys(machine: Machine) -> None:
    install(machine.folder, machine.papers(keys=site_keys()))
    there = {"site": SigningKey.generate().public()}
    node = {**machine.papers().settings["node"], "site": "tan-phu"}
    install(machine.folder, machine.papers(keys=there, node=node))
    assert machine.settings()["keys"] == there


def test_on_an_installed_machine_the_data_is_apart(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge.papers.INSTALLED", machine.folder)
    install(machine.folder, machine.papers())
    assert machine.settings()["node"]["data"] == "/var/lib/loa-node"


def test_a_node_of_another_kind_takes_nothing_over_that_it_has_not(machine: Machine) -> None:
    install(machine.folder, machine.papers(sound={"output": "file"}))
    install(machine.folder, machine.papers(kind="counter", name="quay-1"))
    assert load_settings(machine.folder / "node.toml").node.kind == "counter"


def test_settings_that_cannot_be_read_are_replaced(machine: Machine) -> None:
    papers = machine.papers()
    install(machine.folder, papers)
    (machine.folder / "node.toml").write_text("[no")
    assert install(machine.folder, papers).changed
    assert load_settings(machine.folder / "node.toml")


def test_every_fault_is_told_with_the_file_it_stands_in(machine: Machine) -> None:
    papers = machine.papers(hub={"url": "http://192.168.50.10"})
    local = machine.write_local("[amplifier]\npin = 99\n")
    with pytest.raises(ConfigError) as caught:
        install(machine.folder, papers)
    assert {(fault.file, fault.section, fault.key) for fault in caught.value.faults} == {
        (local, "amplifier", "pin"),
        (machine.folder / "node.toml", "hub", "url"),
    }


def wrong_papers(machine: Machine) -> dict[str, Papers]:
    stranger, good = TestAuthority("tan-phu"), machine.papers()
    elsewhere = Machine(machine.folder.parent / "elsewhere").papers()
    theirs = {"certificate": elsewhere.certificate, "authority": elsewhere.authority}
    settings = machine.papers(name=OTHER).settings
    return {
        "another authority": good.model_copy(update={"authority": stranger.pem}),
        "another key": good.model_copy(update=theirs),
        "another name in the certificate": machine.papers(
            certificate=machine.authority.sign(request(machine.folder).request, OTHER)
        ),
        "another name in the settings": good.model_copy(update={"settings": settings}),
        "no certificate": good.model_copy(update={"certificate": "x" * 64}),
        "a password too": machine.papers(
            broker={"host": "192.168.50.10", "port": 8883, "password": "x" * 20}
        ),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        "another authority",
        "another key",
        "another name in the certificate",
        "another name in the settings",
        "no certificate",
        "a password too",
    ],
)
def test_papers_that_do_not_fit_change_nothing(machine: Machine, wrong: str) -> None:
    install(machine.folder, machine.papers())
    papers = wrong_papers(machine)[wrong]
    before = machine.files()
    with pytest.raises((IdentityError, ConfigError)):
        install(machine.folder, papers)
    assert machine.files() == before


def test_papers_without_a_key_say_what_to_do(machine: Machine) -> None:
    papers = machine.papers()
    (machine.folder / "node.key").unlink()
    with pytest.raises(IdentityError, match=r"\./loa node request"):
        install(machine.folder, papers)


def identity(folder: Path) -> dict[str, str]:
    names = ("node.crt", "authority.crt", "node.toml", "local.toml")
    return {name: (folder / name).read_text() for name in names}


def test_wherever_the_plug_is_pulled_the_node_is_the_old_one_or_the_new_one(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, old_local = machine.papers(), tmp_path / "old.toml"
    old_local.write_text("[amplifier]\npin = 17\n")
    machine.authority = TestAuthority("tan-phu")
    new, new_local = machine.papers(name=OTHER), tmp_path / "new.toml"
    new_local.write_text("[amplifier]\npin = 27\n")
    install(machine.folder, new, local=new_local)
    after = identity(machine.folder)
    install(machine.folder, old, local=old_local)
    before = identity(machine.folder)
    plug, found = Plug(monkeypatch), list[bool]()
    for step in range(1, 100):
        plug.pull_at(step)
        try:
            install(machine.folder, new, local=new_local)
        except PluggedOut:
            plug.pull_at(None)
            finish_writing(machine.folder)  # as at every start
            assert identity(machine.folder) in (before, after)
            found.append(identity(machine.folder) == after)
            assert install(machine.folder, new, local=new_local).node == OTHER
            assert identity(machine.folder) == after
            install(machine.folder, old, local=old_local)
        else:
            break
    assert found == sorted(found)
    assert {False, True} == set(found)
