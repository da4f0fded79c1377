from datetime import timedelta

import pytest

from edge.speaker.amplifier import NoAmplifier
from edge.speaker.errors import AmplifierError
from edge.speaker.output import Faulted, Finished, Started, Stopped
from edge.speaker.stage import TEND_AT_LEAST_EVERY_S, Powered, Stage
from edge.speaker.track import Track
from tests.fakes_sound import NOON, FakeOutput, FakePace, FakePerformance, Reports

SECOND = timedelta(seconds=1)
TRACK = Track(files=())


class Relay(NoAmplifier):
    """An amplifier with times of its own, which can be broken."""

    warm_up_s = 0.5
    hold_s = 2.0
    broken = False
    fed = 0

    def on(self) -> None:
        if self.broken:
            raise AmplifierError("relay stuck")
        super().on()

    def feed(self) -> None:
        self.fed += 1


class Scene:
    """A stage with everything around it."""

    def __init__(self) -> None:
        self.pace = FakePace()
        self.relay = Relay()
        self.output = FakeOutput()
        self.power: list[Powered] = []
        self.reports = Reports()
        self.stage = Stage(self.output, self.relay, on_power=self.power.append, pace=self.pace)

    def arm(self, *, in_s: float, play_id: str = "p1") -> FakePerformance:
        due = NOON + in_s * SECOND
        self.stage.arm(TRACK, play_id=play_id, due=due, report=self.reports)
        return self.output.armed[-1]

    def pass_by(self, seconds: float) -> None:
        self.pace.pass_by(seconds)
        self.stage.tend()


@pytest.fixture
def scene() -> Scene:
    return Scene()


def finished(scene: Scene) -> Finished:
    return Finished(at=scene.pace.utc(), played_ms=1000)


def test_power_comes_a_warm_up_before_the_sound(scene: Scene) -> None:
    scene.arm(in_s=10)
    scene.pass_by(9.4)
    assert not scene.relay.is_on
    scene.pass_by(0.1)
    assert scene.relay.is_on


def test_power_is_held_after_the_sound_and_then_goes(scene: Scene) -> None:
    performance = scene.arm(in_s=0.5)
    scene.pass_by(3)
    performance.hear(finished(scene))
    scene.pass_by(1.9)
    assert scene.relay.is_on
    scene.pass_by(0.2)
    assert not scene.relay.is_on


def test_each_switch_is_told_with_the_play_it_was_for(scene: Scene) -> None:
    performance = scene.arm(in_s=0.5, play_id="p7")
    performance.hear(finished(scene))
    scene.pass_by(2.5)
    assert scene.power == [
        Powered(on=True, at=NOON, play_id="p7"),
        Powered(on=False, at=NOON + 2.5 * SECOND, play_id="p7"),
    ]


def test_it_says_how_soon_it_wants_to_be_called(scene: Scene) -> None:
    scene.arm(in_s=1.2)
    assert scene.stage.tend() == pytest.approx(0.7)


def test_it_wants_to_be_called_now_and_then_in_any_case(scene: Scene) -> None:
    scene.arm(in_s=3600)
    assert scene.stage.tend() == TEND_AT_LEAST_EVERY_S


def test_the_end_of_the_hold_is_called_for(scene: Scene) -> None:
    performance = scene.arm(in_s=0.5)
    scene.pass_by(3)
    performance.hear(finished(scene))
    scene.pace.pass_by(1.5)
    assert scene.stage.tend() == pytest.approx(0.5)


def test_power_stays_between_two_plays_close_together(scene: Scene) -> None:
    first = scene.arm(in_s=0.5)
    scene.arm(in_s=6, play_id="p2")
    scene.pass_by(4)
    first.hear(finished(scene))
    scene.pass_by(1.6)
    scene.pass_by(10)
    assert scene.relay.is_on
    assert len(scene.power) == 1


def test_a_play_stopped_before_its_warm_up_never_gives_power(scene: Scene) -> None:
    performance = scene.arm(in_s=10)
    performance.hear(Stopped(at=scene.pace.utc(), played_ms=0))
    scene.pass_by(9.9)
    assert scene.power == []


def test_armed_too_late_for_the_warm_up_it_starts_after_it(scene: Scene) -> None:
    assert scene.arm(in_s=-3).due == NOON + 0.5 * SECOND
    assert scene.relay.is_on


def test_the_error_of_a_late_start_counts_from_the_true_due_instant(scene: Scene) -> None:
    performance = scene.arm(in_s=-3)
    performance.hear(Started(at=NOON + 0.5 * SECOND, error_ms=2))
    assert scene.reports.events == [Started(at=NOON + 0.5 * SECOND, error_ms=3502)]


def test_with_power_on_already_a_late_play_does_not_wait(scene: Scene) -> None:
    scene.arm(in_s=0.5)
    assert scene.arm(in_s=-3, play_id="p2").due == NOON


def test_an_amplifier_that_refuses_is_a_fault_of_the_play(scene: Scene) -> None:
    performance = scene.arm(in_s=10)
    scene.relay.broken = True
    scene.pass_by(9.6)
    (fault,) = scene.reports.events
    assert isinstance(fault, Faulted)
    assert (fault.reason, fault.detail) == ("amplifier", "relay stuck")
    assert performance.stopped


def test_after_its_fault_nothing_more_is_told_of_a_play(scene: Scene) -> None:
    scene.relay.broken = True
    performance = scene.arm(in_s=0)
    assert performance.stopped
    performance.hear(Started(at=NOON, error_ms=0))
    performance.hear(Stopped(at=NOON, played_ms=0))
    assert len(scene.reports.events) == 1


def test_power_lost_to_the_watchdog_comes_back_when_the_loop_does(scene: Scene) -> None:
    scene.arm(in_s=0.5)
    scene.relay.off()
    scene.pass_by(1)
    assert scene.relay.is_on


def test_a_clock_put_back_during_the_hold_does_not_keep_the_power(scene: Scene) -> None:
    performance = scene.arm(in_s=0.5)
    scene.pass_by(3)
    performance.hear(finished(scene))
    scene.pace.step_wall_clock(-3600)
    scene.pass_by(2.1)
    assert not scene.relay.is_on


def test_a_clock_put_back_after_the_warm_up_takes_the_power_away_again(scene: Scene) -> None:
    scene.arm(in_s=0.5)
    scene.pace.step_wall_clock(-3600)
    scene.pass_by(0.1)
    assert not scene.relay.is_on


def test_a_clock_put_back_during_the_sound_does_not_take_the_power_away(scene: Scene) -> None:
    performance = scene.arm(in_s=0.5)
    scene.pass_by(1)
    performance.hear(Started(at=NOON + 0.5 * SECOND, error_ms=0))
    scene.pace.step_wall_clock(-3600)
    scene.pass_by(1)
    assert scene.relay.is_on


def test_the_watchdog_is_fed_whenever_the_loop_comes_by(scene: Scene) -> None:
    scene.stage.tend()
    scene.stage.tend()
    assert scene.relay.fed == 2


def test_closing_closes_output_and_amplifier(scene: Scene) -> None:
    scene.arm(in_s=0.5)
    scene.stage.close()
    assert scene.output.closed
    assert not scene.relay.is_on
