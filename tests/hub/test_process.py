import os
import queue
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.process import Child, Ended

WAIT_S = 60
ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(child: Child) -> Iterator[Child]:
    child.start()
    try:
        yield child
    finally:
        child.stop()


def python(code: str) -> list[str]:
    return [sys.executable, "-u", "-c", code]


def ends_within(watched: int, wait_s: float) -> bool:
    try:
        return bool(select.select([watched], [], [], wait_s)[0])
    finally:
        os.close(watched)


def is_gone(pid: int) -> bool:
    """Ended; a zombie that its new parent has not yet collected counts."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.fixture
def lines() -> "queue.Queue[str]":
    return queue.Queue()


@pytest.fixture
def ends() -> "queue.Queue[Ended]":
    return queue.Queue()


def test_what_it_says_is_heard(lines: "queue.Queue[str]") -> None:
    with running(Child(python("print('xin chào'); input()"), name="greeter", on_line=lines.put)):
        assert lines.get(timeout=WAIT_S) == "xin chào"


def test_a_program_that_ends_is_started_again(lines: "queue.Queue[str]") -> None:
    with running(Child(python("print('once more')"), name="short", on_line=lines.put)):
        assert [lines.get(timeout=WAIT_S) for _ in range(2)] == ["once more", "once more"]


def test_its_end_comes_with_its_last_words(ends: "queue.Queue[Ended]") -> None:
    code = "import sys; print('no room left'); sys.exit(3)"
    with running(Child(python(code), name="broken", on_ended=ends.put)):
        ended = ends.get(timeout=WAIT_S)
    assert (ended.reason, ended.last_words) == ("exit code 3", ("no room left",))


def test_a_program_that_always_ends_is_tried_ever_more_slowly(ends: "queue.Queue[Ended]") -> None:
    with running(Child(python("raise SystemExit(1)"), name="broken", on_ended=ends.put)):
        first, second = (ends.get(timeout=WAIT_S) for _ in range(2))
    assert first.again_in_s < second.again_in_s


def test_a_program_that_is_not_installed_is_said_so(ends: "queue.Queue[Ended]") -> None:
    with running(Child(["no-such-program-here"], name="missing", on_ended=ends.put)):
        assert ends.get(timeout=WAIT_S).reason == "no-such-program-here is not installed"


def test_stop_ends_the_program_and_does_not_call_it_a_fault(
    lines: "queue.Queue[str]", ends: "queue.Queue[Ended]"
) -> None:
    code = "import os, time; print(os.getpid()); time.sleep(60)"
    with running(Child(python(code), name="sleeper", on_line=lines.put, on_ended=ends.put)):
        pid = int(lines.get(timeout=WAIT_S))
    assert is_gone(pid)
    assert ends.empty()


def test_a_failing_listener_does_not_end_the_watching(lines: "queue.Queue[str]") -> None:
    def hear(line: str) -> None:
        lines.put(line)
        raise ValueError(line)

    with running(Child(python("print(1); print(2)"), name="talker", on_line=hear)):
        assert [lines.get(timeout=WAIT_S) for _ in range(2)] == ["1", "2"]


def test_a_signal_reaches_it(lines: "queue.Queue[str]") -> None:
    code = (
        "import signal; signal.signal(signal.SIGHUP, lambda *_: print('reloaded'));"
        "print('ready')\nwhile True: signal.pause()"
    )
    with running(Child(python(code), name="listener", on_line=lines.put)) as child:
        assert lines.get(timeout=WAIT_S) == "ready"
        assert child.send(signal.SIGHUP)
        assert lines.get(timeout=WAIT_S) == "reloaded"


def test_a_signal_to_nobody_is_false() -> None:
    assert not Child(["true"], name="never started").send(signal.SIGHUP)


PARENT = """
import sys, threading
from hub.process import Child
sleeper = [sys.executable, "-uc", "import os, time; print(os.getpid()); time.sleep(60)"]
Child(sleeper, name="child", on_line=print).start()
threading.Event().wait(60)
"""


def test_no_child_survives_a_killed_parent(lines: "queue.Queue[str]") -> None:
    parent = Child(python(PARENT), name="parent", on_line=lines.put, environment={"PYTHONPATH": str(ROOT)})
    with running(parent):
        watched = os.pidfd_open(int(lines.get(timeout=WAIT_S)))
        assert parent.send(signal.SIGKILL)
        assert ends_within(watched, WAIT_S)


def test_a_program_begun_anew_is_no_fault(lines: "queue.Queue[str]", ends: "queue.Queue[Ended]") -> None:
    code = "import time; print('here'); time.sleep(600)"
    with running(Child(python(code), name="sleeper", on_line=lines.put, on_ended=ends.put)) as child:
        assert lines.get(timeout=WAIT_S) == "here"
        first = child.pid
        child.restart()
        assert lines.get(timeout=WAIT_S) == "here"
        assert child.pid != first
    assert ends.empty()
