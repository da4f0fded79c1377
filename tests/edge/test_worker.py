"""The thread for slow work."""

import threading
from collections.abc import Iterator

import pytest

from edge.worker import Worker

LONG_S = 60.0


@pytest.fixture
def nudged() -> threading.Event:
    return threading.Event()


class Steps:
    """Counts steps; each wants to be called again only after a minute."""

    def __init__(self) -> None:
        self.count = 0
        self.fails = False
        self.done = threading.Semaphore(0)

    def __call__(self) -> float:
        self.count += 1
        self.done.release()
        if self.fails:
            self.fails = False
            raise RuntimeError("a mistake")
        return LONG_S

    def wait(self) -> None:
        assert self.done.acquire(timeout=60)


@pytest.fixture
def steps() -> Steps:
    return Steps()


@pytest.fixture
def worker(steps: Steps, nudged: threading.Event) -> Iterator[Worker]:
    worker = Worker("a test's", steps, nudged=nudged)
    yield worker
    worker.stop()


def test_it_begins_at_once(worker: Worker, steps: Steps) -> None:
    worker.start()
    steps.wait()


def test_a_nudge_has_the_next_step_done_at_once(
    worker: Worker, steps: Steps, nudged: threading.Event
) -> None:
    worker.start()
    steps.wait()
    nudged.set()
    steps.wait()


def test_a_mistake_is_survived(worker: Worker, steps: Steps, nudged: threading.Event) -> None:
    steps.fails = True
    worker.start()
    steps.wait()
    nudged.set()
    steps.wait()


def test_it_ends_when_stopped(worker: Worker, steps: Steps) -> None:
    worker.start()
    steps.wait()
    worker.stop()
    assert "a test's" not in {thread.name for thread in threading.enumerate()}


def test_it_may_be_stopped_before_it_began(worker: Worker, steps: Steps) -> None:
    worker.stop()
    assert steps.count == 0
