"""A technician reads the name that she typed."""

import sys
from pathlib import Path

import pytest

from edge.__main__ import main

CALLS = [("/opt/loa/venv/bin/loa-node", "loa-node"), ("/home/lan/loa/edge/__main__.py", "./loa node")]


@pytest.mark.parametrize(("path", "name"), CALLS)
def test_the_usage_names_the_program_as_it_was_called(
    path: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [path, "check", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out.startswith(f"usage: {name} check ")


@pytest.mark.parametrize("call", [["off"], ["request"]])
def test_an_installed_program_knows_where_its_settings_are(
    call: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "loa").write_text("in the place of a folder")
    monkeypatch.setattr("edge.commands.INSTALLED", tmp_path / "loa")
    monkeypatch.setattr(sys, "argv", ["/opt/loa/venv/bin/loa-node", *call])
    assert main() != 0
    assert str(tmp_path / "loa") in capsys.readouterr().err


@pytest.mark.parametrize("call", [["off"], ["request"]])
def test_in_a_checkout_it_must_be_told(call: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/home/lan/loa/edge/__main__.py", *call])
    with pytest.raises(SystemExit, match="2"):
        main()
