"""Which wheels are gathered for which machine, and what each kind of machine is told to install."""

import zipfile
from pathlib import Path

import pytest

from deploy.wheelhouse import ROOT, TARGETS, Needs, Pin, Target, pack, read_lock, requirements, versioned

BOOKWORM_PI, TRIXIE_PI = Target("3.11", "aarch64"), Target("3.13", "aarch64")
LOCK = """\
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via loa (pyproject.toml)
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:cc
paho-mqtt==2.2.0 \\
    --hash=sha256:dd
    # via
    #   -c requirements.lock
"""


def wheel(folder: Path, name: str, *asks: str) -> Path:
    """A wheel of this name that asks for these."""
    file = folder / f"{name}-1-py3-none-any.whl"
    asked = "".join(f"Requires-Dist: {each}\n" for each in asks)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{name}-1.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\n{asked}")
    return file


def test_a_lock_is_read_with_markers_and_hashes() -> None:
    pins = read_lock(LOCK)
    assert [pin.name for pin in pins] == ["numpy", "numpy", "paho-mqtt"]
    assert pins[0].hashes == ("sha256:aa", "sha256:bb")


@pytest.mark.parametrize(("target", "version"), [(BOOKWORM_PI, "2.4.6"), (TRIXIE_PI, "2.5.5")])
def test_markers_are_judged_for_the_machine_that_installs(target: Target, version: str) -> None:
    numpy = [pin for pin in read_lock(LOCK) if pin.name == "numpy" and pin.is_for(target)]
    assert [str(pin.requirement.specifier) for pin in numpy] == [f"=={version}"]


def test_a_pin_is_written_as_it_was_read() -> None:
    [pin, *_] = read_lock(LOCK)
    [again] = read_lock(pin.line(with_marker=True))
    assert (str(again.requirement), again.hashes) == (str(pin.requirement), pin.hashes)


def test_every_pin_of_the_lock_is_read() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = read_lock(text)
    assert len(pins) == sum(line[:1].isalnum() for line in text.splitlines())
    assert sum(len(pin.hashes) for pin in pins) == text.count("--hash=")


def test_what_a_program_needs_is_followed_through_extras(tmp_path: Path) -> None:
    wheels = [
        wheel(tmp_path, "loa", "base", "mqtt[tls]; extra == 'node'", "web; extra == 'hub'"),
        wheel(tmp_path, "base", "deep"),
        wheel(tmp_path, "mqtt", "crypto; extra == 'tls'", "colours; extra == 'pretty'"),
        wheel(tmp_path, "web"),
    ]
    needs = Needs.read(wheels)
    assert needs.closure("loa", ("node",)) == {"loa", "base", "deep", "mqtt", "crypto"}
    assert needs.closure("loa", ("hub",)) == {"loa", "base", "deep", "web"}


def test_what_only_other_systems_need_is_left_out(tmp_path: Path) -> None:
    needs = Needs.read([wheel(tmp_path, "loa", "wincolours; sys_platform == 'win32'")])
    assert needs.closure("loa", ()) == {"loa"}


def test_what_one_python_needs_is_there_for_it(tmp_path: Path) -> None:
    needs = Needs.read([wheel(tmp_path, "loa", "late; python_version >= '3.13'")])
    assert "late" in needs.closure("loa", ())


def test_a_machine_is_told_its_own_packages_with_hashes(tmp_path: Path) -> None:
    own = wheel(tmp_path, "loa")
    told = read_lock(requirements(read_lock(LOCK), {"loa", "numpy"}, own))
    assert [pin.name for pin in told] == ["loa", "numpy", "numpy"]
    assert all(pin.hashes for pin in told)


def test_the_same_wheels_make_the_same_tar(tmp_path: Path) -> None:
    folder = tmp_path / "wheels"
    folder.mkdir()
    one = wheel(folder, "one")
    wheel(folder, "two")
    pack(folder, tmp_path / "first.tar")
    one.touch()
    pack(folder, tmp_path / "second.tar")
    assert (tmp_path / "first.tar").read_bytes() == (tmp_path / "second.tar").read_bytes()


def test_the_version_names_the_sources() -> None:
    project = '[project]\nname = "loa"\nversion = "0.1.0"\n'
    assert 'version = "0.1.0+g1234567"' in versioned(project, "g1234567890")


def test_pips_words_name_the_machine_and_no_newer_library_than_bookworms() -> None:
    words = list(BOOKWORM_PI.options())
    assert "manylinux_2_36_aarch64" in words
    assert not any("2_37" in word or "x86_64" in word for word in words)


def test_both_systems_and_both_kinds_of_machine_are_served() -> None:
    assert len(TARGETS) == len(set(TARGETS)) == 4


def test_a_pin_knows_its_name_in_every_spelling() -> None:
    [pin] = read_lock("Paho_MQTT==2.2.0 --hash=sha256:dd")
    assert isinstance(pin, Pin)
    assert pin.name == "paho-mqtt"
