"""`local.toml` beside a node's settings is the one place for what is this machine's own."""

from pathlib import Path

import pytest

from edge.config import ConfigError, load_amplifier, load_settings
from tests.factories_settings import content, places, write


@pytest.fixture
def local(settings_file: Path) -> Path:
    """The local file; there are whole settings beside it, with sections of their own."""
    write(settings_file, content(amplifier={"pins": "mock", "pin": 5}, clock={"source": "chrony"}))
    return settings_file.with_name("local.toml")


def test_its_sections_count_from_the_next_start_on(settings_file: Path, local: Path) -> None:
    assert load_settings(settings_file).amplifier.pin == 5
    write(local, '[amplifier]\npins = "mock"\npin = 27\n')
    settings = load_settings(settings_file)
    assert (settings.amplifier.pin, settings.clock.source) == (27, "chrony")


def test_a_section_counts_whole(settings_file: Path, local: Path) -> None:
    write(local, "[amplifier]\npin = 27\n")
    assert load_settings(settings_file).amplifier.pins == "none"


def test_the_amplifier_that_is_switched_off_is_the_one_that_was_on(settings_file: Path, local: Path) -> None:
    write(local, '[amplifier]\npins = "mock"\npin = 27\n')
    assert load_amplifier(settings_file).pin == 27


def test_where_the_data_is_may_stand_there(settings_file: Path, local: Path) -> None:
    write(local, '[node]\ndata = "/srv/loa"\n')
    settings = load_settings(settings_file)
    assert settings.node.data == Path("/srv/loa")
    assert settings.node.name == content()["node"]["name"]


def test_a_fault_is_told_of_the_file_in_which_it_stands(settings_file: Path, local: Path) -> None:
    write(settings_file, content(sound={"output": "radio"}))
    write(local, "[amplifier]\npin = 99\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(settings_file)
    assert {(fault.file, fault.section) for fault in caught.value.faults} == {
        (settings_file, "sound"),
        (local, "amplifier"),
    }


@pytest.mark.parametrize("text", ["[hub]\nurl = 'x'\n", "[node]\nname = 'x'\n", "[soud]\n"])
def test_what_is_the_hubs_is_refused_there(settings_file: Path, local: Path, text: str) -> None:
    write(local, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(settings_file)
    (fault,) = caught.value.faults
    assert fault.file == local
    assert "here" in fault.wanted


def test_it_may_be_open_to_others_unless_it_holds_a_cameras_password(
    settings_file: Path, local: Path
) -> None:
    write(local, "[clock]\nrtc = true\n").chmod(0o644)
    assert load_settings(settings_file).clock.rtc
    write(local, '[[camera]]\nname = "quay"\nsource = "rtsp://a:b@127.0.0.1/"\n').chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        load_settings(settings_file)
    assert ("", "") in places(caught.value.faults)
    assert "0644" in str(caught.value)


def test_a_folder_that_cannot_be_looked_into_is_said_of_the_settings(tmp_path: Path) -> None:
    settings = tmp_path / ("x" * 300) / "node.toml"  # which stat refuses, even to root
    with pytest.raises(ConfigError) as caught:
        load_settings(settings)
    assert [fault.file for fault in caught.value.faults] == [settings]


def test_a_folder_is_no_settings_file() -> None:
    with pytest.raises(ConfigError, match="a readable file"):
        load_settings(Path())


def test_a_local_file_that_leads_nowhere_is_a_fault(settings_file: Path, local: Path) -> None:
    local.symlink_to("gone.toml")
    with pytest.raises(ConfigError) as caught:
        load_settings(settings_file)
    assert [fault.file for fault in caught.value.faults] == [local]
