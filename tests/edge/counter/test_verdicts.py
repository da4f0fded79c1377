import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.counter.verdicts import HEIGHT, MISSES, REPEAT_S, WIDTH, Frames, Look, Watch, frames_of, look_at
from edge.wire.entries import CameraVerdict

RNG = np.random.default_rng(1)
ROOM: Frames = RNG.integers(60, 200, (HEIGHT, WIDTH), dtype=np.uint8)
OK = Look(frames=20, brightness=0.5, change=0.2, contrast=0.2)
DARK = Look(frames=20, brightness=0.01, change=0.2, contrast=0.001)


def film(*frames: Frames) -> Frames:
    return np.stack(frames)


def with_clock(second: int) -> Frames:
    """The same room, with a small clock drawn into a corner."""
    frame = ROOM.copy()
    frame[:3, :8] = 40 * second
    return frame


def test_a_living_picture_is_ok() -> None:
    frames = film(*(with_clock(second) for second in range(6)))
    assert look_at(frames, before=None).verdict is CameraVerdict.OK


def test_a_picture_that_never_changes_is_frozen() -> None:
    assert look_at(film(*[ROOM] * 20), before=ROOM).verdict is CameraVerdict.FROZEN


def test_what_changed_since_the_look_before_is_life() -> None:
    assert look_at(film(*[ROOM] * 20), before=with_clock(5)).verdict is CameraVerdict.OK


def test_the_noise_of_encoding_is_no_life() -> None:
    noisy = [ROOM + RNG.integers(0, 2, ROOM.shape, dtype=np.uint8) for _ in range(20)]
    assert look_at(film(*noisy), before=None).verdict is CameraVerdict.FROZEN


def test_black_is_dark() -> None:
    black = np.zeros((20, HEIGHT, WIDTH), np.uint8)
    assert look_at(black, before=None).verdict is CameraVerdict.DARK


def test_a_covered_lens_is_dark_however_bright() -> None:
    covered = np.full((20, HEIGHT, WIDTH), 120, np.uint8)
    assert look_at(covered, before=None).verdict is CameraVerdict.DARK


def test_a_lit_spot_in_a_dark_room_is_seen() -> None:
    frames = np.zeros((6, HEIGHT, WIDTH), np.uint8)
    for number in range(6):
        frames[number, 5:15, 5 * number : 5 * number + 12] = 250
    assert look_at(frames, before=None).verdict is CameraVerdict.OK


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_frames_are_degraded(count: int) -> None:
    assert look_at(np.stack([ROOM] * 5)[:count], before=None).verdict is CameraVerdict.DEGRADED


@given(st.binary(max_size=3 * WIDTH * HEIGHT + 7))
def test_any_bytes_are_numbers_from_0_to_1(raw: bytes) -> None:
    look = look_at(frames_of(raw), before=None)
    assert look.frames == len(raw) // (WIDTH * HEIGHT)
    assert all(0 <= number <= 1 for number in (look.brightness, look.change) if number is not None)


def watched(*looks: Look, watch: Watch | None = None) -> tuple[Watch, list[bool]]:
    watch, told = watch or Watch(), []
    for number, look in enumerate(looks):
        watch, is_told = watch.looked(look, now_s=60.0 * number)
        told.append(is_told)
    return watch, told


def test_one_good_look_is_believed_and_told() -> None:
    watch, told = watched(OK)
    assert (watch.verdict, told) == (CameraVerdict.OK, [True])


def test_three_misses_are_an_alarm_and_two_are_not() -> None:
    watch, told = watched(OK, *[DARK] * MISSES)
    assert (watch.verdict, told) == (CameraVerdict.DARK, [True, False, False, True])
    assert watched(OK, DARK, DARK)[0].verdict is CameraVerdict.OK


def test_a_good_look_between_misses_begins_the_count_again() -> None:
    assert watched(OK, DARK, DARK, OK, DARK, DARK)[0].verdict is CameraVerdict.OK


def test_misses_of_different_kinds_count_together() -> None:
    watch, _ = watched(OK, DARK, Look(problem="unreachable"), Look())
    assert watch.verdict is CameraVerdict.DEGRADED


def test_a_refused_password_is_believed_at_once() -> None:
    watch, told = watched(OK, Look(problem="auth_failed"))
    assert (watch.verdict, told) == (CameraVerdict.AUTH_FAILED, [True, True])


def test_a_verdict_that_lasts_is_told_every_hour() -> None:
    looks = [OK] * (round(REPEAT_S / 60) + 1)
    assert watched(*looks)[1].count(True) == 2
