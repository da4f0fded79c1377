import pytest

from hub.ticker import Job, Ticker


class Clocks:
    """A wall clock and a steady one that a test moves."""

    def __init__(self) -> None:
        self.wall_s = 1_800_000_000.0
        self.steady_s = 1000.0

    def wall(self) -> float:
        return self.wall_s

    def steady(self) -> float:
        return self.steady_s


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def ticker_of(clocks: Clocks, *jobs: Job) -> Ticker:
    return Ticker(jobs, wall_s=clocks.wall, steady_s=clocks.steady)


def test_a_job_is_not_due_at_once(clocks: Clocks) -> None:
    ran: list[str] = []
    ticker_of(clocks, Job("count", 3600, lambda: ran.append("count"))).step()
    assert ran == []


@pytest.mark.parametrize("jump_s", [-86_400, 86_400])
def test_every_job_runs_after_the_wall_clock_jumped(clocks: Clocks, jump_s: float) -> None:
    ran: list[str] = []
    ticker = ticker_of(clocks, Job("count", 3600, lambda: ran.append("count")))
    clocks.wall_s += jump_s
    ticker.step()
    ticker.step()
    assert ran == ["count"]


def test_time_that_passes_is_no_jump(clocks: Clocks) -> None:
    ran: list[str] = []
    ticker = ticker_of(clocks, Job("count", 7200, lambda: ran.append("count")))
    clocks.wall_s += 3600
    clocks.steady_s += 3600
    ticker.step()
    assert ran == []


def test_a_failing_job_keeps_no_other_from_running(clocks: Clocks) -> None:
    ran: list[str] = []

    def fail() -> None:
        raise ValueError("no")

    ticker = ticker_of(clocks, Job("fail", 60, fail), Job("count", 60, lambda: ran.append("count")))
    clocks.wall_s += 100
    ticker.step()
    assert ran == ["count"]
