"""Ratings at the counters: sums and single presses."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from edge.wire.base import ClockState
from edge.wire.entries import PressSource, Uncounted
from hub.api.base import ActorDep, LanguageDep, PartsDep, answers
from hub.counters import place_of, written_place
from hub.errors import Invalid, Problem
from hub.parts import Parts
from hub.ratings.periods import Period, last_days
from hub.ratings.sums import SATISFIED, Tally, share_satisfied
from hub.words import LANGUAGES, say
from hub.words_counters import REFERENCE

__all__ = ["CountedQuery", "CounterQuery", "PressOut", "SpanDep", "levels_of", "router"]

router = APIRouter(prefix="/api/v1/ratings", tags=["ratings"])

_DAYS = 30
_YEARS = range(1900, 9000)  # near the first and the last of all years there is no other zone's time


class LevelOut(BaseModel):
    """Ratings of one level; 1 is the best of `of`."""

    of: int
    level: int
    name: str
    satisfied: bool
    count: int


class SumOut(BaseModel):
    """Ratings (`counted`) and all presses. `share_satisfied` is 0-1, null without ratings. Devices of 3, 4
    and 5 levels are listed apart and never added level by level."""

    pressed: int
    counted: int
    satisfied: int
    share_satisfied: float | None
    levels: list[LevelOut]

    @classmethod
    def of(cls, tallies: Iterable[Tally], language: str) -> "SumOut":
        found = list(tallies)
        return cls(
            pressed=sum(each.pressed for each in found),
            counted=sum(each.total for each in found),
            satisfied=sum(each.satisfied for each in found),
            share_satisfied=share_satisfied(found),
            levels=[level for each in found for level in levels_of(each, language)],
        )


class CounterSumOut(SumOut):
    """The ratings of one counter."""

    counter: str
    counter_name: str


class SummaryOut(BaseModel):
    """Sums from `from` until just before `to`. `satisfied_levels` is the rule of `share_satisfied`: for each
    scale, the levels better than “Bình thường” (1 of 3; 1 and 2 of 4 and of 5). `note` must stand beside the
    figures wherever they are shown."""

    model_config = ConfigDict(populate_by_name=True)

    from_: datetime = Field(alias="from")
    to: datetime
    timezone: str
    note: str
    satisfied_levels: dict[int, list[int]]
    total: SumOut
    counters: list[CounterSumOut]


class PressOut(BaseModel):
    """One physical press. `at` is when it is counted for; `written_at` the counter's own clock, which is not
    to be believed when `clock` is untrusted. `reason` says why it did not count."""

    model_config = ConfigDict(from_attributes=True)

    node: str
    ledger: str
    seq: int
    at: datetime
    written_at: datetime
    received_at: datetime
    clock: ClockState = Field(validation_alias="clock_state")
    level: int
    levels: int
    source: PressSource
    counted: bool
    reason: Uncounted | None
    held_ms: int | None
    dossier: str


class PressesOut(BaseModel):
    """Presses, newest first. `before` asks for the next page; null at the end."""

    items: list[PressOut]
    before: str | None


def span_of(
    parts: PartsDep,
    from_: Annotated[
        str | None,
        Query(alias="from", max_length=40, description="A day of the site, or an instant with its offset."),
    ] = None,
    to: Annotated[
        str | None,
        Query(max_length=40, description="The last day (included), or the instant until just before which."),
    ] = None,
) -> tuple[datetime, datetime]:
    """The last 30 days unless given."""
    span = last_days(parts.counters.today, _DAYS)
    last = _edge(parts, "to", to, 1) if to else parts.counters.of(span)[1]
    first = _edge(parts, "from", from_, 0) if from_ else None
    return first or (parts.counters.of(span)[0] if not to else last - timedelta(days=_DAYS)), last


SpanDep = Annotated[tuple[datetime, datetime], Depends(span_of)]
CounterQuery = Annotated[str | None, Query(max_length=100, description="The id of one counter.")]
CountedQuery = Annotated[bool | None, Query(description="Only presses that counted, or only the others.")]


@router.get("/summary", responses=answers(404, 422))
def summary(
    parts: PartsDep, _actor: ActorDep, language: LanguageDep, span: SpanDep, counter: CounterQuery = None
) -> SummaryOut:
    """Ratings by counter and level, with the share of satisfied. Reference figures."""
    found = parts.counters.summary(*span, counter)
    names = parts.counters.names()
    return SummaryOut(
        from_=found.start,
        to=found.end,
        timezone=parts.site.zone.key,
        note=REFERENCE[LANGUAGES.index(language)],
        satisfied_levels={levels: list(range(1, most + 1)) for levels, most in SATISFIED.items()},
        total=SumOut.of(found.total, language),
        counters=[
            CounterSumOut(
                counter=id_, counter_name=names.get(id_, id_), **SumOut.of(tallies, language).model_dump()
            )
            for id_, tallies in found.counters.items()
        ],
    )


@router.get("/presses", responses=answers(403, 422))
def presses(
    parts: PartsDep,
    actor: ActorDep,
    span: SpanDep,
    counter: CounterQuery = None,
    counted: CountedQuery = None,
    before: Annotated[str | None, Query(max_length=200, description="`before` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> PressesOut:
    """Every single press, counted or not, newest first, with the reason where it did not count."""
    start, end = span
    found = parts.counters.presses(
        actor,
        start=start,
        end=end,
        counter=counter,
        counted=counted,
        before=place_of(before),
        limit=limit,
    )
    more = written_place(found[-1]) if len(found) == limit else None
    return PressesOut(items=[PressOut.model_validate(press) for press in found], before=more)


def levels_of(tally: Tally, language: str) -> list[LevelOut]:
    return [
        LevelOut(
            of=tally.levels,
            level=level,
            name=say(f"rating_level.{tally.levels}.{level}", {}, language),
            satisfied=level <= SATISFIED[tally.levels],
            count=count,
        )
        for level, count in enumerate(tally.counts, start=1)
    ]


def _edge(parts: Parts, where: str, text: str, days: int) -> datetime:
    """A day begins, or with `days` 1 ends, at the site's midnight; an instant is itself."""
    try:
        if len(text) == len("2026-11-20"):
            day = date.fromisoformat(text)
            instant = parts.counters.of(Period(day, day))[days]
        else:
            instant = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that was not escaped
    except (ValueError, OverflowError) as error:
        raise Invalid(Problem("wrong_day", where, {"found": text})) from error
    if instant.tzinfo is None or instant.year not in _YEARS:
        raise Invalid(Problem("wrong_day", where, {"found": text}))
    return instant
