"""What is typed on a node, or sent by Ansible: request, install, off."""

import io
import json
from pathlib import Path

import pytest

from edge import __main__ as program
from edge.commands import next_steps
from edge.config import AmplifierSettings
from edge.speaker import build
from edge.wire.papers import Code
from tests import factories as make
from tests.certificates import TestAuthority
from tests.factories_signed import papers


class Ran:
    """A program's code and words."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
        self.code = program.main([str(each) for each in arguments])
        self.out, self.err = capsys.readouterr()


def test_a_request_and_nothing_else_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "request", "--folder", tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("-----BEGIN CERTIFICATE REQUEST-----\n")
    assert ran.out.endswith("-----END CERTIFICATE REQUEST-----\n")


def test_a_key_that_cannot_be_read_is_told_beside_the_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "node.key").write_text("damaged")
    ran = Ran(capsys, "request", "--folder", tmp_path)
    assert "node.key.damaged-" in ran.err
    assert ran.out.startswith("-----BEGIN")


def given(folder: Path, capsys: pytest.CaptureFixture[str]) -> bytes:
    request = Ran(capsys, "request", "--folder", folder).out
    return papers(TestAuthority(), request).encode()


def test_papers_from_a_file_are_put_in_place_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, folder = tmp_path / "papers.json", tmp_path / "loa"
    path.write_bytes(given(folder, capsys))
    for changed in (True, False):
        ran = Ran(capsys, "install", "--folder", folder, "--papers", path)
        assert (ran.code, json.loads(ran.out)) == (0, {"changed": changed, "node": make.NODE})


def test_papers_come_from_standard_input_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given(tmp_path, capsys))))
    assert Ran(capsys, "install", "--folder", tmp_path).code == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"v":2}'])
def test_what_is_no_papers_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "papers.json").write_bytes(content)
    ran = Ran(capsys, "install", "--folder", tmp_path, "--papers", tmp_path / "papers.json")
    assert (ran.code, ran.out) == (1, "")
    assert "wanted papers as `loa-hub enroll` prints them" in ran.err


@pytest.mark.parametrize("url", ["http://192.168.50.10:8443", "192.168.50.10", "192.168.50.10:8443"])
def test_a_code_goes_over_tls_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    assert program.main(["enroll", url, str(Code.generate()), "--folder", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert f"wanted an address such as https://192.168.50.10:8443; found {url!r}" in said


def test_a_fault_in_the_local_file_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "papers.json").write_bytes(given(tmp_path, capsys))
    (tmp_path / "pi.toml").write_text("[amplifier]\npin = 99\n")
    papers_, local = tmp_path / "papers.json", tmp_path / "pi.toml"
    ran = Ran(capsys, "install", "--folder", tmp_path, "--papers", papers_, "--local", local)
    assert ran.code == 2
    assert "pi.toml: [amplifier] pin: wanted a BCM pin number" in ran.err


def test_a_node_that_starts_finishes_what_was_being_put_in_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".pending").write_text(json.dumps({"node.toml": [0o600, "[node]\nsite = 5\n"]}))
    assert Ran(capsys, "check", "--config", tmp_path / "node.toml").code == 2
    assert (tmp_path / "node.toml").read_text() == "[node]\nsite = 5\n"


def test_off_takes_the_power_whatever_else_the_settings_lack(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "node.toml").write_text('[amplifier]\npins = "mock"\npin = 5\nactive_high = false\n')
    switched: list[tuple[AmplifierSettings, bool]] = []
    make_amplifier = build.make_amplifier

    def watched(wanted: AmplifierSettings) -> object:
        amplifier = make_amplifier(wanted)
        switched.append((wanted, amplifier.is_on))
        return amplifier

    monkeypatch.setattr("edge.commands.make_amplifier", watched)
    assert Ran(capsys, "off", "--config", tmp_path / "node.toml").code == 0
    assert [(wanted.pin, is_on) for wanted, is_on in switched] == [(5, False)]


def test_off_where_nothing_is_switched_is_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "node.toml").write_text("")
    assert Ran(capsys, "off", "--config", tmp_path / "node.toml").code == 0


@pytest.mark.parametrize("text", ["[amplifier]\npin = 99\n", "amplifier = 5\n", "[no"])
def test_off_tells_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / "node.toml").write_text(text)
    ran = Ran(capsys, "off", "--config", tmp_path / "node.toml")
    assert ran.code == 2
    assert "node.toml: " in ran.err


def test_an_installed_node_is_restarted_as_a_service() -> None:
    assert "sudo systemctl restart loa-speaker" in next_steps(Path("/etc/loa/node.toml"), "speaker")


def test_a_node_of_a_checkout_is_started_from_it() -> None:
    said = next_steps(Path("my-node/node.toml"), "counter")
    assert "./loa node counter --config my-node/node.toml" in said
    assert "systemctl" not in said
