import pytest

from edge.speaker.timeline import Timeline

BLOCK = 1200
BLOCK_S = BLOCK / 48_000


def told(
    timeline: Timeline, blocks: int, *, first_frame: int = 0, origin_s: float = 100.0, jitter_s: float = 0.0
) -> int:
    """A device that sounds sample 0 at ``origin_s`` tells of some blocks; returns the next frame."""
    for number in range(blocks):
        frame = first_frame + number * BLOCK
        leaves_s = origin_s + frame / 48_000 + jitter_s * (-1) ** number
        timeline.observe(frame, leaves_s=leaves_s, now_s=leaves_s - 0.1)
    return first_frame + blocks * BLOCK


def burst(timeline: Timeline) -> int:
    """The blocks asked for at once while the device fills its buffer."""
    for number in range(6):
        leaves_s = 98.0 + number * BLOCK_S
        timeline.observe(number * BLOCK, leaves_s=leaves_s, now_s=98.0 + number * 0.0001)
    return 6 * BLOCK


def test_nothing_is_settled_before_enough_blocks() -> None:
    timeline = Timeline()
    told(timeline, 5)
    assert not timeline.settled


def test_a_steady_device_settles_and_gives_each_sample_its_instant() -> None:
    timeline = Timeline()
    told(timeline, 8)
    assert timeline.settled
    assert timeline.instant_of(48_000) == pytest.approx(101.0)
    assert timeline.frame_at(102.0) == pytest.approx(96_000)


def test_the_burst_at_the_beginning_settles_nothing() -> None:
    timeline = Timeline()
    burst(timeline)
    assert not timeline.settled


def test_after_the_burst_only_the_true_instants_count() -> None:
    timeline = Timeline()
    told(timeline, 8, first_frame=burst(timeline))
    assert timeline.settled
    assert timeline.instant_of(0) == pytest.approx(100.0)


def test_small_disagreement_is_averaged_out() -> None:
    timeline = Timeline()
    told(timeline, 16, jitter_s=0.0005)
    assert timeline.settled
    assert timeline.instant_of(0) == pytest.approx(100.0, abs=0.0001)


def test_wild_disagreement_does_not_settle_soon() -> None:
    timeline = Timeline()
    told(timeline, 16, jitter_s=0.002)
    assert not timeline.settled


def test_wild_disagreement_is_not_waited_out_for_ever() -> None:
    timeline = Timeline()
    told(timeline, 70, jitter_s=0.002)
    assert timeline.settled
    assert timeline.instant_of(0) == pytest.approx(100.0, abs=0.003)


def test_a_few_stragglers_do_not_unsettle_it() -> None:
    timeline = Timeline()
    frame = told(timeline, 10)
    for _ in range(4):
        timeline.observe(frame, leaves_s=100.004 + frame / 48_000, now_s=99.9 + frame / 48_000)
        frame = told(timeline, 3, first_frame=frame + BLOCK)
    assert timeline.settled
    assert timeline.instant_of(0) == pytest.approx(100.0, abs=0.0001)


def test_one_stray_report_is_ignored() -> None:
    timeline = Timeline()
    frame = told(timeline, 10)
    timeline.observe(frame, leaves_s=105.0, now_s=104.9)
    assert timeline.settled
    assert timeline.instant_of(0) == pytest.approx(100.0)


def test_a_device_that_ran_dry_settles_anew() -> None:
    timeline = Timeline()
    frame = told(timeline, 10)
    frame = told(timeline, 3, first_frame=frame, origin_s=100.3)
    assert not timeline.settled
    told(timeline, 6, first_frame=frame, origin_s=100.3)
    assert timeline.settled
    assert timeline.instant_of(0) == pytest.approx(100.3)


def test_how_slow_a_device_is_shows_after_some_seconds() -> None:
    timeline = Timeline()
    for number in range(600):
        leaves_s = 100 + number * BLOCK_S * (1 + 100e-6)
        timeline.observe(number * BLOCK, leaves_s=leaves_s, now_s=leaves_s - 0.1)
    assert timeline.drift_ppm == pytest.approx(100, abs=0.1)
    assert timeline.instant_of(600 * BLOCK) == pytest.approx(100 + 15 * (1 + 100e-6), abs=1e-6)


def test_what_ran_dry_passes_for_no_drift() -> None:
    timeline = Timeline(drift_ppm=7)
    frame = told(timeline, 100)
    told(timeline, 600, first_frame=frame, origin_s=100.3)
    assert timeline.drift_ppm == pytest.approx(0, abs=0.1)


def test_of_a_device_known_for_its_drift_the_instants_are_right_from_the_start() -> None:
    timeline = Timeline(drift_ppm=100)
    for number in range(40):
        leaves_s = 100 + number * BLOCK_S * (1 + 100e-6)
        timeline.observe(number * BLOCK, leaves_s=leaves_s, now_s=leaves_s - 0.1)
    assert timeline.instant_of(40 * BLOCK) == pytest.approx(100 + 1 * (1 + 100e-6), abs=2e-6)


def test_a_slow_device_is_followed() -> None:
    timeline = Timeline()
    for number in range(4000):
        leaves_s = 100 + number * BLOCK_S * (1 + 100e-6)
        timeline.observe(number * BLOCK, leaves_s=leaves_s, now_s=leaves_s - 0.1)
    assert timeline.instant_of(4000 * BLOCK) == pytest.approx(100 + 100 * (1 + 100e-6), abs=0.0002)


def test_a_sound_server_that_was_held_up_bends_nothing() -> None:
    timeline = Timeline()
    frame = told(timeline, 15 * 40)
    frame = told(timeline, 6 * 40, first_frame=frame, origin_s=100.004)
    assert timeline.instant_of(frame) == pytest.approx(100 + frame / 48_000, abs=0.0001)
    assert timeline.drift_ppm == pytest.approx(0, abs=1)


def test_what_a_new_stream_says_of_itself_is_outlived() -> None:
    timeline = Timeline()
    frame = told(timeline, 9 * 40, origin_s=100.003)
    frame = told(timeline, 12 * 40, first_frame=frame)
    assert timeline.instant_of(frame) == pytest.approx(100 + frame / 48_000, abs=0.0001)
