import atexit
import threading
from collections.abc import Callable, Iterator

import pytest
from gpiozero.pins.mock import MockFactory

from edge.speaker.amplifier import Amplifier, GpioAmplifier, NoAmplifier
from edge.speaker.errors import AmplifierError
from tests.fakes_sound import FakePace, HeldPace

PIN = 17


class Handed:
    """The mock factory the amplifier makes for itself, within a test's reach."""

    def __init__(self) -> None:
        self.factory = MockFactory()

    @property
    def level(self) -> bool:
        return bool(self.factory.pin(f"GPIO{PIN}").state)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[Handed]:
    board = Handed()
    monkeypatch.setattr("gpiozero.pins.mock.MockFactory", lambda: board.factory)
    yield board
    board.factory.reset()


@pytest.fixture(params=["gpio", "none"])
def amplifier(request: pytest.FixtureRequest, board: Handed) -> Iterator[Amplifier]:
    amplifier: Amplifier = (
        GpioAmplifier(pin=PIN, pin_factory="mock") if request.param == "gpio" else NoAmplifier()
    )
    yield amplifier
    amplifier.close()


def test_power_is_off_at_first(amplifier: Amplifier) -> None:
    assert not amplifier.is_on


def test_power_goes_on_and_off_as_told(amplifier: Amplifier) -> None:
    amplifier.on()
    assert amplifier.is_on
    amplifier.off()
    assert not amplifier.is_on


def test_power_is_off_after_closing_even_twice(amplifier: Amplifier) -> None:
    amplifier.on()
    amplifier.close()
    amplifier.close()
    assert not amplifier.is_on


@pytest.mark.parametrize("active_high", [True, False])
def test_the_level_of_the_pin_follows_the_wiring(board: Handed, active_high: bool) -> None:
    amplifier = GpioAmplifier(pin=PIN, pin_factory="mock", active_high=active_high)
    assert board.level is not active_high
    amplifier.on()
    assert board.level is active_high
    amplifier.off()
    assert board.level is not active_high
    amplifier.close()


def test_a_closed_amplifier_refuses_to_go_on(board: Handed) -> None:
    amplifier = GpioAmplifier(pin=PIN, pin_factory="mock")
    amplifier.close()
    with pytest.raises(AmplifierError, match="let go"):
        amplifier.on()


def test_a_pin_factory_that_cannot_be_had_is_an_error_and_nothing_else_is_tried() -> None:
    with pytest.raises(AmplifierError, match="lgpio"):
        GpioAmplifier(pin=PIN, pin_factory="lgpio")


def test_a_pin_the_board_does_not_have_is_an_error(board: Handed) -> None:
    with pytest.raises(AmplifierError, match="pin 99"):
        GpioAmplifier(pin=99, pin_factory="mock")


def test_power_goes_off_when_the_program_ends(board: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[Callable[[], object]] = []
    monkeypatch.setattr(atexit, "register", at_exit.append)
    GpioAmplifier(pin=PIN, pin_factory="mock").on()
    for act in at_exit:
        act()
    assert not board.level


class Watch(HeldPace):
    """Lets the watchdog look exactly once for each :meth:`look`."""

    def __init__(self) -> None:
        super().__init__()
        self._looks = threading.Semaphore(0)
        self._looked = threading.Semaphore(0)
        self._first = True

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        if not self._first:
            self._looked.release()
        self._first = False
        self._looks.acquire()
        return event.is_set()

    def look(self) -> None:
        self._looks.release()
        assert self._looked.acquire(timeout=60)

    def let_go(self) -> None:
        self._looks.release()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def watched(board: Handed, watch: Watch) -> Iterator[GpioAmplifier]:
    amplifier = GpioAmplifier(pin=PIN, pin_factory="mock", watchdog_s=5, pace=watch)
    yield amplifier
    watch.let_go()
    amplifier.close()


def test_a_hungry_watchdog_takes_the_power_away(watched: GpioAmplifier, watch: Watch) -> None:
    watched.on()
    watch.pass_by(5.1)
    watch.look()
    assert not watched.is_on


def test_the_watchdog_outlives_a_pin_that_cannot_be_read(
    watched: GpioAmplifier, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_amplifier: GpioAmplifier) -> bool:
        raise RuntimeError("lgpio")

    watched.on()
    watch.pass_by(60)
    with monkeypatch.context() as broken:
        broken.setattr(GpioAmplifier, "is_on", property(fail))
        watch.look()
    watch.look()
    assert not watched.is_on


def test_a_fed_watchdog_leaves_the_power_on(watched: GpioAmplifier, watch: Watch) -> None:
    watched.on()
    for _ in range(5):
        watch.pass_by(4)
        watched.feed()
        watch.look()
    assert watched.is_on


def test_the_program_may_switch_on_again_after_the_watchdog(watched: GpioAmplifier, watch: Watch) -> None:
    watched.on()
    watch.pass_by(60)
    watch.look()
    watched.on()
    watch.look()
    assert watched.is_on


def test_the_wall_clock_does_not_make_the_watchdog_hungry(watched: GpioAmplifier, watch: Watch) -> None:
    watched.on()
    FakePace.step_wall_clock(watch, 86_400)
    watch.look()
    assert watched.is_on
