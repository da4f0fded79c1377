"""A technician reads the name that she typed."""

import sys

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
