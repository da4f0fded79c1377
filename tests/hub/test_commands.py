"""The command line of the hub, as typed."""

import io
from pathlib import Path

import pytest

from edge.wire.papers import Code, Papers
from hub.__main__ import main
from tests.factories_tls import node_key, request_of

pytestmark = pytest.mark.usefixtures("umask")


def test_init_prints_a_generated_password_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passwords = set()
    for name in ("a", "b"):
        assert main(["init", str(tmp_path / name), "--site", "xa", "--name", "Xã"]) == 0
        [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("password")]
        passwords.add(line)
    assert len(passwords) == 2


def test_init_keeps_a_site_that_is_there(
    site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (tmp_path / "site" / "site-key.json").read_bytes()
    assert main(["init", str(tmp_path / "site"), "--site", "other", "--name", "Khác"]) == 1
    assert "holds a site" in capsys.readouterr().err
    assert (tmp_path / "site" / "site-key.json").read_bytes() == before


def test_a_file_that_cannot_be_opened_is_told_with_what_to_do(
    site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "site" / "hub.db"
    file.unlink()
    file.mkdir()
    assert main(["nodes", *site]) == 1
    assert str(file) in (said := capsys.readouterr().err)
    assert "sudo" in said


def test_a_file_that_is_not_there_is_told_without_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "none.tar"
    assert main(["restore", str(missing), str(tmp_path / "new")]) == 1
    assert f"{missing}: No such file or directory" in (said := capsys.readouterr().err)
    assert "Errno" not in said


@pytest.mark.parametrize("command", [["nodes"], ["area", "list"]])
def test_an_empty_list_says_that_it_is(
    site: list[str], capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main([*command, *site]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "there are no" in said.err


def test_a_node_that_nobody_knows_cannot_be_removed(
    site: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remove", "to-9", *site]) == 1
    assert capsys.readouterr().err == "There is no node to-9.\n"


def test_a_hub_without_tls_says_how_nodes_come_to_it(
    site: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["enroll", "to-1", "--kind", "speaker", "--area", "to-1", *site]) == 1
    assert "-o FILE" in capsys.readouterr().err


def test_init_with_a_wrong_name_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "site"), "--site", "Xã mẫu", "--name", "x"]) == 2
    said = capsys.readouterr().err
    assert "[site] id: wanted 1 to 63 of a-z, 0-9 and -, not beginning with -; found 'Xã mẫu'" in said
    assert list((tmp_path / "site").iterdir()) == []


def test_wrong_settings_are_exit_code_2_with_every_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "hub.toml"
    file.write_text('[site]\nid = "xa"\n[hub]\nport = 0\n')
    assert main(["serve", "--config", str(file)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_person_is_added_and_listed(site: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "add", "lan", "--name", "Lan", "--roles", "clerk", "approver", *site]) == 0
    assert main(["user", "list", *site]) == 0
    assert "approver, clerk" in capsys.readouterr().out


def test_a_new_password_can_be_given(site: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "reset", "admin", *site]) == 0
    assert "password" in capsys.readouterr().out


def test_an_unknown_person_is_said_so(site: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["user", "reset", "nobody", *site]) == 1
    assert "nobody" in capsys.readouterr().err


def test_a_node_is_enrolled_listed_and_removed(
    site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "node.toml")
    assert main(["area", "add", "to-2", "--name", "Tổ dân phố 2", *site]) == 0
    assert main(["enroll", "to-2-loa-1", "--kind", "speaker", "--area", "to-2", "-o", file, *site]) == 0
    capsys.readouterr()
    assert main(["nodes", *site]) == 0
    assert "to-2-loa-1" in capsys.readouterr().out
    assert main(["remove", "to-2-loa-1", *site]) == 0
    capsys.readouterr()
    assert main(["nodes", *site]) == 0
    assert capsys.readouterr().out == ""


def test_what_is_refused_is_said_in_a_sentence(
    site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "node.toml")
    assert main(["enroll", "Loa 1", "--kind", "speaker", "--area", "to-2", "-o", file, *site]) == 1
    assert "cannot be a name" in capsys.readouterr().err


def test_nothing_it_made_may_be_read_by_others(site: list[str], tmp_path: Path) -> None:
    for file in (tmp_path / "site").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file


@pytest.fixture
def open_site(site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """A site that is open to the network, with an area."""
    file = tmp_path / "site" / "hub.toml"
    socket = tmp_path / "http.sock"
    file.write_text(f'{file.read_text()}\n[hub]\nsocket = "{socket}"\n[tls]\nnames = ["loa.lan"]\n')
    assert main(["area", "add", "to-2", "--name", "Tổ dân phố 2", *site]) == 0
    capsys.readouterr()
    return site


def enroll(site: list[str], *more: str) -> int:
    return main(["enroll", "to-2-loa-1", "--kind", "speaker", "--area", "to-2", *more, *site])


def test_a_request_is_answered_with_papers_on_standard_output(
    open_site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "request").write_text(request_of(node_key()))
    assert enroll(open_site, "--request", str(tmp_path / "request")) == 0
    papers = Papers.decode(capsys.readouterr().out.encode())
    assert (papers.node, papers.settings["broker"]["host"]) == ("to-2-loa-1", "loa.lan")


def test_a_request_may_come_by_standard_input(
    open_site: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(request_of(node_key())))
    assert enroll(open_site, "--request", "-") == 0
    assert Papers.decode(capsys.readouterr().out.encode()).is_new


def test_without_a_request_a_code_and_the_command_to_type_are_printed(
    open_site: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert enroll(open_site) == 0
    said = dict(line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines())
    code = Code.read(said["code"].split()[0])
    assert f"loa-node enroll https://loa.lan:8443 {code}" in said["next"]


def test_a_site_that_is_open_writes_no_secrets(
    open_site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert enroll(open_site, "-o", str(tmp_path / "node.toml")) == 1
    assert "by certificate" in capsys.readouterr().err
    assert not (tmp_path / "node.toml").exists()


def test_a_site_that_is_not_open_signs_nothing(site: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert enroll(site) == 1
    assert "no section [tls]" in capsys.readouterr().err
