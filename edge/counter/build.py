"""A counter node from its settings: every part made, wired, started in order and stopped in reverse."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from uuid import uuid4

from edge.config import CounterSettings, NodeSettings
from edge.counter.buttons import Buttons, NoButtons
from edge.counter.camera import Cameras, FfmpegEye
from edge.counter.control import SOCKET_NAME, Control
from edge.counter.desk import Desk
from edge.counter.hand import press
from edge.counter.kiosk import Kiosk
from edge.counter.node import CounterNode, numbers_of
from edge.counter.page import make_assets
from edge.counter.presses import Rules, Span
from edge.counter.tally import Tally
from edge.loop import Loop
from edge.parts import NodeParts
from edge.pins import PinError
from edge.trust import Trust
from edge.wire.entries import PressSource

__all__ = ["rules_of", "run_counter"]


def rules_of(settings: CounterSettings) -> Rules:
    """When a press counts, as the settings say."""
    return Rules(
        levels=settings.levels,
        interval_s=settings.interval_s,
        burst_presses=settings.burst_presses,
        burst_s=settings.burst_s,
        stuck_s=settings.stuck_s,
        together_s=settings.together_ms / 1000,
        open=tuple(map(Span.parse, settings.open)),
    )


def run_counter(settings: NodeSettings, *, loop: Loop, software: str) -> None:
    """Run the node until `Quit` is posted to `loop`; on return everything is stopped and closed.

    Raises `LedgerError`, `PinError` or OSError when a part cannot be had at all, `GaveUp` when the program
    fails again and again.
    """
    with ExitStack() as parts:
        node = _Parts(settings, loop, software, parts).node()
        loop.run(node)


class _Parts(NodeParts):
    """Makes a counter's own parts."""

    def __init__(self, settings: NodeSettings, loop: Loop, software: str, parts: ExitStack) -> None:
        super().__init__(settings, loop, software, parts)
        self._counter = settings.counter or CounterSettings()

    def node(self) -> CounterNode:
        """The node, its threads running."""
        desk = self._make_desk(self._make_buttons())
        self._make_kiosk()
        self._make_cameras()
        self.keep_certificate()
        who = self.settings.node
        numbers = partial(numbers_of, journal=self.journal, faults=self.faults)
        return CounterNode(
            self.core(self.presence(output="none", numbers=numbers)),
            clock=self.clock,
            trust=Trust(keyring=self.settings.keyring(), site=who.site, node=who.name, areas=who.areas),
            desk=desk,
        )

    def _make_desk(self, buttons: Buttons | NoButtons) -> Desk:
        return Desk(
            rules=rules_of(self._counter),
            tally=Tally(
                ledger=self.ledger,
                journal=self.journal,
                clock=self.clock,
                levels=self._counter.levels,
            ),
            thanks=buttons.thanks(),
            clock=self.clock,
            faults=self.faults,
        )

    def _make_buttons(self) -> Buttons | NoButtons:
        if self._counter.pins == "none":
            self._make_control(self._command)
            return NoButtons()
        buttons = Buttons(self._counter, post=self.loop.post, clock=self.clock)
        self.parts.callback(buttons.close)
        if self._counter.pins == "mock":
            self._make_control(buttons.press)
        return buttons

    def _make_control(self, press: Callable[[int], None]) -> None:
        control = Control(self.data / SOCKET_NAME, press=press)
        self.parts.callback(control.stop)

    def _command(self, level: int) -> None:
        """A press without pins. Raises `PinError` when it is not kept."""
        key = uuid4().hex
        answer = press(level, key=key, source=PressSource.COMMAND, post=self.loop.post, clock=self.clock)
        if answer == "lost":
            raise PinError("the press was not kept")

    def _make_kiosk(self) -> None:
        if not self._counter.touch_port:
            return
        kiosk = Kiosk(
            make_assets(self._counter),
            host=self._counter.touch_host,
            port=self._counter.touch_port,
            post=self.loop.post,
            clock=self.clock,
        )
        self.parts.callback(kiosk.stop)
        self.work("touch page keeper", kiosk.step, kiosk.retry)

    def _make_cameras(self) -> None:
        if not self.settings.camera:
            return
        cameras = Cameras(
            self.settings.camera,
            eye=FfmpegEye(now=self.clock.now),
            folder=self.data,
            post=self.loop.post,
            clock=self.clock,
        )
        self.work("cameras", cameras.step, cameras.nudged)
