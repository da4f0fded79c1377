import numpy as np
import pytest

from edge.speaker.stretch import Stretch
from tests.factories_sound import noise, tone

BLOCK = 700


class Tape:
    """A source that counts what was taken of it."""

    def __init__(self, samples: np.ndarray) -> None:
        self._samples = samples
        self.taken = 0

    def __call__(self, out: np.ndarray) -> int:
        piece = self._samples[self.taken : self.taken + len(out)]
        out[: len(piece)], out[len(piece) :] = piece, 0
        self.taken += len(piece)
        return len(piece)


def rendered(stretch: Stretch, *, blocks: int | None = None) -> np.ndarray:
    pieces: list[np.ndarray] = []
    while blocks is None or len(pieces) < blocks:
        out = np.full(BLOCK, np.nan, np.float32)
        count = stretch.render(out)
        assert not out[count:].any()
        pieces.append(out[:count])
        if count < BLOCK:
            break
    return np.concatenate(pieces)


def test_at_a_ratio_of_one_every_sample_passes_unchanged() -> None:
    samples = noise(0.5)
    assert np.array_equal(rendered(Stretch(Tape(samples))), samples)


@pytest.mark.parametrize("ppm", [-500, -37, 100, 500])
def test_a_tone_keeps_its_shape_and_changes_its_speed_only(ppm: float) -> None:
    stretch = Stretch(Tape(tone(1, hz=3000)))
    stretch.ratio = 1 + ppm / 1e6
    found = rendered(stretch, blocks=60)
    ideal = 0.5 * np.sin(2 * np.pi * 3000 * np.arange(len(found)) * stretch.ratio / 48_000)
    assert np.abs(found - ideal)[100:].max() < 0.0005


@pytest.mark.parametrize("ppm", [-500, 500])
def test_the_length_follows_the_ratio(ppm: float) -> None:
    stretch = Stretch(Tape(noise(2)))
    stretch.ratio = 1 + ppm / 1e6
    assert len(rendered(stretch)) == pytest.approx(96_000 / stretch.ratio, abs=1)


def test_a_change_of_ratio_makes_no_jump() -> None:
    stretch = Stretch(Tape(tone(1, hz=100)))
    pieces: list[np.ndarray] = []
    for ppm in (0, 500, -500, 200, 0, -100):
        stretch.ratio = 1 + ppm / 1e6
        pieces.append(rendered(stretch, blocks=3))
    assert np.abs(np.diff(np.concatenate(pieces))).max() < 0.5 * 2 * np.pi * 100 / 48_000 * 1.01


def test_what_is_skipped_is_left_out() -> None:
    samples = noise(1)
    stretch = Stretch(Tape(samples))
    first = rendered(stretch, blocks=2)
    stretch.skip(5000)
    then = rendered(stretch)
    assert np.array_equal(np.concatenate([first, then]), np.delete(samples, np.s_[1400:6400]))


def test_skipping_past_the_end_ends_it() -> None:
    stretch = Stretch(Tape(noise(0.1)))
    stretch.skip(1_000_000)
    assert len(rendered(stretch)) == 0


def test_little_more_is_held_than_a_block() -> None:
    tape = Tape(noise(2))
    stretch = Stretch(tape)
    rendered(stretch, blocks=10)
    assert tape.taken <= 10 * BLOCK + 16
