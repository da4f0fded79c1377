"""How far a work has come, told as one share."""

import itertools
import time

import pytest

from audio.progress import Stages


@pytest.fixture
def _slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look at the clock finds a second gone by."""
    seconds = itertools.count(1.0)
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))


@pytest.mark.usefixtures("_slow_clock")
def test_a_stage_fills_its_part_of_the_whole() -> None:
    shares: list[float] = []
    tell = Stages(shares.append, length_s=10).at("encode")
    assert tell is not None
    tell(0)
    tell(5)
    tell(10)
    assert shares == pytest.approx([0.25, 0.55, 0.85])


@pytest.mark.usefixtures("_slow_clock")
def test_a_second_try_does_not_turn_back() -> None:
    shares: list[float] = []
    stages = Stages(shares.append, length_s=10)
    for stage in ("verify", "encode"):
        tell = stages.at(stage)
        assert tell is not None
        tell(5)
    assert shares[1] == shares[0]


@pytest.mark.usefixtures("_slow_clock")
def test_an_unknown_length_never_fills_its_stage() -> None:
    shares: list[float] = []
    tell = Stages(shares.append, length_s=None).at("measure")
    assert tell is not None
    tell(100_000)
    assert shares[0] < 0.25


def test_a_flood_of_reports_is_thinned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 5.0)
    shares: list[float] = []
    tell = Stages(shares.append, length_s=10).at("measure")
    assert tell is not None
    for reached_s in range(10):
        tell(reached_s)
    assert len(shares) == 1


def test_nobody_listening_costs_nothing() -> None:
    assert Stages(None, length_s=10).at("measure") is None
