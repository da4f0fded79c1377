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


def test_a_site_is_enough(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, GOOD))
    assert settings.site.timezone == "Asia/Ho_Chi_Minh"
    assert settings.url == "http://127.0.0.1:8080"


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
    assert str(caught.value) == f"{file}: [hub] port: wanted Input should be a valid integer; found '8080'"


@pytest.mark.parametrize("host", ["192.168.1.2", "hub.example", "::"])
def test_without_tls_only_loopback_is_listened_on(tmp_path: Path, host: str) -> None:
    assert faults_of(tmp_path, GOOD + f'[hub]\nhost = "{host}"\n') == [("hub", "host")]


def test_an_outside_broker_needs_a_password(tmp_path: Path) -> None:
    assert faults_of(tmp_path, GOOD + '[broker]\nmode = "outside"\n') == [("broker", "")]


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
