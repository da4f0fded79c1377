from pathlib import Path

import pytest

from hub.config import WrongSettings, load_settings

GOOD = '[site]\nid = "xa-mau"\nname = "Xã mẫu"\n'


def write(folder: Path, text: str) -> Path:
    file = folder / "hub.toml"
    file.write_text(text, encoding="utf-8")
    return file


def faults_of(folder: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(WrongSettings) as caught:
        load_settings(write(folder, text))
    return [(fault.section, fault.key) for fault in caught.value.faults]


def said_of(folder: Path, text: str) -> str:
    """What is said of the one fault of a file, behind its name."""
    with pytest.raises(WrongSettings) as caught:
        load_settings(write(folder, text))
    return str(caught.value).removeprefix(f"{folder / 'hub.toml'}: ")


def test_a_site_is_enough(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, GOOD))
    assert settings.site.timezone == "Asia/Ho_Chi_Minh"
    assert settings.url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(("text", "rtc"), [("", True), ("[clock]\nrtc = false\n", False)])
def test_the_settings_tell_whether_a_battery_keeps_the_clock(tmp_path: Path, text: str, rtc: bool) -> None:
    assert load_settings(write(tmp_path, GOOD + text)).clock.rtc is rtc


def test_a_relative_data_folder_is_beside_the_file(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, GOOD + '[hub]\ndata = "kept"\n')).data == tmp_path / "kept"


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    text = '[site]\nid = "Xã"\n[hub]\nport = 99999\ncolour = "red"\n[broker]\nhost = "0.0.0.0"\n'
    assert faults_of(tmp_path, text) == [
        ("site", "id"),
        ("site", "name"),
        ("hub", "port"),
        ("hub", "colour"),
        ("broker", "host"),
    ]


def test_a_fault_says_file_section_key_wanted_and_found(tmp_path: Path) -> None:
    file = write(tmp_path, GOOD + '[hub]\nport = "8080"\n')
    with pytest.raises(WrongSettings) as caught:
        load_settings(file)
    assert str(caught.value) == f"{file}: [hub] port: wanted a whole number from 1 to 65535; found '8080'"


def test_a_missing_value_is_told_with_what_was_wanted(tmp_path: Path) -> None:
    assert (
        said_of(tmp_path, '[site]\nid = "xa-mau"\n')
        == "[site] name: wanted a text of 1 to 200 letters; found nothing"
    )


def test_a_wrong_name_is_told_with_the_nearest_known(tmp_path: Path) -> None:
    said = said_of(tmp_path, GOOD + "[uploads]\nmax_mbs = 700\n")
    assert said == "[uploads] max_mbs: wanted perhaps 'max_mb'; found 700"


def test_a_name_like_no_other_is_told_with_all_there_are(tmp_path: Path) -> None:
    said = said_of(tmp_path, GOOD + "[uploads]\ncolour = 1\n")
    assert said == "[uploads] colour: wanted one of max_mb, max_minutes; found 1"


def test_a_wrong_section_is_told_with_the_nearest_known(tmp_path: Path) -> None:
    assert said_of(tmp_path, GOOD + "[ofice]\n") == "[ofice]: wanted perhaps 'office'; found a section"


def test_a_section_that_is_a_value_is_told(tmp_path: Path) -> None:
    assert said_of(tmp_path, "site = 5\n") == "[site]: wanted a section [site]; found 5"


@pytest.mark.parametrize("key", ["file", "passwort"])
def test_a_key_above_all_sections_is_told_without_what_it_holds(tmp_path: Path, key: str) -> None:
    said = said_of(tmp_path, f'{key} = "s3cret-word"\n{GOOD}')
    assert said.startswith(f"{key}: wanted ")
    assert "s3cret-word" not in said


@pytest.mark.parametrize("host", ["192.168.1.2", "hub.example", "::"])
def test_without_tls_only_loopback_is_listened_on(tmp_path: Path, host: str) -> None:
    assert faults_of(tmp_path, GOOD + f'[hub]\nhost = "{host}"\n') == [("hub", "host")]


def test_an_outside_broker_needs_a_password(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD + '[broker]\nmode = "outside"\n') == [("broker", "")]


def test_a_password_under_a_mistyped_name_is_never_printed(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings) as raised:
        load_settings(write(tmp_path, GOOD + '[broker]\nmode = "outside"\npasswort = "s3cret-word"\n'))
    assert "passwort" in str(raised.value)
    assert "s3cret-word" not in str(raised.value)


def test_a_password_is_never_printed(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings) as caught:
        load_settings(write(tmp_path, GOOD + '[broker]\npassword = "s3cret-word"\n'))
    assert "s3cret-word" not in str(caught.value)


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="No such file"):
        load_settings(tmp_path / "hub.toml")


def test_a_file_that_is_not_toml_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "site = [") == [("", "file")]


def test_an_unknown_zone_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD + 'timezone = "Asia/Nowhere"\n') == [("site", "timezone")]


SOCKET = '[hub]\nsocket = "/run/loa-hub/http.sock"\n'
TLS = '[tls]\nnames = ["192.168.50.10", "loa.lan"]\n'


def test_with_tls_nodes_are_given_the_first_name(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, GOOD + SOCKET + TLS))
    assert settings.tls is not None
    assert settings.tls.node_url == "https://192.168.50.10:8443"
    assert settings.url == "https://192.168.50.10"


def test_an_address_of_version_6_stands_in_brackets(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, GOOD + SOCKET + '[tls]\nnames = ["FD00::1"]\n'))
    assert settings.url == "https://[fd00::1]"


@pytest.mark.parametrize(
    "name", ["", "Loa.lan", "loa lan", "*.lan", "192.168.50", "https://loa.lan", "loa..lan"]
)
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    faults = faults_of(tmp_path, GOOD + SOCKET + f'[tls]\nnames = ["{name}"]\n')
    assert faults == [("tls", "names.0")]


@pytest.mark.parametrize("names", ["[]", '["loa.lan", "loa.lan"]'])
def test_at_least_one_name_and_none_twice(tmp_path: Path, names: str) -> None:
    assert faults_of(tmp_path, GOOD + SOCKET + f"[tls]\nnames = {names}\n") == [("tls", "names")]


def test_the_broker_listens_at_an_address(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD + SOCKET + TLS + 'broker_host = "loa.lan"\n') == [("tls", "broker_host")]


def test_with_tls_too_the_hubs_own_broker_address_is_loopback(tmp_path: Path) -> None:
    text = GOOD + SOCKET + TLS + '[broker]\nhost = "0.0.0.0"\n'
    assert faults_of(tmp_path, text) == [("broker", "host")]


def test_what_does_not_fit_together_is_told_beside_the_rest(tmp_path: Path) -> None:
    broker = '[broker]\nmode = "outside"\npassword = "x"\nport = 8883\n'
    text = GOOD + "[hub]\nport = 0\n" + TLS + broker
    assert faults_of(tmp_path, text) == [
        ("hub", "port"),
        ("hub", "socket"),
        ("broker", "mode"),
        ("tls", "broker_port"),
    ]


def test_a_socket_and_a_port_are_one_too_many(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD + SOCKET + "port = 8080\n") == [("hub", "socket")]
