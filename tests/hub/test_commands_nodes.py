"""`loa hub nodes`: whom the hub hears, for people and for programs."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.store import nodes
from hub.store.database import Store

HEARD_AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def report(*, here: bool) -> nodes.Report:
    return nodes.Report(
        node="to-2-loa-1",
        session="s",
        here=here,
        heard_at=HEARD_AT,
        since=HEARD_AT,
        clock_state="synced",
        clock_bound_ms=1.0,
        software="loa 1",
        output="device",
        ledger="l",
        plan=1,
        standing=1,
        order=1,
    )


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A site with one loudspeaker that was never heard."""
    folder = tmp_path / "site"
    config = ["--config", str(folder / "hub.toml")]
    assert main(["init", str(folder), "--site", "xa-mau", "--name", "Xã mẫu"]) == 0
    assert main(["area", "add", "to-2", "--name", "Tổ dân phố 2", *config]) == 0
    file = str(tmp_path / "node.toml")
    assert main(["enroll", "to-2-loa-1", "--kind", "speaker", "--area", "to-2", "-o", file, *config]) == 0
    capsys.readouterr()
    return folder


def keep(site: Path, told: nodes.Report) -> None:
    store = Store(site / "hub.db")
    store.write(lambda db: nodes.keep_report(db, told))
    store.close()


def listed(site: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["nodes", "--config", str(site / "hub.toml"), *options]) == 0
    return capsys.readouterr().out


def test_a_node_that_was_never_heard_is_told_apart(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "never heard" in listed(site, capsys)
    assert json.loads(listed(site, capsys, "--json"))["heard_at"] is None


@pytest.mark.parametrize(("here", "word"), [(True, "here"), (False, "away")])
def test_a_node_that_was_heard_is_here_or_away(
    site: Path, capsys: pytest.CaptureFixture[str], here: bool, word: str
) -> None:
    keep(site, report(here=here))
    assert word in listed(site, capsys)


def test_a_program_reads_one_object_for_each_node(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep(site, report(here=True))
    assert json.loads(listed(site, capsys, "--json")) == {
        "id": "to-2-loa-1",
        "kind": "speaker",
        "area": "to-2",
        "name": "to-2-loa-1",
        "here": True,
        "heard_at": HEARD_AT.isoformat(),
    }
