"""A node's settings file that is open to others, missing, or no TOML; and any value anywhere in it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.config import ConfigError, NodeSettings, SoundSettings, load_settings
from tests.factories_settings import SECTIONS, changed, content, faults, places, told_of, write


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_a_fault(settings_file: Path, mode: int) -> None:
    write(settings_file, content()).chmod(mode)
    with pytest.raises(ConfigError, match=f"found mode {mode:04o}"):
        load_settings(settings_file)


def test_an_open_file_is_told_together_with_its_other_faults(settings_file: Path) -> None:
    write(settings_file, content(hub=None)).chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        load_settings(settings_file)
    assert places(caught.value.faults) == {("", ""), ("hub", "")}


def test_a_missing_file_is_a_fault(settings_file: Path) -> None:
    with pytest.raises(ConfigError, match="wanted a readable file; found No such file"):
        load_settings(settings_file)


def test_a_folder_is_a_fault(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(ConfigError, match="wanted a readable file; found Is a directory"):
        load_settings(tmp_path)


@pytest.mark.parametrize("text", ["[node", "a = 1\na = 2", "= 3"])
def test_what_is_not_toml_is_a_fault(settings_file: Path, text: str) -> None:
    (fault,) = faults(settings_file, text)
    assert fault.wanted == "TOML in UTF-8"


def test_what_is_not_utf8_is_a_fault(settings_file: Path) -> None:
    settings_file.write_bytes(b'name = "\xff"')
    settings_file.chmod(0o600)
    with pytest.raises(ConfigError, match="TOML in UTF-8"):
        load_settings(settings_file)


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats()
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=50)
    | st.lists(st.integers(0, 9), max_size=3)
    | st.just({"a": 1})
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_value_anywhere_is_read_or_explained(settings_file: Path, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from([*SECTIONS, "other"]))
    known = list(NodeSettings.model_fields) + list(SoundSettings.model_fields) + ["host", "port", "name"]
    wrong = changed(section, **{data.draw(st.sampled_from(known)): data.draw(VALUES)})
    told = told_of(settings_file, wrong)
    assert told is None or (told and all(fault.wanted and fault.found for fault in told))


def test_the_file_written_for_the_tests_is_toml(settings_file: Path) -> None:
    assert tomllib.loads(write(settings_file, content()).read_text()) == content()
