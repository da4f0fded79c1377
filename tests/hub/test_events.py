import pytest

from hub import events
from hub.events import Event, Events, TooManyReaders


def test_every_reader_hears() -> None:
    bus = Events()
    readers = [bus.subscribe() for _ in range(3)]
    bus.publish("plays", "o1@to-2-loa-1")
    assert [reader.take() for reader in readers] == [[Event("plays", "o1@to-2-loa-1")]] * 3


def test_a_reader_is_woken() -> None:
    bus, woken = Events(), []
    bus.subscribe(lambda: woken.append(1))
    bus.publish("nodes")
    assert woken == [1]


def test_the_same_event_is_taken_once() -> None:
    bus = Events()
    reader = bus.subscribe()
    for _ in range(5):
        bus.publish("nodes", "n1")
    assert reader.take() == [Event("nodes", "n1")]


def test_what_was_taken_does_not_come_again() -> None:
    bus = Events()
    reader = bus.subscribe()
    bus.publish("nodes")
    reader.take()
    assert reader.take() == []


def test_a_slow_reader_loses_the_oldest() -> None:
    bus = Events()
    reader = bus.subscribe()
    for number in range(1000):
        bus.publish("plays", str(number))
    taken = reader.take()
    assert len(taken) < 100
    assert taken[-1] == Event("plays", "999")


def test_who_left_hears_nothing() -> None:
    bus = Events()
    reader = bus.subscribe()
    bus.unsubscribe(reader)
    bus.publish("plays")
    assert reader.take() == []
    assert bus.readers == 0


def test_readers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_MOST_READERS", 2)
    bus = Events()
    bus.subscribe()
    bus.subscribe()
    with pytest.raises(TooManyReaders):
        bus.subscribe()


def test_closing_ends_readers_present_and_future() -> None:
    bus = Events()
    present = bus.subscribe()
    bus.close()
    assert present.ended
    assert bus.subscribe().ended
