"""Downloads that tear, lie or never end, over real sockets: never played, fetched again, told."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from edge import door
from edge.wire.entries import Outcome, Reason
from edge.wire.messages import Health
from tests.system.media_rig import (
    DATA,
    SHA,
    MediaServer,
    Station,
    Way,
    closing_after,
    dripping,
    ignoring_ranges,
    lying_of_ranges,
    resetting_after,
    silent_after,
    well,
)

HALF = len(DATA) // 2
WRONG = b"OggS" + b"\x00" * (len(DATA) - 4)
TEARS = [closing_after(HALF), resetting_after(HALF)]


@pytest.fixture
def station(media_server: MediaServer, tmp_path: Path) -> Iterator[Station]:
    station = Station(tmp_path / "node", media_server.url)
    yield station
    station.close()


def missing(station: Station) -> tuple[str, ...]:
    """The recordings that the node's own readings say it lacks."""
    station.village.connect()
    return Health.decode(station.village.link.payloads("health")[-1]).missing


@pytest.mark.parametrize("way", TEARS)
def test_what_is_torn_is_not_held(media_server: MediaServer, station: Station, way: Way) -> None:
    media_server.ways = [way]
    station.try_once()
    assert station.held is None
    assert DATA.startswith(station.part or b"?")


@pytest.mark.parametrize("way", TEARS)
def test_what_stays_torn_never_sounds_and_that_is_told(
    media_server: MediaServer, station: Station, way: Way
) -> None:
    media_server.ways = [way, closing_after(10)]
    station.try_once()
    station.try_again()
    assert missing(station) == (SHA,)
    assert station.outcome() == (Outcome.FAILED, Reason.NOT_CACHED)
    assert station.village.stage.acts == []


@pytest.mark.parametrize("way", TEARS)
def test_what_is_torn_is_fetched_from_there_on_and_sounds(
    media_server: MediaServer, station: Station, way: Way
) -> None:
    media_server.ways = [way, well()]
    station.try_once()
    so_far = len(station.part or b"")
    station.try_again()
    assert media_server.asked == [0, so_far]
    assert station.held == DATA
    assert station.outcome() == (Outcome.PLAYED, None)


def test_wrong_bytes_of_the_right_length_are_told_and_never_sound(
    media_server: MediaServer, station: Station
) -> None:
    media_server.ways = [well(WRONG)]
    station.try_once()
    assert (station.held, station.part) == (None, None)
    assert station.faults() == ["recordings"]
    assert station.outcome() == (Outcome.FAILED, Reason.NOT_CACHED)


def test_wrong_bytes_are_fetched_again_and_the_fault_ends(
    media_server: MediaServer, station: Station
) -> None:
    media_server.ways = [well(WRONG), well()]
    station.try_once()
    station.try_again()
    assert media_server.asked == [0, 0]
    assert station.held == DATA
    assert station.faults() == ["recordings", "-recordings"]
    assert station.outcome() == (Outcome.PLAYED, None)


def test_wrong_bytes_behind_a_good_half_are_fetched_from_the_beginning(
    media_server: MediaServer, station: Station
) -> None:
    media_server.ways = [closing_after(HALF), well(WRONG), well()]
    station.try_once()
    station.try_again()
    assert station.held is None
    station.try_again()
    assert media_server.asked == [0, HALF, 0]
    assert station.held == DATA


def test_a_range_that_is_ignored_does_no_harm(media_server: MediaServer, station: Station) -> None:
    media_server.ways = [closing_after(HALF), ignoring_ranges]
    station.try_once()
    station.try_again()
    assert media_server.asked == [0, HALF]
    assert station.held == DATA


def test_a_range_that_is_a_lie_is_found_out_and_fetched_anew(
    media_server: MediaServer, station: Station
) -> None:
    media_server.ways = [closing_after(HALF), lying_of_ranges, well()]
    station.try_once()
    station.try_again()
    assert station.held is None
    assert station.faults() == ["recordings"]
    station.try_again()
    assert station.held == DATA


def test_a_drip_holds_up_nothing_for_longer_than_a_quarter_of_an_hour(
    media_server: MediaServer, station: Station
) -> None:
    began_s = station.steady.monotonic()
    media_server.ways = [dripping(lambda: station.steady.advance(10)), well()]
    station.try_once()
    dripped = station.part or b"?"
    assert station.held is None
    assert DATA.startswith(dripped)
    assert len(dripped) < len(DATA)
    assert station.steady.monotonic() - began_s > 900
    station.try_again()
    assert media_server.asked == [0, len(dripped)]
    assert station.held == DATA


def test_a_hub_that_falls_silent_is_left_and_asked_again(
    media_server: MediaServer, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    media_server.ways = [silent_after(HALF, over), well()]
    with monkeypatch.context() as hasty:
        hasty.setattr(door, "_TIMEOUT", httpx.Timeout(1.0))
        station.try_once()
        station.hang_up()
    over.set()
    assert (station.held, station.part) == (None, DATA[:HALF])
    station.try_again()
    assert station.held == DATA


def test_a_recording_of_another_length_is_told(media_server: MediaServer, station: Station) -> None:
    media_server.ways = [well(DATA + b"more")]
    station.try_once()
    assert station.held is None
    assert station.faults() == ["recordings"]
