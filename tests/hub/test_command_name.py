"""A technician reads the name that she typed."""

import sys
from pathlib import Path

import pytest

from hub.__main__ import main

CALLS = [("/opt/loa/venv/bin/loa-hub", "loa-hub"), ("/home/lan/loa/hub/__main__.py", "./loa hub")]


@pytest.mark.parametrize(("path", "name"), CALLS)
def test_the_usage_names_the_program_as_it_was_called(
    path: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [path, "user", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out.startswith(f"usage: {name} user ")


@pytest.mark.parametrize(("path", "name"), CALLS)
def test_what_to_do_next_can_be_typed_as_it_stands(
    path: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", [path, "user", "list", "--config", str(tmp_path / "hub.toml")])
    assert main() == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{name}: ")
    assert f"({name} init makes one)" in said
