"""The one thread of a node."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge.events import Quit
from edge.loop import GaveUp, Loop
from edge.service import Service
from tests.service_manager import ServiceManager


class Diary:
    """A program that notes what happens to it; `on_event` and `on_attend` may do more."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.on_event: Callable[[object], object] = lambda _event: None
        self.on_attend: Callable[[], float] = lambda: 60.0

    def begin(self) -> None:
        self.lines.append("begin")

    def handle(self, event: object) -> None:
        self.lines.append(str(event))
        self.on_event(event)

    def attend(self) -> float:
        self.lines.append("attend")
        return self.on_attend()

    def doing(self) -> str:
        return "running"

    def end(self, why: str) -> None:
        self.lines.append(f"end: {why}")


def run(program: Diary, *events: object) -> Diary:
    loop = Loop(after_failure_s=0.0)
    for event in (*events, Quit("asked")):
        loop.post(event)
    loop.run(program)
    return program


def test_a_program_begins_attends_and_ends() -> None:
    assert run(Diary()).lines == ["begin", "attend", "end: asked"]


def test_it_attends_after_each_event() -> None:
    assert run(Diary(), "a", "b").lines == ["begin", "attend", "a", "attend", "b", "attend", "end: asked"]


def test_what_is_posted_while_handling_comes_next() -> None:
    loop, diary = Loop(), Diary()
    diary.on_event = lambda event: loop.post(Quit("from inside")) if event == "a" else None
    loop.post("a")
    loop.run(diary)
    assert diary.lines[-1] == "end: from inside"


def test_it_is_attended_again_when_nothing_happens() -> None:
    loop, diary = Loop(), Diary()
    waits = iter([0.0, 0.0, 0.0])

    def attend() -> float:
        wait_s = next(waits, None)
        if wait_s is None:
            loop.post(Quit("enough"))
        return wait_s or 0.0

    diary.on_attend = attend
    loop.run(diary)
    assert diary.lines.count("attend") >= 4


def fail(*_anything: object) -> float:
    raise RuntimeError("a mistake")


def test_a_mistake_over_one_event_is_survived() -> None:
    diary = Diary()
    diary.on_event = lambda event: fail() if event == "bad" else None
    assert run(diary, "bad", "good").lines[-3:] == ["good", "attend", "end: asked"]


def test_any_number_of_bad_events_is_survived_while_it_can_attend() -> None:
    diary = Diary()
    diary.on_event = fail
    assert run(diary, *(["bad"] * 50)).lines[-1] == "end: asked"


def test_a_program_that_can_no_longer_attend_is_given_up_and_ended() -> None:
    diary = Diary()
    diary.on_attend = fail
    with pytest.raises(GaveUp):
        Loop(after_failure_s=0.0).run(diary)
    assert diary.lines[-1] == "end: the program failed"
    assert diary.lines.count("attend") == 10


def test_a_program_that_cannot_begin_does_not_run() -> None:
    diary = Diary()
    diary.begin = fail  # type: ignore[assignment,method-assign]
    with pytest.raises(RuntimeError):
        Loop().run(diary)
    assert diary.lines == []


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[ServiceManager]:
    with ServiceManager(tmp_path / "notify", watchdog_s=0.04) as made:
        yield made


def test_it_is_ready_once_the_program_has_attended_to_itself(manager: ServiceManager) -> None:
    loop, diary, heard = Loop(service=Service(manager.environment)), Diary(), []
    diary.on_attend = lambda: heard.append(manager.heard()) or 60.0  # type: ignore[func-returns-value]
    diary.on_event = lambda _event: heard.append(manager.heard())
    loop.post("a")
    loop.post(Quit("asked"))
    loop.run(diary)
    assert heard[:2] == [[], ["READY=1", "WATCHDOG=1"]]


def test_the_watchdog_is_fed_though_nothing_is_due_for_an_hour(manager: ServiceManager) -> None:
    loop, diary = Loop(service=Service(manager.environment)), Diary()
    fed: list[str] = []

    def attend() -> float:
        fed.extend(word for word in manager.heard() if word == "WATCHDOG=1")
        if len(fed) >= 3:
            loop.post(Quit("enough"))
        return 3600.0

    diary.on_attend = attend
    loop.run(diary)
    assert len(fed) >= 3


def test_a_program_that_cannot_attend_is_neither_ready_nor_fed(manager: ServiceManager) -> None:
    diary = Diary()
    diary.on_attend = fail
    with pytest.raises(GaveUp):
        Loop(service=Service(manager.environment), after_failure_s=0.0).run(diary)
    assert manager.heard() == ["STOPPING=1"]
