"""`[tls]` in a node's settings: what leaves this machine is encrypted, and there is one credential."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from edge.config import ConfigError, NodeSettings, load_settings
from edge.wire.tls import Tls
from tests.factories_settings import of_a_counter, write

SECRET = "an example and no secret"
FILES = {"key": "node.key", "certificate": "node.crt", "authority": "authority.crt"}


def reaching(
    *, host: str, url: str, password: str | None = None, tls: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The file of a counter with this broker and hub."""
    secret = {} if password is None else {"password": password}
    return of_a_counter(broker={"host": host, "port": 8883} | secret, hub={"url": url}, tls=tls)


def load(folder: Path, **values: Any) -> NodeSettings:
    return load_settings(write(folder / "node.toml", reaching(**values)))


def told(folder: Path, **values: Any) -> dict[tuple[str, str], str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, **values)
    return {(fault.section, fault.key): fault.found for fault in caught.value.faults}


def test_the_files_stand_beside_the_settings(tmp_path: Path) -> None:
    link = load(tmp_path, host="loa.lan", url="https://loa.lan:8443", tls=FILES).broker_link()
    assert link.password is None
    assert link.tls == Tls(tmp_path / "node.key", tmp_path / "node.crt", tmp_path / "authority.crt")


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    tls = {"key": "/etc/elsewhere/node.key"}
    settings = load(tmp_path, host="loa.lan", url="https://loa.lan", tls=tls)
    assert settings.tls_files() == Tls(
        Path("/etc/elsewhere/node.key"), tmp_path / "node.crt", tmp_path / "authority.crt"
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_on_this_machine_a_password_is_enough(tmp_path: Path, host: str) -> None:
    at = f"[{host}]" if ":" in host else host
    settings = load(tmp_path, host=host, url=f"http://{at}:8080", password=SECRET)
    assert (settings.password(), settings.tls_files()) == (SECRET, None)


@pytest.mark.parametrize("host", ["192.168.50.10", "loa.lan", "localhost.example", "127.0.0.1.x"])
def test_a_broker_elsewhere_demands_tls(tmp_path: Path, host: str) -> None:
    assert told(tmp_path, host=host, url="http://127.0.0.1", password=SECRET) == {("tls", ""): "nothing"}


@pytest.mark.parametrize("host", ["192.168.50.10", "loa.lan", "[2001:db8::1]"])
def test_a_hub_elsewhere_demands_tls_and_https(tmp_path: Path, host: str) -> None:
    found = told(tmp_path, host="127.0.0.1", url=f"http://{host}", password=SECRET)
    assert found == {("tls", ""): "nothing", ("hub", "url"): f"'http://{host}'"}


def test_a_certificate_is_not_shown_without_https(tmp_path: Path) -> None:
    found = told(tmp_path, host="127.0.0.1", url="http://127.0.0.1", tls=FILES)
    assert found == {("hub", "url"): "'http://127.0.0.1'"}


def test_a_password_beside_tls_is_a_fault_and_not_repeated(tmp_path: Path) -> None:
    found = told(tmp_path, host="loa.lan", url="https://loa.lan", password=SECRET, tls=FILES)
    assert found == {("broker", "password"): f"a text of {len(SECRET)} characters"}


def test_neither_of_them_is_a_fault(tmp_path: Path) -> None:
    assert told(tmp_path, host="127.0.0.1", url="http://127.0.0.1") == {("broker", "password"): "nothing"}


def test_all_that_does_not_fit_is_told_with_what_is_wrong(tmp_path: Path) -> None:
    found = told(tmp_path, host="loa.lan", url="http://loa.lan", tls={"key": 5, "colour": "red"})
    assert set(found) == {("tls", "key"), ("tls", "colour"), ("hub", "url")}


def test_settings_that_were_not_read_from_a_file_keep_to_it_too() -> None:
    with pytest.raises(ValidationError, match="https for what is elsewhere"):
        NodeSettings.model_validate(reaching(host="loa.lan", url="https://loa.lan", password=SECRET))
