"""Many areas from one list, on the command line."""

import io
import json
import sys
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from hub.__main__ import main

HAMLET = {"id": "thon-doai", "name": "Thôn Đoài"}
GROUP = {"id": "to-2", "name": "Tổ dân phố 2", "parent": "thon-doai"}


@pytest.fixture
def listed(site: list[str], tmp_path: Path) -> list[str]:
    """The command that adds the areas of `areas.json`."""
    return ["area", "add-all", str(tmp_path / "areas.json"), *site]


def write(folder: Path, areas: Any) -> None:
    (folder / "areas.json").write_text(json.dumps(areas))


def shown(site: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert main(["area", "list", *site]) == 0
    return [line.split()[0] for line in capsys.readouterr().out.splitlines()]


def test_those_that_are_not_there_are_added_in_order_and_told(
    site: list[str], listed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, [HAMLET])
    assert main(listed) == 0
    capsys.readouterr()
    write(tmp_path, [HAMLET, GROUP, {"id": 7, "name": "Bảy", "parent": None}])
    assert main(listed) == 0
    assert capsys.readouterr().out == "area      to-2 (Tổ dân phố 2)\narea      7 (Bảy)\n"
    assert shown(site, capsys) == ["thon-doai", "to-2", "7"]


def test_nothing_is_said_where_all_are_there(
    listed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, [HAMLET, GROUP])
    assert main(listed) == 0
    capsys.readouterr()
    write(tmp_path, [{**HAMLET, "name": f" {normalize('NFD', HAMLET['name'])}"}, GROUP])
    assert main(listed) == 0
    assert capsys.readouterr() == ("", "")


def test_all_that_clashes_is_told_and_nothing_is_added(
    site: list[str], listed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, [HAMLET, GROUP])
    assert main(listed) == 0
    capsys.readouterr()
    moved = {"id": "to-2", "name": "Tổ dân phố 2"}
    write(tmp_path, [{"id": "to-1", "name": "Tổ 1"}, {**HAMLET, "name": "Thôn Đông"}, moved])
    assert main(listed) == 1
    renamed, placed = capsys.readouterr().err.splitlines()
    assert "thon-doai is there as Thôn Đoài, not as Thôn Đông" in renamed
    assert "to-2 is there already and lies in thon-doai, not in –" in placed
    assert shown(site, capsys) == ["thon-doai", "to-2"]


def test_every_wrong_name_is_told(
    site: list[str], listed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, [{**HAMLET, "id": "Thôn"}, {**GROUP, "parent": "nowhere"}])
    assert main(listed) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert shown(site, capsys) == []


def test_they_come_by_standard_input_too(
    site: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps([HAMLET], ensure_ascii=False).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="ascii"))
    assert main(["area", "add-all", "-", *site]) == 0
    assert shown(site, capsys) == ["thon-doai"]


@pytest.mark.parametrize(
    "areas",
    [
        {},
        [1],
        [{"id": "to-2"}],
        [{**HAMLET, "title": "?"}],
        [{**HAMLET, "name": ["?"]}],
        [{**HAMLET, "id": None}],
    ],
)
def test_what_is_no_list_of_areas_is_told_with_one_that_is(
    listed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], areas: Any
) -> None:
    write(tmp_path, areas)
    assert main(listed) == 1
    assert '[{"id": "to-2"' in capsys.readouterr().err


def test_a_file_that_is_no_json_is_told(
    listed: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "areas.json").write_bytes(b"\xff")
    assert main(listed) == 1
    assert "cannot be read" in capsys.readouterr().err
