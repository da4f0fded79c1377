from datetime import timedelta
from pathlib import Path

import numpy as np

from edge.speaker.kept import SoundRing, kept_sounds, sound_of
from tests.factories_sound import read_sound
from tests.fakes_sound import NOON

SECOND = np.zeros(48_000, np.float32)
SECOND_BYTES = 96_000


def keep(ring: SoundRing, play_id: str, *, minute: int = 0, seconds: int = 1) -> None:
    with ring.begin(play_id, NOON + timedelta(minutes=minute)) as wav:
        for _ in range(seconds):
            ring.keep(wav, SECOND)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def test_a_sound_is_found_by_its_play_with_its_first_instant_to_the_microsecond(tmp_path: Path) -> None:
    first = NOON + timedelta(microseconds=123_457)
    with SoundRing(tmp_path, limit_bytes=10**6).begin("play-7", first) as wav:
        wav.append(SECOND)
    found = sound_of(tmp_path, "play-7")
    assert found is not None
    assert (found.path, found.first_sample) == (wav.path, first)


def test_a_play_begun_again_gives_its_last_sound(tmp_path: Path) -> None:
    ring = SoundRing(tmp_path, limit_bytes=10**6)
    keep(ring, "p", minute=5)
    keep(ring, "p", minute=1)
    found = sound_of(tmp_path, "p")
    assert found is not None
    assert found.first_sample == NOON + timedelta(minutes=5)


def test_an_unknown_play_has_no_sound(tmp_path: Path) -> None:
    keep(SoundRing(tmp_path, limit_bytes=10**6), "play-70")
    assert sound_of(tmp_path, "play-7") is None


def test_the_oldest_sounds_make_room_for_new_ones(tmp_path: Path) -> None:
    ring = SoundRing(tmp_path, limit_bytes=3 * SECOND_BYTES + 200)
    for minute in range(5):
        keep(ring, f"p{minute}", minute=minute)
    assert [sound.play_id for sound in kept_sounds(tmp_path)] == ["p2", "p3", "p4"]


def test_the_folder_never_outgrows_its_limit(tmp_path: Path) -> None:
    ring = SoundRing(tmp_path, limit_bytes=250_000)
    for minute in range(6):
        keep(ring, f"p{minute}", minute=minute, seconds=minute)
        assert size_of(tmp_path) <= 250_000


def test_the_beginning_is_kept_of_a_sound_longer_than_the_ring(tmp_path: Path) -> None:
    ring = SoundRing(tmp_path, limit_bytes=2 * SECOND_BYTES + 100)
    keep(ring, "long", seconds=5)
    found = sound_of(tmp_path, "long")
    assert found is not None
    assert len(read_sound(found.path)) == 2 * 48_000


def test_what_an_earlier_run_left_counts_against_the_limit(tmp_path: Path) -> None:
    keep(SoundRing(tmp_path, limit_bytes=10**6), "old", seconds=3)
    keep(SoundRing(tmp_path, limit_bytes=300_000), "new", minute=1)
    assert [sound.play_id for sound in kept_sounds(tmp_path)] == ["new"]


def test_files_of_other_names_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.wav").write_bytes(b"mine")
    ring = SoundRing(tmp_path, limit_bytes=SECOND_BYTES + 100)
    keep(ring, "a")
    keep(ring, "b", minute=1)
    assert (tmp_path / "notes.wav").exists()
