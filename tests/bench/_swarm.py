"""Simulated loudspeakers, many to a process: real connections, trust and decoding; neither sound nor disk.

A swarm runs at a lower priority than what is measured: in a commune, every node has a processor of its own.
"""

import multiprocessing
import os
import selectors
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.bench._simulated import Member, Probe, Report, member
from tests.bench._site import wait_for

__all__ = ["Swarm", "gather", "swarm_of", "wait_for_calm", "wait_for_connections"]

_LOOK_AFTER_S = 1.0
_NICE = 10
_WITHIN_S = 120.0


class Swarm:
    """One process of simulated nodes or of probes."""

    def __init__(self, members: Sequence[Path] | Sequence[Probe], *, is_polite: bool) -> None:
        self.size = len(members)
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (list(members), theirs, is_polite)
        self._process = context.Process(target=_live, args=arguments, daemon=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._process.start()

    def connected(self) -> int:
        """How many have subscribed."""
        return int(self._ask("connected"))

    def report(self) -> Report:
        """What was seen since the last report; plans are kept."""
        found: Report = self._ask("report")
        return found

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join(10)

    def _ask(self, what: str) -> Any:
        self._pipe.send(what)
        return self._pipe.recv()


@contextmanager
def swarm_of(
    members: Sequence[Path] | Sequence[Probe], *, processes: int, is_polite: bool = True
) -> Iterator[list[Swarm]]:
    """The members shared among processes, connecting."""
    shares: list[Any] = [list(members[at::processes]) for at in range(processes)]
    swarms = [Swarm(share, is_polite=is_polite) for share in shares if share]
    try:
        for swarm in swarms:
            swarm.start()
        yield swarms
    finally:
        for swarm in swarms:
            swarm.stop()


def wait_for_connections(swarms: Sequence[Swarm]) -> None:
    """Until every member has subscribed. Raises `CannotRun`."""

    def are_connected() -> bool:
        return all(swarm.connected() == swarm.size for swarm in swarms)

    wait_for("all are connected", are_connected, within_s=_WITHIN_S)


def gather(swarms: Sequence[Swarm], seen: Report) -> int:
    """Take in what was seen since; how many messages that were."""
    found = [swarm.report() for swarm in swarms]
    for each in found:
        seen.add(each)
    return sum(each.messages for each in found)


def wait_for_calm(swarms: Sequence[Swarm], seen: Report, *, calm_s: float) -> None:
    """Until nothing has arrived for a while: every answer was stored, and every node was told so."""

    def is_calm() -> bool:
        time.sleep(calm_s)
        return gather(swarms, seen) == 0

    wait_for("the nodes and the hub are done with each other", is_calm, within_s=_WITHIN_S)


def _live(members: list[Path] | list[Probe], pipe: Connection, is_polite: bool) -> None:
    if is_polite:
        os.nice(_NICE)
    report = Report()
    found = [member(each, report) for each in members]
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        for each in found:
            selector.register(each.client.socket(), selectors.EVENT_READ, each)  # type: ignore[arg-type]
        looked_s = time.monotonic()
        while True:
            for key, _ in selector.select(1.0):
                if key.data is None:
                    report = _answer(pipe, found, report)
                else:
                    key.data.turn()
            if time.monotonic() - looked_s > _LOOK_AFTER_S:
                looked_s = time.monotonic()
                for each in found:
                    each.look_after()


def _answer(pipe: Connection, members: list[Member], report: Report) -> Report:
    if pipe.recv() == "connected":
        pipe.send(sum(each.is_subscribed for each in members))
        return report
    pipe.send(report)
    fresh = Report(plans=report.plans)
    for each in members:
        each.report = fresh
    return fresh
