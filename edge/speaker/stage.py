"""Sound and amplifier together: silence → power → warm-up → sound → tail → hold → power off.

The stage owns that order, and the node's loop drives it: the loop arms tracks and calls :meth:`Stage.tend`,
which switches what is to be switched by now, feeds the amplifier's watchdog, and says how soon it wants to
be called again. A stage has no thread of its own, so an amplifier never outlives a loop that hangs: its
watchdog goes hungry.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from edge.speaker.amplifier import Amplifier
from edge.speaker.errors import AmplifierError
from edge.speaker.output import Faulted, Output, OutputEvent, Performance, Report, Started
from edge.speaker.pace import Pace, RealPace
from edge.speaker.track import Track

__all__ = ["TEND_AT_LEAST_EVERY_S", "Powered", "Stage"]

# Well below any watchdog's time, and soon enough to notice a wall clock that was put right.
TEND_AT_LEAST_EVERY_S = 1.0


log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Powered:
    """The amplifier was switched; ``play_id`` is the one it was switched on for, or that ended last."""

    on: bool
    at: datetime
    play_id: str


class _Act:
    """One armed track on the stage. :meth:`hear` is for the output's thread, the rest for the loop's."""

    def __init__(
        self, play_id: str, *, due: datetime, shifted: timedelta, report: Report, pace: Pace
    ) -> None:
        self.play_id = play_id
        self.due = due
        self.performance: Performance | None = None
        self.has_begun = False
        self.ended_s: float | None = None
        self._lock = threading.Lock()
        self._shifted = shifted
        self._report = report
        self._pace = pace

    def hear(self, event: OutputEvent) -> None:
        with self._lock:
            if self.ended_s is not None:
                return
            if isinstance(event, Started):
                self.has_begun = True
            else:
                self.ended_s = self._pace.monotonic_s()
        self._report(self._from_due(event))

    def _from_due(self, event: OutputEvent) -> OutputEvent:
        if not isinstance(event, Started):
            return event
        return replace(event, error_ms=event.error_ms + self._shifted / timedelta(milliseconds=1))

    def fault(self, detail: str) -> None:
        """End the play because it cannot be heard; what its output says afterwards is not passed on."""
        self.hear(Faulted("amplifier", detail, at=self._pace.utc()))
        if self.performance is not None:
            self.performance.stop()


class Stage:
    """Arms tracks on an output and powers the amplifier around them. ``on_power`` hears of each switch.

    Every method but the performances' is for the loop's thread only. Several tracks may be armed at once.
    """

    def __init__(
        self,
        output: Output,
        amplifier: Amplifier,
        *,
        on_power: Callable[[Powered], None],
        pace: Pace | None = None,
    ) -> None:
        self._output = output
        self._amplifier = amplifier
        self._on_power = on_power
        self._pace = pace or RealPace()
        self._acts: list[_Act] = []
        self._last = ""

    @property
    def lead_s(self) -> float:
        """How long before ``due`` to arm, at least, for a start on the instant."""
        return max(self._output.lead_s, self._amplifier.warm_up_s)

    def arm(self, track: Track, *, play_id: str, due: datetime, report: Report) -> Performance:
        """As :meth:`Output.arm`; too late for the warm-up, it starts after it, with that error."""
        earliest = self._pace.utc() + timedelta(seconds=self._warm_up_left_s())
        start = max(due, earliest)
        shifted = start - due if due < earliest else timedelta(0)
        act = _Act(play_id, due=start, shifted=shifted, report=report, pace=self._pace)
        self._acts.append(act)
        self.tend()
        act.performance = self._output.arm(track, play_id=play_id, due=start, report=act.hear)
        if act.ended_s is not None:
            act.performance.stop()
        return act.performance

    def tend(self) -> float:
        """Do what is due by now; returns the seconds until it should be called next, at the latest."""
        self._amplifier.feed()
        wanting = [act for act in self._acts if act.ended_s is None and self._until_power_s(act) <= 0]
        if wanting:
            self._power_on(wanting)
        elif self._amplifier.is_on and not any(self._hold_left_s(act) > 0 for act in self._acts):
            self._power_off()
        self._acts = [act for act in self._acts if act.ended_s is None or self._hold_left_s(act) > 0]
        return self._next_s()

    def close(self) -> None:
        """Stop every play, then take the power away and let both go."""
        self._output.close()
        self._amplifier.close()
        self._acts = []

    def _warm_up_left_s(self) -> float:
        return 0.0 if self._amplifier.is_on else self._amplifier.warm_up_s

    def _until_power_s(self, act: _Act) -> float:
        if act.has_begun:  # whatever the wall clock says by now
            return 0.0
        return (act.due - self._pace.utc()).total_seconds() - self._amplifier.warm_up_s

    def _hold_left_s(self, act: _Act) -> float:
        if act.ended_s is None:
            return 0.0
        return act.ended_s + self._amplifier.hold_s - self._pace.monotonic_s()

    def _next_s(self) -> float:
        waits = [
            self._until_power_s(act) if act.ended_s is None else self._hold_left_s(act) for act in self._acts
        ]
        return min([TEND_AT_LEAST_EVERY_S, *(wait for wait in waits if wait > 0)])

    def _power_on(self, wanting: list[_Act]) -> None:
        self._last = wanting[-1].play_id
        if self._amplifier.is_on:
            return
        try:
            self._amplifier.on()
        except AmplifierError as error:
            for act in wanting:
                act.fault(str(error))
        else:
            self._on_power(Powered(on=True, at=self._pace.utc(), play_id=self._last))

    def _power_off(self) -> None:
        try:
            self._amplifier.off()
        except AmplifierError:
            log.exception("the amplifier stays on; it is tried again")
            return
        self._on_power(Powered(on=False, at=self._pace.utc(), play_id=self._last))
