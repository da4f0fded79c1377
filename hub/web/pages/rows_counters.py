"""What several pages show of counters: sums, charts, presses, cameras."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hub.cameras import Camera, CameraDay
from hub.fleet import NodeState
from hub.ratings.periods import Period, days
from hub.ratings.sums import Group, Tally, by_day, by_hour, tally
from hub.store.presses import Press
from hub.web import formats
from hub.web.charts import columns, segments, strip, top_of
from hub.web.views import CameraRow, Chart, LevelRow, Message, PressRow, RatingSum, Scale, SpanRow, Term, Text

__all__ = ["TONES", "camera_row", "press_row", "rating_sum", "scale"]

TONES = {
    3: ("good", "middle", "bad"),
    4: ("best", "good", "middle", "bad"),
    5: ("best", "good", "middle", "poor", "bad"),
}

_BAR = 1000
_HEIGHT = 180
_WIDTH = 720
_DAY = timedelta(days=1)
_MINUTES = 1440
_LATE = timedelta(minutes=2)


def level_name(levels: int, level: int) -> Term:
    """A level's name on its scale."""
    return Term("rating_level", f"{levels}.{level}")


def rating_sum(found: Tally) -> RatingSum:
    """A sum with the parts of its bar."""
    blocks = segments(found.counts, width=_BAR)
    return RatingSum(
        levels=tuple(
            LevelRow(
                name=level_name(found.levels, place + 1),
                tone=TONES[found.levels][place],
                count=count,
                share=count / found.total if found.total else None,
                block=blocks[place],
            )
            for place, count in enumerate(found.counts)
        ),
        total=found.total,
        share=found.share,
        uncounted=found.uncounted,
    )


def scale(groups: Sequence[Group], levels: int, span: Period, zone: ZoneInfo) -> Scale:
    """The groups of `span` on one scale: its last day, all of it, by day and by hour."""
    mine = [group for group in groups if group.levels == levels]
    daily = {day: tallies[0] for day, tallies in by_day(mine, zone).items()}
    none = Tally(levels=levels, counts=(0,) * levels, pressed=0)
    return Scale(
        levels=levels,
        today=rating_sum(daily.get(span.last, none)),
        month=rating_sum(tally(mine, levels)),
        days=_chart(levels, [(f"{day:%d/%m}", daily.get(day, none)) for day in days(span)], every=5),
        hours=_hours(mine, levels, none, zone),
    )


def press_row(press: Press, names: Mapping[str, str]) -> PressRow:
    """One press in words."""
    is_known = press.levels in TONES and press.level <= press.levels
    return PressRow(
        at=press.at,
        counter=names.get(press.node, press.node),
        level=level_name(press.levels, press.level)
        if is_known
        else Message("counters.level_unknown", {"level": press.level}),
        tone=TONES[press.levels][press.level - 1] if is_known else "middle",
        source=Term("press_source", press.source),
        why=None if press.counted else Term("uncounted", press.reason or ""),
        dossier=press.dossier,
        clock=press.clock_state,
        late=press.received_at - press.at > _LATE,
    )


def camera_row(day: CameraDay, states: Mapping[str, NodeState], zone: ZoneInfo, lang: str) -> CameraRow:
    """A camera with its day."""
    camera, state = day.camera, states.get(day.camera.counter)
    start = datetime(day.day.year, day.day.month, day.day.day, tzinfo=zone)
    blocks = strip([(span.start, span.end) for span in day.spans], start=start, length=_DAY, width=_MINUTES)
    return CameraRow(
        id=f"{camera.counter}-{camera.name}",
        name=camera.name,
        counter_id=camera.counter,
        counter=camera.counter_name,
        counter_state=state.state if state else "away",
        verdict=camera.now.verdict,
        since=camera.now.since,
        why=_why(camera),
        said_at=camera.said.at,
        facts=_facts(camera, lang),
        spans=tuple(
            SpanRow(start=span.start, end=span.end, verdict=span.verdict, block=block)
            for span, block in zip(day.spans, blocks, strict=True)
        ),
        available=day.uptime.share,
        unknown_ms=day.uptime.unknown.total_seconds() * 1000,
    )


def _hours(groups: Sequence[Group], levels: int, none: Tally, zone: ZoneInfo) -> Chart:
    hourly = {hour: tallies[0] for hour, tallies in by_hour(groups, zone).items()}
    first, last = min([7, *hourly]), max([17, *hourly])
    return _chart(levels, [(f"{hour}h", hourly.get(hour, none)) for hour in range(first, last + 1)], every=3)


def _chart(levels: int, rows: Sequence[tuple[str, Tally]], *, every: int) -> Chart:
    top = top_of([found.total for _, found in rows])
    # The best level stands on the ground, so that the green part of all columns can be compared.
    series = [[found.counts[place] for _, found in rows] for place in range(levels)]
    step = _WIDTH // len(rows)
    paths = columns(series, height=_HEIGHT, step=step, top=top)
    last = len(rows) - 1
    return Chart(
        paths=tuple(zip(TONES[levels], paths, strict=True)),
        width=len(rows) * step,
        height=_HEIGHT,
        top=top,
        labels=tuple(
            (place * step + step / 2, label)
            for place, (label, _) in enumerate(rows)
            if (last - place) % every == 0
        ),
        rows=tuple((label, found.counts, found.total) for label, found in rows if found.total),
    )


def _why(camera: Camera) -> Text | None:
    return Message(f"cameras.why_{camera.now.why}") if camera.now.why else None


def _facts(camera: Camera, lang: str) -> tuple[tuple[Text, Text], ...]:
    said = camera.said

    def percent(value: float | None) -> str | None:
        return None if value is None else f"{formats.number(value * 100, lang, decimals=1)} %"

    offset = (
        None if said.offset_s is None else f"{formats.number(said.offset_s, lang, decimals=1, signed=True)} s"
    )
    facts: list[tuple[str, Text | None]] = [
        ("verdict", Term("verdict", said.verdict)),
        ("frames", formats.number(said.frames, lang)),
        ("brightness", percent(said.brightness)),
        ("change", percent(said.change)),
        ("offset", offset),
        ("detail", said.detail or None),
    ]
    return tuple((Message(f"cameras.fact_{name}"), value) for name, value in facts if value is not None)
