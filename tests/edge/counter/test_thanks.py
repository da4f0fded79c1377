import pytest

from edge.counter.thanks import Thanks
from edge.pins import PinError
from tests.fakes_counter import FakeSwitch


@pytest.fixture
def lamp() -> FakeSwitch:
    return FakeSwitch()


@pytest.fixture
def sound() -> FakeSwitch:
    return FakeSwitch()


@pytest.fixture
def thanks(lamp: FakeSwitch, sound: FakeSwitch) -> Thanks:
    return Thanks(lamp=lamp, sound=sound, lamp_s=1.5, sound_s=0.1)


def test_lamp_and_sound_begin_together(thanks: Thanks, lamp: FakeSwitch, sound: FakeSwitch) -> None:
    thanks.thank(10)
    assert (lamp.is_on, sound.is_on) == (True, True)


def test_each_ends_in_its_own_time(thanks: Thanks, lamp: FakeSwitch, sound: FakeSwitch) -> None:
    thanks.thank(10)
    assert thanks.tend(10.1) == pytest.approx(1.4)
    assert (lamp.is_on, sound.is_on) == (True, False)
    thanks.tend(11.5)
    assert not lamp.is_on


def test_thanks_again_last_longer(thanks: Thanks, lamp: FakeSwitch) -> None:
    thanks.thank(10)
    thanks.thank(11)
    thanks.tend(11.6)
    assert lamp.is_on


def test_at_the_end_everything_is_off(thanks: Thanks, lamp: FakeSwitch, sound: FakeSwitch) -> None:
    thanks.thank(10)
    thanks.stop()
    assert (lamp.is_on, sound.is_on) == (False, False)


def test_without_lamp_and_sound_there_is_nothing_to_do() -> None:
    thanks = Thanks(lamp=None, sound=None, lamp_s=1, sound_s=1)
    thanks.thank(10)
    assert thanks.tend(10) > 60


def test_a_pin_that_refuses_is_told(thanks: Thanks, lamp: FakeSwitch) -> None:
    lamp.refuses = True
    with pytest.raises(PinError):
        thanks.thank(10)
