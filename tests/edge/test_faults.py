"""Faults begin, last and end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.faults import Faults
from edge.ledger import Ledger
from edge.wire.entries import Body, Fault, Mended


class Notebook:
    """Faults whose entries are noted; `restart` begins another run on the same file."""

    def __init__(self, path: Path) -> None:
        self.ledger = Ledger.open(path, boot="b")
        self.restart()

    def restart(self) -> None:
        self.entries: list[Body] = []
        self.faults = Faults(record=self.entries.append, ledger=self.ledger)
        self.faults.resume()


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    notebook = Notebook(tmp_path / "ledger.db")
    yield notebook
    notebook.ledger.close()


def test_a_fault_is_recorded_once_however_often_it_is_seen(notebook: Notebook) -> None:
    notebook.faults.begin("disk", "full")
    notebook.faults.begin("disk", "still full")
    assert notebook.entries == [Fault(name="disk", detail="full")]
    assert notebook.faults.present() == ("disk: full",)


def test_a_fault_that_was_never_there_does_not_end(notebook: Notebook) -> None:
    notebook.faults.end("disk")
    assert notebook.entries == []


def test_a_fault_that_ended_may_begin_again(notebook: Notebook) -> None:
    notebook.faults.begin("disk")
    notebook.faults.end("disk")
    notebook.faults.begin("disk")
    assert notebook.entries == [Fault(name="disk"), Mended(name="disk"), Fault(name="disk")]


def test_a_fault_that_shows_itself_only_in_use_lasts_over_a_restart(notebook: Notebook) -> None:
    notebook.faults.begin("sound", "no device")
    notebook.restart()
    assert notebook.entries == []
    assert notebook.faults.present() == ("sound: no device",)


def test_another_ends_with_the_run_that_saw_it(notebook: Notebook) -> None:
    notebook.faults.begin("disk", "full")
    notebook.restart()
    assert notebook.entries == [Mended(name="disk")]
    assert notebook.faults.present() == ()


@pytest.mark.parametrize("damaged", [b"\xff", b"[]", b"nonsense"])
def test_what_cannot_be_read_of_the_last_run_is_forgotten(notebook: Notebook, damaged: bytes) -> None:
    notebook.ledger.keep("faults", damaged)
    notebook.restart()
    assert notebook.faults.present() == ()
