"""The one thread of a node."""

from collections.abc import Callable

import pytest

from edge.events import Quit
from edge.loop import GaveUp, Loop


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
