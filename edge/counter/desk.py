"""The counter's presses from the hand to the disk to the lamp, in this order and no other."""

import logging
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

from edge.clock import Clock
from edge.counter.events import Answer, ButtonDown, ButtonUp, Touched
from edge.counter.presses import Judged, Past, Press, Rules, settle
from edge.counter.tally import Tally
from edge.counter.thanks import Thanks
from edge.faults import Faults
from edge.pins import PinError
from edge.wire.base import ClockState
from edge.wire.entries import PressSource, Totals, Uncounted

__all__ = ["THANKS_WITHIN_MS", "Desk"]

log = logging.getLogger(__name__)

THANKS_WITHIN_MS = 150.0
_VIETNAM = timezone(timedelta(hours=7))
_IDLE_S = 60.0
_THANKED = (None, Uncounted.INTERVAL, Uncounted.TOGETHER)


class Desk:
    """Used by the node's thread only. `last_thanks_ms`: from the last press to its thanks."""

    def __init__(self, *, rules: Rules, tally: Tally, thanks: Thanks, clock: Clock, faults: Faults) -> None:
        self._rules = rules
        self._tally = tally
        self._thanks = thanks
        self._clock = clock
        self._faults = faults
        self._past = Past()
        self._pending: list[Press] = []
        self._answers: dict[str, Touched] = {}
        self.last_thanks_ms: float | None = None

    def pressed(self, down: ButtonDown) -> None:
        """A button went down; one that was found down at the start is no press."""
        self._past = self._past.pressed(down.level, down.at_s)
        if not down.at_boot:
            self._add(self._press(down, PressSource.BUTTON))

    def released(self, up: ButtonUp) -> None:
        """A button came up."""
        self._past = self._past.released(up.level, up.at_s, rules=self._rules)
        self._pending = [_let_go(press, up) for press in self._pending]

    def touched(self, touch: Touched) -> None:
        """A face was touched. A touch that was kept before is answered, and not kept again."""
        counted = self._tally.counted(touch.key)
        if counted is not None:
            touch.answer(_answer(counted=counted))
            return
        self._answers[touch.key] = touch  # whoever asks again has given up on the answer before
        if all(press.key != touch.key for press in self._pending):
            self._add(self._press(touch, touch.source, key=touch.key, dossier=touch.dossier))

    def attend(self) -> float:
        """Judge, keep and thank for what is due; returns the seconds until there is more."""
        now_s = self._clock.monotonic()
        self._settle(now_s)
        self._watch_for_stuck(now_s)
        waits = [self._tend_thanks(now_s), _IDLE_S]
        if self._pending:
            waits.append(self._pending[0].at_s + self._rules.together_s - now_s)
        if self._past.down:
            waits.append(1.0)
        return max(0.0, min(waits))

    def end(self) -> None:
        """Keep what is still waiting to be judged, and switch the lamp off."""
        self._settle(math.inf)
        try:
            self._thanks.stop()
        except PinError as error:
            log.warning("%s", error)

    def totals(self) -> Totals:
        """The sums since the ledger began."""
        return self._tally.totals()

    def _press(
        self, what: ButtonDown | Touched, source: PressSource, *, key: str = "", dossier: str = ""
    ) -> Press:
        is_trusted = self._clock.reading().state is not ClockState.UNTRUSTED
        return Press(
            level=what.level,
            source=source,
            at_s=what.at_s,
            at=what.at,
            local=_local(what.at) if is_trusted else None,
            key=key,
            dossier=dossier,
        )

    def _add(self, press: Press) -> None:
        self._pending.append(press)
        self._pending.sort(key=lambda each: each.at_s)

    def _settle(self, now_s: float) -> None:
        judged, self._pending, past = settle(self._pending, past=self._past, rules=self._rules, now_s=now_s)
        if not judged:
            return
        if not self._tally.keep(judged):
            self._faults.begin("press_not_kept")
            self._tell(judged, is_kept=False)
            return
        self._past = past
        self._thank(judged)
        self._tell(judged, is_kept=True)
        self._faults.end("press_not_kept")

    def _thank(self, judged: Sequence[Judged]) -> None:
        thanked = [one.press for one in judged if one.reason in _THANKED]
        if not thanked:
            return
        try:
            self._thanks.thank(self._clock.monotonic())
        except PinError as error:
            self._faults.begin("lamp", str(error))
            return
        self._faults.end("lamp")
        self.last_thanks_ms = (self._clock.monotonic() - thanked[0].at_s) * 1000
        slow = self.last_thanks_ms > THANKS_WITHIN_MS
        log.log(
            logging.WARNING if slow else logging.DEBUG, "thanked %.1f ms after a press", self.last_thanks_ms
        )

    def _tell(self, judged: Sequence[Judged], *, is_kept: bool) -> None:
        for one in judged:
            touch = self._answers.pop(one.press.key, None)
            if touch is not None:
                touch.answer(_answer(counted=one.reason is None) if is_kept else "lost")

    def _tend_thanks(self, now_s: float) -> float:
        try:
            return self._thanks.tend(now_s)
        except PinError as error:
            self._faults.begin("lamp", str(error))
            return 1.0

    def _watch_for_stuck(self, now_s: float) -> None:
        stuck = self._past.stuck(now_s, rules=self._rules)
        if stuck:
            self._faults.begin("button_stuck", ", ".join(map(str, stuck)))
        else:
            self._faults.end("button_stuck")


def _let_go(press: Press, up: ButtonUp) -> Press:
    is_it = press.level == up.level and press.source is PressSource.BUTTON and press.held_ms is None
    return replace(press, held_ms=round((up.at_s - press.at_s) * 1000)) if is_it else press


def _answer(*, counted: bool) -> Answer:
    return "counted" if counted else "kept"


def _local(at: datetime) -> time:
    return at.astimezone(_VIETNAM).time()
