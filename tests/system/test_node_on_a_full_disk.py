"""A card that fills up while a recording comes: told, nothing half kept, what is held plays."""

import errno
import hashlib
import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from edge.wire.entries import Fault, Outcome, Reason
from tests import factories as make
from tests.small_disk import by_root, fill, small_disk
from tests.system.media_rig import DATA, DUE_S, SHA, MediaServer, Station, Way, answer, well

NEXT = DATA[::-1]
NEXT_SHA = hashlib.sha256(NEXT).hexdigest()
ROOM = 100_000


@contextmanager
def no_file_beyond(count: int) -> Iterator[None]:
    """What the system refuses to write here fails as on a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def station(media_server: MediaServer, tmp_path: Path) -> Iterator[Station]:
    """It holds a recording, and the plan wants a second one a minute later."""
    station = Station(tmp_path / "node", media_server.url)
    station.try_once()
    want_another(station)
    media_server.ways = [well(NEXT)]
    yield station
    station.close()


def want_another(station: Station) -> None:
    due = make.NOW + timedelta(seconds=DUE_S)
    items = [("o-1", SHA, due), ("o-2", NEXT_SHA, due + timedelta(seconds=30))]
    station.village.plan(
        version=make.VERSION + 1,
        recordings=tuple(make.recording(sha256=sha256, bytes=len(DATA)) for _, sha256, _ in items),
        occurrences=tuple(
            make.occurrence(id=name, recordings=(sha256,), due_at=due_at) for name, sha256, due_at in items
        ),
    )
    station.clips.want(station.village.clips.wanted)


def test_a_disk_that_fills_up_is_told_as_such(station: Station) -> None:
    with no_file_beyond(ROOM):
        station.clips.step()
    station.village.run(0)
    assert station.faults() == ["disk"]


def test_nothing_half_is_kept_on_a_disk_that_filled_up(station: Station) -> None:
    with no_file_beyond(ROOM):
        station.clips.step()
    assert [path.name for path in station.folder.iterdir()] == [f"{SHA}.opus"]


def test_what_is_held_plays_on_a_full_disk(station: Station) -> None:
    with no_file_beyond(ROOM):
        station.clips.step()
    assert station.outcomes() == [(Outcome.PLAYED, None), (Outcome.FAILED, Reason.NOT_CACHED)]


def test_once_there_is_room_it_is_fetched_and_the_fault_ends(station: Station) -> None:
    with no_file_beyond(ROOM):
        station.clips.step()
    station.try_again()
    assert station.faults() == ["disk", "-disk"]
    assert station.outcomes() == [(Outcome.PLAYED, None), (Outcome.PLAYED, None)]


def filling(disk: Path) -> Way:
    """Half the recording comes, then something else takes the rest of the disk."""

    def way(peer: socket.socket, start: int) -> None:
        peer.sendall(answer(start))
        peer.sendall(NEXT[start:ROOM])
        fill(disk)
        peer.sendall(NEXT[ROOM:])

    return way


@pytest.mark.long
@by_root
def test_a_disk_that_is_truly_full_is_told_and_leaves_nothing_half(
    media_server: MediaServer, station: Station
) -> None:
    held = (station.folder / f"{SHA}.opus").read_bytes()
    with small_disk(station.folder, size="36m") as disk:
        (disk / f"{SHA}.opus").write_bytes(held)
        media_server.ways = [filling(disk)]
        station.try_once()
        (fault,) = station.village.entries(Fault)
        assert isinstance(fault, Fault)
        assert (fault.name, os.strerror(errno.ENOSPC) in fault.detail) == ("disk", True)
        assert not list(disk.glob("*.part"))
        assert station.held == held
