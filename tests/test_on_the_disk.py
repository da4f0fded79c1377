"""What a kill cannot show: nothing bears its name, and nothing is called stored, before the disk has it."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from audio.prepare import settle
from edge import files as edge_files
from edge.ledger_file import LedgerFile
from edge.speaker import clips
from edge.speaker.clips import Clips, Wanted
from hub import files as hub_files
from hub.store.database import Store
from hub.uploads import Upload
from tests.fakes_hub import FakeHub

DATA = b"OggS" * 1_000
SHA = hashlib.sha256(DATA).hexdigest()
FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous: each commit waits for the disk


def fetch(folder: Path) -> None:
    fetched = Clips(folder, hub=FakeHub(**{SHA: DATA}), post=lambda _event: None)
    fetched.want([Wanted(SHA, len(DATA))])
    fetched.step()


def upload(folder: Path) -> None:
    with Upload(folder=folder / "incoming", limit_bytes=10_000, reserve_bytes=0) as arriving:
        arriving.write(DATA)
        arriving.keep(folder / "kept")


def prepare(folder: Path) -> None:
    part = folder / "made.part"
    part.write_bytes(DATA)
    settle(part, folder)


WAYS: dict[str, Callable[[Path], object]] = {
    "a recording that was fetched": fetch,
    "a recording that was prepared": prepare,
    "an upload": upload,
    "a file of a node": lambda folder: edge_files.write_whole(folder / "file", DATA, mode=0o600),
    "a file that a node makes once": lambda folder: edge_files.write_once(folder / "file", DATA, mode=0o600),
    "a file of the hub": lambda folder: hub_files.write_private(folder / "file", "text"),
    "a file that the hub makes once": lambda folder: hub_files.write_once(folder / "file", "text"),
}


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the disk, in order."""
    asked: list[str] = []
    fsync = os.fsync

    def synced(handle: int) -> None:
        is_folder = Path(f"/proc/self/fd/{handle}").resolve().is_dir()
        asked.append("folder synced" if is_folder else "file synced")
        fsync(handle)

    def noting(give: Callable[..., object]) -> Callable[..., object]:
        def named(*args: object) -> object:
            asked.append("named")
            return give(*args)

        return named

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(clips, "fsync", synced)
    monkeypatch.setattr(os, "link", noting(os.link))
    for name in ("replace", "rename"):
        monkeypatch.setattr(Path, name, noting(getattr(Path, name)))
    return asked


@pytest.mark.parametrize("way", WAYS)
def test_it_gets_its_name_once_the_disk_has_it_and_then_the_disk_has_its_name(
    way: str, done: list[str], tmp_path: Path
) -> None:
    WAYS[way](tmp_path)
    assert done == ["file synced", "named", "folder synced"]


def test_what_a_node_calls_recorded_is_on_the_disk(tmp_path: Path) -> None:
    file = LedgerFile.open(tmp_path / "ledger.db", schema=(), version=1)
    assert file.rows("PRAGMA synchronous") == [(FULL,)]
    assert file.rows("PRAGMA journal_mode") == [("wal",)]
    file.close()


def test_what_the_hub_calls_stored_is_on_the_disk(tmp_path: Path) -> None:
    store = Store(tmp_path / "hub.db")
    try:
        assert store.write(lambda db: db.execute("PRAGMA synchronous").fetchone()) == (FULL,)
        assert store.write(lambda db: db.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
    finally:
        store.close()
