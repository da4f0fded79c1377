"""What the hub does from time to time: the only file that uses `schedule`.

Its clock is naive and late jobs fire after a jump, so it never decides what plays: jobs look at the clock
themselves. When the wall clock jumps, every job runs at once and its intervals begin anew.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import schedule

__all__ = ["Job", "Ticker"]

_LOG = logging.getLogger(__name__)

_STEP_S = 0.5
_JUMP_S = 2.0


@dataclass(frozen=True)
class Job:
    """Something done every `every_s` seconds; harmless to do more often."""

    name: str
    every_s: int
    work: Callable[[], None]


class Ticker:
    """Runs jobs on one thread, one after the other; a job that fails is logged and comes again."""

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        wall_s: Callable[[], float] = time.time,
        steady_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = tuple(jobs)
        self._wall_s = wall_s
        self._steady_s = steady_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._begin_anew()

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let the running job end, and no other begin."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def step(self) -> None:
        """Run what is due; everything when the wall clock has jumped."""
        if abs(self._offset_s() - self._expected_offset_s) > _JUMP_S:
            _LOG.warning("the wall clock jumped; every periodic job runs now")
            self._begin_anew()
            self._scheduler.run_all(delay_seconds=0)
        else:
            self._scheduler.run_pending()

    def _begin_anew(self) -> None:
        self._expected_offset_s = self._offset_s()
        self._scheduler = schedule.Scheduler()
        for job in self._jobs:
            self._scheduler.every(job.every_s).seconds.do(self._do, job)

    def _do(self, job: Job) -> None:
        if self._stopping.is_set():
            return
        try:
            job.work()
        except Exception:  # noqa: BLE001 - the other jobs must go on
            _LOG.exception("the periodic job %s failed", job.name)

    def _offset_s(self) -> float:
        return self._wall_s() - self._steady_s()

    def _run(self) -> None:
        while not self._stopping.wait(_STEP_S):
            self.step()
