"""The ring of sounds: the newest stay, the oldest give way."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.errors import Invalid, NotFound
from hub.sounds import Sounds, node_of_play

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def sounds(tmp_path: Path) -> Sounds:
    return Sounds(folder=tmp_path, limit_bytes=400, total_bytes=1000, reserve_bytes=0)


def put(sounds: Sounds, play: str, *, age_s: int = 0) -> None:
    with sounds.new_upload() as upload:
        upload.write(b"RIFF" + b"x" * 296)
        sounds.put(play, first_sample=AT, upload=upload)
    path = sounds.path_of(play)
    assert path is not None
    os.utime(path, (AT.timestamp() - age_s, AT.timestamp() - age_s))


def test_the_oldest_give_way_to_the_newest(sounds: Sounds) -> None:
    for number in range(4):
        put(sounds, f"occurrence{number}@loa-1", age_s=100 - number)
    put(sounds, "occurrence4@loa-1")
    kept = [number for number in range(5) if sounds.path_of(f"occurrence{number}@loa-1")]
    assert kept == [2, 3, 4]


def test_a_play_whose_id_begins_alike_is_another(sounds: Sounds) -> None:
    put(sounds, "a@loa-1")
    assert sounds.path_of("a@loa-10") is None
    assert sounds.path_of("a@loa-1") is not None


def test_the_plays_that_have_a_sound_are_listed(sounds: Sounds) -> None:
    put(sounds, "a@loa-1")
    put(sounds, "b@loa-2")
    assert sounds.kept() == {"a@loa-1", "b@loa-2"}


def test_a_play_without_sound_is_said(sounds: Sounds) -> None:
    with pytest.raises(NotFound, match="sound_unknown"):
        sounds.first_sample_of("a@loa-1")


@pytest.mark.parametrize("play", ["", "a", "@loa-1", "a@", "../a@loa-1", "a*@loa-1", "a@LOA", "a@b\n"])
def test_only_an_occurrence_at_a_node_is_a_play(sounds: Sounds, play: str) -> None:
    with pytest.raises(Invalid, match="play_id_wrong"):
        node_of_play(play)
    assert sounds.path_of(play) is None
