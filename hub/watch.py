"""How a camera stood over a time, and how it stands now. Pure.

Three things can fail apart: the hub, the counter's Pi, the camera. What a Pi that is away said last is never
shown as how its camera is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.store.cameras import CameraState, Change
from hub.store.nodes import Report

__all__ = ["SILENCE", "Now", "Span", "Uptime", "now_of", "spans", "uptime"]

SILENCE = timedelta(hours=2, minutes=30)
"""Counters speak of each camera every hour: one that missed two is not watched any more."""

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Now:
    """A camera's verdict now, since when, and why it is unknown where the camera is not to blame:
    `counter_away`, `silent`, `starting` or empty."""

    verdict: str
    since: datetime
    why: str = ""


@dataclass(frozen=True)
class Span:
    """From `start` to `end` the verdict was this."""

    start: datetime
    end: datetime
    verdict: str

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Uptime:
    """For how long a camera was seen, how long of that it was `ok`, and how long nobody could tell."""

    ok: timedelta
    known: timedelta
    unknown: timedelta

    @property
    def share(self) -> float | None:
        """The share of the known time in which it was `ok`; None when nothing is known."""
        return self.ok / self.known if self.known else None


def now_of(state: CameraState, report: Report | None, now: datetime) -> Now:
    """The verdict as of `now`; `report` is the counter's as it may be believed."""
    if report is None or not report.here:
        since = max(state.since, report.since) if report else state.since
        return Now(UNKNOWN, since, "counter_away")
    if now - state.at > SILENCE:
        return Now(UNKNOWN, max(state.since, state.at), "silent")
    return Now(state.verdict, state.since, "starting" if state.verdict == UNKNOWN else "")


def spans(changes: Sequence[Change], *, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The verdicts of `[start, end)` without a gap: unknown until the first change."""
    if end <= start:
        return ()
    edges = [Change(start, UNKNOWN)]
    for change in sorted(changes, key=lambda change: change.at):
        at = max(change.at, start)
        if at >= end:
            break
        if at == edges[-1].at:
            edges.pop()
        if not edges or edges[-1].verdict != change.verdict:
            edges.append(Change(at, change.verdict))
    ends = [*(edge.at for edge in edges[1:]), end]
    return tuple(Span(edge.at, ends_at, edge.verdict) for edge, ends_at in zip(edges, ends, strict=True))


def uptime(found: Sequence[Span]) -> Uptime:
    """How long of the spans the camera was `ok`."""
    none = timedelta()
    whole = sum((span.length for span in found), none)
    ok = sum((span.length for span in found if span.verdict == "ok"), none)
    unknown = sum((span.length for span in found if span.verdict == UNKNOWN), none)
    return Uptime(ok=ok, known=whole - unknown, unknown=unknown)
