"""A technician reads the name that she typed."""

import sys
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.arguments import parse

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


@pytest.mark.parametrize(("path", "file"), [(CALLS[0][0], "/etc/loa/hub.toml"), (CALLS[1][0], "hub.toml")])
def test_it_knows_where_its_settings_are(path: str, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [path, "nodes"])
    assert parse().config == Path(file)
