"""How a camera stood, and how it stands."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.store.cameras import CameraState, Change
from hub.store.nodes import Report
from hub.watch import Span, now_of, spans, uptime
from tests.factories_hub import report

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def said(verdict: str = "ok", *, ago: timedelta = timedelta(minutes=5)) -> CameraState:
    at = NOON - ago
    return CameraState(node="q", camera="c", verdict=verdict, since=at, at=at, frames=9)


def counter(*, here: bool = True, since: datetime = NOON - 3 * HOUR) -> Report:
    return report(here=here, heard_at=NOON, since=since)


def test_a_watched_camera_is_as_it_was_said() -> None:
    assert (now_of(said("frozen"), counter(), NOON).verdict, now_of(said(), counter(), NOON).why) == (
        "frozen",
        "",
    )


def test_a_camera_is_unknown_since_its_counter_went() -> None:
    found = now_of(said("ok", ago=HOUR), counter(here=False, since=NOON - HOUR / 2), NOON)
    assert (found.verdict, found.since, found.why) == ("unknown", NOON - HOUR / 2, "counter_away")


def test_a_camera_of_a_counter_never_heard_is_unknown() -> None:
    assert now_of(said(), None, NOON).verdict == "unknown"


def test_a_camera_that_nobody_speaks_of_is_unknown_though_the_counter_is_here() -> None:
    found = now_of(said(ago=3 * HOUR), counter(), NOON)
    assert (found.verdict, found.why) == ("unknown", "silent")


def test_nothing_is_known_before_the_first_word() -> None:
    found = spans([Change(NOON, "ok")], start=NOON - HOUR, end=NOON + HOUR)
    assert found == (Span(NOON - HOUR, NOON, "unknown"), Span(NOON, NOON + HOUR, "ok"))


def test_what_was_in_force_before_goes_on() -> None:
    found = spans([Change(NOON - 9 * HOUR, "ok")], start=NOON, end=NOON + HOUR)
    assert found == (Span(NOON, NOON + HOUR, "ok"),)


def test_the_same_verdict_twice_is_one_span() -> None:
    found = spans([Change(NOON, "ok"), Change(NOON + HOUR, "ok")], start=NOON, end=NOON + 2 * HOUR)
    assert len(found) == 1


def test_what_comes_after_the_end_is_not_there() -> None:
    assert len(spans([Change(NOON, "ok"), Change(NOON + HOUR, "dark")], start=NOON, end=NOON + HOUR)) == 1


@pytest.mark.parametrize("end", [NOON, NOON - HOUR])
def test_no_time_has_no_spans(end: datetime) -> None:
    assert spans([Change(NOON, "ok")], start=NOON, end=end) == ()


def test_uptime_is_of_the_known_time() -> None:
    found = uptime(
        [
            Span(NOON, NOON + HOUR, "unknown"),
            Span(NOON, NOON + 3 * HOUR, "ok"),
            Span(NOON, NOON + HOUR, "dark"),
        ]
    )
    assert (found.share, found.unknown) == (0.75, HOUR)


def test_nothing_known_has_no_share() -> None:
    assert uptime([Span(NOON, NOON + HOUR, "unknown")]).share is None
