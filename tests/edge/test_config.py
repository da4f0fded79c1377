import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.config import (
    AmplifierSettings,
    ClockSettings,
    ConfigError,
    NodeSettings,
    SettingFault,
    SoundSettings,
    load_settings,
)
from edge.wire.signing import SignedKind, SigningKey
from tests import factories as make

PASSWORD = "an example and no secret"
SECTIONS = ("node", "broker", "hub", "keys", "clock", "sound", "amplifier")


def content(**changes: Any) -> dict[str, Any]:
    """A whole settings file; a section is replaced by keyword, and left out when None."""
    sections: dict[str, Any] = {
        "node": {"site": make.SITE, "name": make.NODE, "kind": "speaker", "areas": [make.AREA, "thon-1"]},
        "broker": {"host": "127.0.0.1", "port": 8884, "password": PASSWORD},
        "hub": {"url": "http://127.0.0.1:8080"},
        "keys": {"site": make.signing_key().public()},
        "sound": {"output": "file"},
    }
    return {name: value for name, value in (sections | changes).items() if value is not None}


def changed(section: str, **values: Any) -> dict[str, Any]:
    """The whole file with some values of a section changed, or taken out when None."""
    merged = content().get(section, {}) | values
    return content(**{section: {key: value for key, value in merged.items() if value is not None}})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "node.toml"


def write(path: Path, settings_: dict[str, Any] | str) -> Path:
    path.write_text(settings_ if isinstance(settings_, str) else tomli_w.dumps(settings_))
    path.chmod(0o600)
    return path


def load(path: Path, settings_: dict[str, Any]) -> NodeSettings:
    return load_settings(write(path, settings_))


def faults(path: Path, settings_: dict[str, Any] | str) -> tuple[SettingFault, ...]:
    with pytest.raises(ConfigError) as caught:
        load_settings(write(path, settings_))
    return caught.value.faults


def told_of(path: Path, settings_: dict[str, Any]) -> tuple[SettingFault, ...] | None:
    """The faults of a file, None when it has none."""
    try:
        load(path, settings_)
    except ConfigError as error:
        return error.faults
    return None


def places(found: tuple[SettingFault, ...]) -> set[tuple[str, str]]:
    return {(fault.section, fault.key) for fault in found}


def test_a_whole_file_is_read(path: Path) -> None:
    settings_ = load(path, content())
    assert (settings_.node.name, settings_.node.areas) == (make.NODE, (make.AREA, "thon-1"))


def test_what_is_left_out_has_its_documented_value(path: Path) -> None:
    settings_ = load(path, content())
    assert settings_.clock == ClockSettings(source="chrony", rtc=False)
    assert settings_.sound == SoundSettings(
        output="file", device=None, file_limit_mb=200, delay_ms=0, arm_s=42.0
    )
    assert settings_.amplifier == AmplifierSettings(
        pins="none", pin=17, active_high=True, warm_up_ms=300, hold_ms=2_000, watchdog_s=10.0
    )


def test_the_data_folder_is_relative_to_the_file(path: Path) -> None:
    settings_ = load(path, changed("node", data="here/data"))
    assert settings_.node.data == path.parent.resolve() / "here" / "data"


def test_an_absolute_data_folder_stays(path: Path) -> None:
    assert load(path, changed("node", data="/var/lib/loa")).node.data == Path("/var/lib/loa")


def test_the_nodes_name_is_the_brokers_user(path: Path) -> None:
    broker = load(path, content()).broker_link()
    assert (broker.user, broker.password) == (make.NODE, PASSWORD)


def test_the_pinned_keys_make_the_keyring(path: Path) -> None:
    token = make.signing_key().sign(SignedKind.PLAN, b"{}")
    assert load(path, content()).keyring().open(SignedKind.PLAN, token) == b"{}"


def test_a_recovery_key_is_pinned_too(path: Path) -> None:
    recovery = SigningKey.generate()
    keyring = load(path, changed("keys", recovery=recovery.public())).keyring()
    assert keyring.open(SignedKind.PLAN, recovery.sign(SignedKind.PLAN, b"{}")) == b"{}"


def test_a_counter_needs_no_sound(path: Path) -> None:
    counter = content(node=content()["node"] | {"kind": "counter"}, sound=None)
    assert load(path, counter).sound is None


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("node", {"site": "Tân Hoà"}),
        ("node", {"name": "a/b"}),
        ("node", {"kind": "camera"}),
        ("node", {"areas": []}),
        ("node", {"areas": ["+"]}),
        ("node", {"areas": "to-2"}),
        ("node", {"data": 5}),
        ("broker", {"host": ""}),
        ("broker", {"port": 0}),
        ("broker", {"port": 65_536}),
        ("broker", {"port": "8884"}),
        ("broker", {"port": True}),
        ("broker", {"password": "short"}),
        ("hub", {"url": "ftp://127.0.0.1"}),
        ("hub", {"url": "127.0.0.1:8080"}),
        ("hub", {"url": "http://a b"}),
        ("keys", {"site": "A" * 42}),
        ("keys", {"recovery": ""}),
        ("clock", {"source": "ntpd"}),
        ("clock", {"rtc": "yes"}),
        ("sound", {"output": "speaker"}),
        ("sound", {"device": "USB"}),
        ("sound", {"file_limit_mb": 0}),
        ("sound", {"delay_ms": -1}),
        ("sound", {"arm_s": float("nan")}),
        ("amplifier", {"pins": "gpio"}),
        ("amplifier", {"pin": 28}),
        ("amplifier", {"active_high": 1}),
        ("amplifier", {"warm_up_ms": 0.5}),
        ("amplifier", {"watchdog_s": 0}),
    ],
)
def test_a_wrong_value_is_named_with_what_was_wanted(
    path: Path, section: str, values: dict[str, Any]
) -> None:
    (fault,) = faults(path, changed(section, **values))
    assert (fault.file, fault.section, fault.key) == (path, section, next(iter(values)))
    assert fault.wanted
    assert fault.found


@pytest.mark.parametrize(
    ("section", "key"),
    [
        ("node", "site"),
        ("node", "name"),
        ("node", "kind"),
        ("node", "areas"),
        ("broker", "host"),
        ("broker", "port"),
        ("broker", "password"),
        ("hub", "url"),
        ("keys", "site"),
        ("sound", "output"),
    ],
)
def test_a_missing_key_is_named(path: Path, section: str, key: str) -> None:
    (fault,) = faults(path, changed(section, **{key: None}))
    assert (fault.section, fault.key, fault.found) == (section, key, "nothing")


@pytest.mark.parametrize("section", ["node", "broker", "hub", "keys", "sound"])
def test_a_missing_section_is_named(path: Path, section: str) -> None:
    assert (section, "") in places(faults(path, content(**{section: None})))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_is_a_value_is_named(path: Path, section: str) -> None:
    assert (section, "") in places(faults(path, content(**{section: 5})))


def test_an_unknown_key_is_named_with_the_nearest_known(path: Path) -> None:
    (fault,) = faults(path, changed("sound", delay=5))
    assert str(fault) == f"{path}: [sound] delay: wanted perhaps 'delay_ms'; found 5"


def test_an_unknown_section_is_named_with_the_nearest_known(path: Path) -> None:
    (fault,) = faults(path, content(brokr={"host": "x"}))
    assert str(fault) == f"{path}: [brokr]: wanted perhaps 'broker'; found a section"


def test_a_counter_with_sound_is_a_fault(path: Path) -> None:
    (fault,) = faults(path, content(node=content()["node"] | {"kind": "counter"}))
    assert (fault.section, fault.found) == ("sound", "a section")


def test_every_fault_is_told_at_once(path: Path) -> None:
    wrong = content(
        node={"site": "?", "kind": "speaker"},
        broker={"host": "::1", "port": 0, "password": PASSWORD},
        hub=None,
        sound={"output": "file", "device": "USB"},
        more={},
    )
    found = places(faults(path, wrong))
    assert found == {
        ("node", "site"),
        ("node", "name"),
        ("node", "areas"),
        ("broker", "port"),
        ("hub", ""),
        ("sound", "device"),
        ("more", ""),
    }


def test_missing_sound_is_told_even_where_other_values_are_wrong(path: Path) -> None:
    wrong = content(hub={"url": "nowhere"}, sound=None)
    assert places(faults(path, wrong)) == {("hub", "url"), ("sound", "")}


def test_each_fault_has_its_own_line(path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(path, content(hub=None, keys=None))
    assert len(str(caught.value).splitlines()) == len(caught.value.faults) == 2


def test_a_secret_is_never_repeated(path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(path, changed("broker", password="hunter2"))
    assert "hunter2" not in str(caught.value)
    assert "7 characters" in str(caught.value)


def test_a_secret_is_not_shown_with_the_settings(path: Path) -> None:
    assert PASSWORD not in repr(load(path, content()))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_a_fault(path: Path, mode: int) -> None:
    write(path, content()).chmod(mode)
    with pytest.raises(ConfigError, match=f"found mode {mode:04o}"):
        load_settings(path)


def test_an_open_file_is_told_together_with_its_other_faults(path: Path) -> None:
    write(path, content(hub=None)).chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert places(caught.value.faults) == {("", ""), ("hub", "")}


def test_a_missing_file_is_a_fault(path: Path) -> None:
    with pytest.raises(ConfigError, match="wanted a readable file; found No such file"):
        load_settings(path)


def test_a_folder_is_a_fault(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(ConfigError, match="wanted a readable file; found Is a directory"):
        load_settings(tmp_path)


@pytest.mark.parametrize("text", ["[node", "a = 1\na = 2", "= 3"])
def test_what_is_not_toml_is_a_fault(path: Path, text: str) -> None:
    (fault,) = faults(path, text)
    assert fault.wanted == "TOML in UTF-8"


def test_what_is_not_utf8_is_a_fault(path: Path) -> None:
    path.write_bytes(b'name = "\xff"')
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="TOML in UTF-8"):
        load_settings(path)


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
def test_any_value_anywhere_is_read_or_explained(path: Path, data: st.DataObject) -> None:
    section = data.draw(st.sampled_from([*SECTIONS, "other"]))
    known = list(NodeSettings.model_fields) + list(SoundSettings.model_fields) + ["host", "port", "name"]
    wrong = changed(section, **{data.draw(st.sampled_from(known)): data.draw(VALUES)})
    told = told_of(path, wrong)
    assert told is None or (told and all(fault.wanted and fault.found for fault in told))


def test_the_file_written_for_the_tests_is_toml(path: Path) -> None:
    assert tomllib.loads(write(path, content()).read_text()) == content()
