"""What a node's settings say, and how a wrong one is told."""

from pathlib import Path
from typing import Any

import pytest

from edge.config import AmplifierSettings, ClockSettings, ConfigError, SoundSettings
from edge.wire.errors import Untrusted
from edge.wire.signing import SignedKind, SigningKey
from tests import factories as make
from tests.factories_settings import PASSWORD, SECTIONS, changed, content, faults, load, of_a_counter, places


def test_a_whole_file_is_read(settings_file: Path) -> None:
    settings_ = load(settings_file, content())
    assert (settings_.node.name, settings_.node.areas) == (make.NODE, (make.AREA, "thon-1"))


def test_what_is_left_out_has_its_documented_value(settings_file: Path) -> None:
    settings_ = load(settings_file, content())
    assert settings_.clock == ClockSettings(source="chrony", rtc=False)
    assert settings_.sound == SoundSettings(
        output="file", device=None, file_limit_mb=200, delay_ms=0, arm_s=42.0
    )
    assert settings_.amplifier == AmplifierSettings(
        pins="none", pin=17, active_high=True, warm_up_ms=300, hold_ms=2_000, watchdog_s=10.0
    )


def test_the_data_folder_is_relative_to_the_file(settings_file: Path) -> None:
    settings_ = load(settings_file, changed("node", data="here/data"))
    assert settings_.node.data == settings_file.parent.resolve() / "here" / "data"


def test_an_absolute_data_folder_stays(settings_file: Path) -> None:
    assert load(settings_file, changed("node", data="/var/lib/loa")).node.data == Path("/var/lib/loa")


def test_the_nodes_name_is_the_brokers_user(settings_file: Path) -> None:
    broker = load(settings_file, content()).broker_link()
    assert (broker.user, broker.password) == (make.NODE, PASSWORD)


def test_the_pinned_keys_make_the_keyring(settings_file: Path) -> None:
    token = make.signing_key().sign(SignedKind.PLAN, b"{}")
    assert load(settings_file, content()).keyring().open(SignedKind.PLAN, token) == b"{}"


def test_no_plan_of_the_recovery_key_is_obeyed(settings_file: Path) -> None:
    recovery = SigningKey.generate()
    keyring = load(settings_file, changed("keys", recovery=recovery.public(), number=7)).keyring()
    for kind in SignedKind:
        with pytest.raises(Untrusted, match="unknown_key"):
            keyring.open(kind, recovery.sign(kind, b"{}"))


def test_a_counter_needs_no_sound(settings_file: Path) -> None:
    assert load(settings_file, of_a_counter()).sound is None


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
        ("keys", {"number": -1}),
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
    settings_file: Path, section: str, values: dict[str, Any]
) -> None:
    (fault,) = faults(settings_file, changed(section, **values))
    assert (fault.file, fault.section, fault.key) == (settings_file, section, next(iter(values)))
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
def test_a_missing_key_is_named(settings_file: Path, section: str, key: str) -> None:
    (fault,) = faults(settings_file, changed(section, **{key: None}))
    assert (fault.section, fault.key, fault.found) == (section, key, "nothing")


@pytest.mark.parametrize("section", ["node", "broker", "hub", "keys", "sound"])
def test_a_missing_section_is_named(settings_file: Path, section: str) -> None:
    assert (section, "") in places(faults(settings_file, content(**{section: None})))


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_that_is_a_value_is_named(settings_file: Path, section: str) -> None:
    assert (section, "") in places(faults(settings_file, content(**{section: 5})))


def test_an_unknown_key_is_named_with_the_nearest_known(settings_file: Path) -> None:
    (fault,) = faults(settings_file, changed("sound", delay=5))
    assert str(fault) == f"{settings_file}: [sound] delay: wanted perhaps 'delay_ms'; found 5"


def test_an_unknown_section_is_named_with_the_nearest_known(settings_file: Path) -> None:
    (fault,) = faults(settings_file, content(brokr={"host": "x"}))
    assert str(fault) == f"{settings_file}: [brokr]: wanted perhaps 'broker'; found a section"


def test_a_counter_with_sound_is_a_fault(settings_file: Path) -> None:
    (fault,) = faults(settings_file, of_a_counter(sound={"output": "file"}))
    assert (fault.section, fault.found) == ("sound", "a section")


def test_every_fault_is_told_at_once(settings_file: Path) -> None:
    wrong = content(
        node={"site": "?", "kind": "speaker"},
        broker={"host": "::1", "port": 0, "password": PASSWORD},
        hub=None,
        sound={"output": "file", "device": "USB"},
        more={},
    )
    found = places(faults(settings_file, wrong))
    assert found == {
        ("node", "site"),
        ("node", "name"),
        ("node", "areas"),
        ("broker", "port"),
        ("hub", ""),
        ("sound", "device"),
        ("more", ""),
    }


def test_missing_sound_is_told_even_where_other_values_are_wrong(settings_file: Path) -> None:
    wrong = content(hub={"url": "nowhere"}, sound=None)
    assert places(faults(settings_file, wrong)) == {("hub", "url"), ("sound", "")}


def test_each_fault_has_its_own_line(settings_file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(settings_file, content(hub=None, keys=None))
    assert len(str(caught.value).splitlines()) == len(caught.value.faults) == 2


def test_a_secret_is_never_repeated(settings_file: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(settings_file, changed("broker", password="hunter2"))
    assert "hunter2" not in str(caught.value)
    assert "7 characters" in str(caught.value)


def test_a_secret_is_not_shown_with_the_settings(settings_file: Path) -> None:
    assert PASSWORD not in repr(load(settings_file, content()))
