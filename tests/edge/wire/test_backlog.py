"""Who has much to say waits for room on the link."""

import threading

from edge.wire.backlog import Backlog


def with_messages(count: int) -> Backlog:
    backlog = Backlog()
    for _ in range(count):
        backlog.grew()
    return backlog


def test_there_is_room_for_a_hundred() -> None:
    assert with_messages(99).wait_for_room(0)
    assert not with_messages(100).wait_for_room(0)


def test_room_is_made_by_acknowledgements() -> None:
    backlog = with_messages(100)
    waiting = threading.Thread(target=backlog.wait_for_room, args=(30,))
    waiting.start()
    for _ in range(50):
        backlog.shrank()
    waiting.join(60)
    assert not waiting.is_alive()


def test_nobody_waits_for_a_connection_that_is_over() -> None:
    backlog = with_messages(1000)
    backlog.end()
    assert backlog.wait_for_room(0)
