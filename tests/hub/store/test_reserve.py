"""Room that is kept: taken as far as there is room, given up step by step."""

from pathlib import Path

import pytest

from hub.store.reserve import Reserve

KB = 1024
WHOLE = 1024 * KB
STEP = 400 * KB


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hub.db"


@pytest.fixture
def reserve(file: Path) -> Reserve:
    return Reserve(file, bytes_=WHOLE, step_bytes=STEP)


def kept(file: Path) -> int:
    """Bytes that the disk lacks for it."""
    found = file.with_name("hub.db-reserve").stat()
    return min(found.st_size, found.st_blocks * 512)


def test_what_is_taken_is_really_kept_from_others(reserve: Reserve, file: Path) -> None:
    assert reserve.take()
    assert kept(file) == WHOLE


def test_it_is_given_in_steps_to_the_last_byte(reserve: Reserve, file: Path) -> None:
    reserve.take()
    left = []
    while reserve.give():
        left.append(kept(file))
    assert left == [624 * KB, 224 * KB, 0]


def test_none_is_given_where_none_was_taken(reserve: Reserve) -> None:
    assert not reserve.give()


def test_it_is_not_whole_until_taken_again(reserve: Reserve) -> None:
    reserve.take()
    reserve.give()
    assert not reserve.is_whole
    assert reserve.take()


def test_as_much_is_lent_as_was_asked_for(reserve: Reserve, file: Path) -> None:
    reserve.take()
    assert reserve.lend(64 * KB)
    assert kept(file) == WHOLE - 64 * KB


def test_the_last_step_is_not_lent(reserve: Reserve, file: Path) -> None:
    reserve.take()
    assert not reserve.lend(WHOLE - STEP + 1)
    assert kept(file) == WHOLE


def test_a_disk_with_room_is_not_full(reserve: Reserve) -> None:
    reserve.take()
    assert not reserve.is_disk_full


def test_nothing_is_given_to_begin_with_where_there_is_room(reserve: Reserve) -> None:
    reserve.take()
    reserve.make_room()
    assert reserve.is_whole
