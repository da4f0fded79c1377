"""Who was turned away at the broker's door, as mosquitto 2.0.11 logs it."""

import pytest

from hub.broker_knocks import Knocks

BEGAN = "New connection from 192.0.2.7:47284 on port 8883."
OTHER = "New connection from 192.0.2.8:50000 on port 8883."
CAME_IN = "New client connected from 192.0.2.7:47284 as loa-1 (p2, c1, k60, u'loa-1')."
NO_CERTIFICATE = "OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate"
NOT_HELD = "OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed"


@pytest.fixture
def knocks() -> Knocks:
    return Knocks(port=8883)


def told(knocks: Knocks, *lines: str) -> list[str]:
    return [stranger for line in lines if (stranger := knocks.stranger_in(line)) is not None]


def test_who_brings_no_certificate_is_told_with_the_address(knocks: Knocks) -> None:
    assert told(knocks, BEGAN, NO_CERTIFICATE) == ["192.0.2.7: peer did not return a certificate"]


def test_a_certificate_that_does_not_hold_is_told(knocks: Knocks) -> None:
    [stranger] = told(knocks, BEGAN, NOT_HELD)
    assert stranger.startswith("192.0.2.7: certificate verify failed")


def test_who_came_in_is_not_taken_for_who_was_turned_away(knocks: Knocks) -> None:
    [stranger] = told(knocks, BEGAN, OTHER, CAME_IN, NOT_HELD)
    assert stranger.startswith("192.0.2.8: ")


def test_two_that_may_have_been_it_are_both_named(knocks: Knocks) -> None:
    [stranger] = told(knocks, BEGAN, OTHER, NOT_HELD)
    assert stranger.startswith("192.0.2.7 / 192.0.2.8: ")


def test_the_listener_of_the_hub_itself_is_no_door(knocks: Knocks) -> None:
    [stranger] = told(knocks, BEGAN.replace("8883", "18830"), NOT_HELD)
    assert stranger.startswith("?: ")


def test_who_speaks_no_tls_is_told(knocks: Knocks) -> None:
    line = "Client connection from 192.0.2.9 failed: error:0A00010B:SSL routines::wrong version number."
    assert told(knocks, line) == ["192.0.2.9: wrong version number"]


def test_a_crowd_takes_no_memory(knocks: Knocks) -> None:
    crowd = [f"New connection from 192.0.2.{n % 256}:{n} on port 8883." for n in range(10_000)]
    [stranger] = told(knocks, *crowd, NOT_HELD)
    assert len(stranger) < 500


def test_a_line_that_broke_is_no_stranger(knocks: Knocks) -> None:
    line = "OpenSSL Error[0]: error:0A000126:SSL routines::unexpected eof while reading"
    assert told(knocks, BEGAN, line) == []
