"""`loa hub nodes`: whom the hub hears, for people and for programs."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.store import nodes
from hub.store.database import Store
from tests.factories_hub import report

HEARD_AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def told(*, here: bool) -> nodes.Report:
    return report(here=here, heard_at=HEARD_AT, since=HEARD_AT)


@pytest.fixture
def folder(site: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Of a site with one loudspeaker that was never heard."""
    assert main(["area", "add", "to-2", "--name", "Tổ dân phố 2", *site]) == 0
    file = str(tmp_path / "node.toml")
    assert main(["enroll", "to-2-loa-1", "--kind", "speaker", "--area", "to-2", "-o", file, *site]) == 0
    capsys.readouterr()
    return tmp_path / "site"


def keep(folder: Path, report: nodes.Report) -> None:
    store = Store(folder / "hub.db")
    store.write(lambda db: nodes.keep_report(db, report))
    store.close()


def listed(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["nodes", "--config", str(folder / "hub.toml"), *options]) == 0
    return capsys.readouterr().out


def test_a_node_that_was_never_heard_is_told_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "never heard" in listed(folder, capsys)
    assert json.loads(listed(folder, capsys, "--json"))["heard_at"] is None


@pytest.mark.parametrize(("here", "word"), [(True, "here"), (False, "away")])
def test_a_node_that_was_heard_is_here_or_away(
    folder: Path, capsys: pytest.CaptureFixture[str], here: bool, word: str
) -> None:
    keep(folder, told(here=here))
    assert word in listed(folder, capsys)


def test_a_program_reads_one_object_for_each_node(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(folder, told(here=True))
    assert json.loads(listed(folder, capsys, "--json")) == {
        "id": "to-2-loa-1",
        "kind": "speaker",
        "area": "to-2",
        "name": "to-2-loa-1",
        "here": True,
        "heard_at": HEARD_AT.isoformat(),
    }
