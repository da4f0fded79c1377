import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge import clock as clock_module
from edge import clock_sources
from edge.clock import SystemClock, WallStep, make_source
from edge.clock_sources import AssumedTime, ChronyTime, TimesyncdTime
from edge.wire.base import ClockState
from tests import factories as make


class FakeSource:
    """A source that says what it is told to."""

    def __init__(self, bound_ms: float | None = 2.0) -> None:
        self.answer: float | OSError | None = bound_ms

    def bound_ms(self, wall: datetime) -> float | None:
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer


class FakeMachine:
    """Wall and monotonic clock, in place of the module's own reading of them."""

    def __init__(self) -> None:
        self.wall = make.NOW
        self.monotonic_s = 100.0

    def read(self) -> tuple[datetime, float]:
        return self.wall, self.monotonic_s

    def advance(self, seconds: float, *, step_s: float = 0.0) -> None:
        self.wall += timedelta(seconds=seconds + step_s)
        self.monotonic_s += seconds


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    fake = FakeMachine()
    monkeypatch.setattr(clock_module, "_read_both", fake.read)
    monkeypatch.setattr(time, "monotonic", lambda: fake.monotonic_s)
    return fake


def test_a_clock_asks_its_source_when_it_is_made() -> None:
    assert SystemClock(FakeSource()).reading().state is ClockState.SYNCED


def test_now_is_the_machines_time_in_utc() -> None:
    now = SystemClock(FakeSource()).now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=1)


def test_a_source_that_cannot_be_asked_leaves_the_clock_untrusted_and_is_a_fault() -> None:
    source = FakeSource()
    source.answer = OSError("no such call")
    clock = SystemClock(source)
    assert clock.reading().state is ClockState.UNTRUSTED
    assert clock.faults() == ("clock_source: no such call",)


def test_a_source_that_can_be_asked_again_is_no_fault() -> None:
    source = FakeSource()
    source.answer = OSError("no such call")
    clock = SystemClock(source)
    source.answer = 1.0
    clock.poll()
    assert clock.faults() == ()


def test_an_assumed_clock_is_in_step_and_says_that_it_is_assumed() -> None:
    clock = SystemClock(AssumedTime())
    assert (clock.reading().state, clock.faults()) == (ClockState.SYNCED, ("clock_assumed",))


@pytest.mark.parametrize("by_s", [3_600.0, -3_600.0, 0.5])
def test_setting_the_wall_clock_is_noticed(machine: FakeMachine, by_s: float) -> None:
    clock = SystemClock(FakeSource())
    machine.advance(30.0, step_s=by_s)
    assert clock.poll() == WallStep(by_s=by_s)


def test_a_step_is_told_once(machine: FakeMachine) -> None:
    clock = SystemClock(FakeSource())
    machine.advance(30.0, step_s=5.0)
    clock.poll()
    machine.advance(30.0)
    assert clock.poll() is None


def test_time_that_passes_is_no_step(machine: FakeMachine) -> None:
    clock = SystemClock(FakeSource())
    machine.advance(86_400.0)
    assert clock.poll() is None


def test_a_lost_source_leaves_holdover(machine: FakeMachine) -> None:
    source = FakeSource()
    clock = SystemClock(source)
    source.answer = None
    machine.advance(30.0)
    clock.poll()
    assert clock.reading().state is ClockState.HOLDOVER


def test_the_hubs_answer_sets_the_clock_of_a_node_without_time(machine: FakeMachine) -> None:
    clock = SystemClock(FakeSource(None))
    clock.answered(make.NOW + timedelta(days=1), sent_s=99.9, received_s=100.1)
    assert clock.now() == make.NOW + timedelta(days=1)


def test_a_clock_in_step_that_the_hub_contradicts_is_a_fault_until_the_hub_agrees(
    machine: FakeMachine,
) -> None:
    clock = SystemClock(FakeSource())
    assert not clock.answered(make.NOW - timedelta(seconds=60), sent_s=99.9, received_s=100.1)
    assert clock.faults() == ("clock_disputed: +60.0 s",)
    assert clock.now() == make.NOW
    assert clock.answered(make.NOW, sent_s=99.9, received_s=100.1)
    assert clock.faults() == ()


def test_knowledge_survives_in_memory(machine: FakeMachine) -> None:
    memory = SystemClock(FakeSource()).memory()
    machine.advance(3_600.0)
    assert SystemClock(FakeSource(None), remembered=memory).reading().state is ClockState.HOLDOVER


def test_a_clock_that_knows_nothing_remembers_nothing() -> None:
    assert SystemClock(FakeSource(None)).memory() is None


@pytest.mark.parametrize(
    "memory", [b"", b"{}", b"[]", b"\xff", b'{"utc": 5, "bound_ms": 1}', b'{"utc": "x", "bound_ms": 1}']
)
def test_a_damaged_memory_is_none(memory: bytes) -> None:
    assert SystemClock(FakeSource(None), remembered=memory).reading().state is ClockState.UNTRUSTED


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    answer: list[float | None] = [4.0]
    monkeypatch.setattr(clock_sources, "_kernel_bound_ms", lambda: answer[0])
    return answer


@pytest.fixture
def stamp(tmp_path: Path) -> Path:
    path = tmp_path / "synchronized"
    path.touch()
    os.utime(path, (make.NOW.timestamp(), make.NOW.timestamp()))
    return path


def test_chrony_is_believed_within_the_kernels_bound(kernel: list[float | None]) -> None:
    assert ChronyTime().bound_ms(make.NOW) == 4.0


def test_timesyncd_gets_a_floor_for_what_it_does_not_tell(kernel: list[float | None], stamp: Path) -> None:
    assert TimesyncdTime(stamp).bound_ms(make.NOW) == 104.0


def test_timesyncd_that_never_heard_an_answer_is_not_in_step(
    kernel: list[float | None], tmp_path: Path
) -> None:
    assert TimesyncdTime(tmp_path / "synchronized").bound_ms(make.NOW) is None


def test_timesyncd_that_heard_nothing_for_long_is_not_in_step(
    kernel: list[float | None], stamp: Path
) -> None:
    assert TimesyncdTime(stamp).bound_ms(make.NOW + timedelta(hours=2)) is None


def test_timesyncd_is_not_in_step_when_the_kernel_is_not(kernel: list[float | None], stamp: Path) -> None:
    kernel[0] = None
    assert TimesyncdTime(stamp).bound_ms(make.NOW) is None


def test_the_kernel_can_be_asked_and_answers_soundly() -> None:
    bound_ms = ChronyTime().bound_ms(make.NOW)
    assert bound_ms is None or bound_ms >= 0


@pytest.mark.parametrize(
    ("name", "source"), [("chrony", ChronyTime), ("timesyncd", TimesyncdTime), ("assume", AssumedTime)]
)
def test_the_settings_name_the_source(name: clock_module.SourceName, source: type) -> None:
    assert isinstance(make_source(name), source)
