"""Ratings and single presses as CSV, safe to open in a spreadsheet."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from hub.api.base import ActorDep, LanguageDep, PartsDep, answers
from hub.api.ratings import CountedQuery, CounterQuery, PressOut, SpanDep, levels_of
from hub.counters import PRESS_READERS, Place, Summary
from hub.parts import Parts
from hub.people.roles import Actor
from hub.ratings.hiding import hide_small
from hub.store.presses import Press
from hub.tables import Cell, csv_lines
from hub.words import LANGUAGES
from hub.words_counters import REFERENCE

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/ratings", tags=["ratings"])

_CSV_PAGE = 5000
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {}}, "description": "UTF-8, for a spreadsheet."}
}


@router.get("/summary.csv", response_class=StreamingResponse, responses={**_CSV, **answers(404, 422)})
def summary_csv(
    parts: PartsDep,
    _actor: ActorDep,
    language: LanguageDep,
    span: SpanDep,
    counter: CounterQuery = None,
    public: Annotated[bool, Query(description="Hide small numbers, to hand the table out.")] = False,
) -> StreamingResponse:
    """The same as a table: a row for each counter and level.

    With `public`, counts below 5 are empty, and others with them from which they could be worked out.
    """
    found = parts.counters.summary(*span, counter)
    header = (
        "counter",
        "counter_name",
        "of",
        "level",
        "level_name",
        "satisfied",
        "count",
        "share_of_counter",
        "from",
        "to",
        "note",
    )
    return _download("ratings-summary.csv", header, _summary_rows(parts, found, language, public))


@router.get("/presses.csv", response_class=StreamingResponse, responses={**_CSV, **answers(403, 422)})
def presses_csv(
    parts: PartsDep,
    actor: ActorDep,
    span: SpanDep,
    counter: CounterQuery = None,
    counted: CountedQuery = None,
) -> StreamingResponse:
    """The same as a table, all of it."""
    actor.must(*PRESS_READERS)
    rows = (
        tuple(_cell(value) for value in PressOut.model_validate(press).model_dump(mode="json").values())
        for press in _every(parts, actor, span, counter, counted)
    )
    return _download("ratings-presses.csv", tuple(PressOut.model_fields), rows)


def _summary_rows(parts: Parts, found: Summary, language: str, is_public: bool) -> Iterator[tuple[Cell, ...]]:
    names, note = parts.counters.names(), REFERENCE[LANGUAGES.index(language)]
    ends = (found.start.isoformat(), found.end.isoformat(), note)
    for counter, tallies in found.counters.items():
        for tally in tallies:
            counts = hide_small(tally).counts if is_public else tally.counts
            for level, count in zip(levels_of(tally, language), counts, strict=True):
                share = count / tally.total if count is not None and tally.total else None
                yield (
                    counter,
                    names.get(counter, counter),
                    level.of,
                    level.level,
                    level.name,
                    int(level.satisfied),
                    count,
                    None if share is None else round(share, 4),
                    *ends,
                )


def _every(
    parts: Parts,
    actor: Actor,
    span: tuple[datetime, datetime],
    counter: str | None,
    counted: bool | None,
) -> Iterator[Press]:
    place: Place | None = None
    while True:
        found = parts.counters.presses(
            actor,
            start=span[0],
            end=span[1],
            counter=counter,
            counted=counted,
            before=place,
            limit=_CSV_PAGE,
        )
        yield from found
        if len(found) < _CSV_PAGE:
            return
        place = (found[-1].at, found[-1].node, found[-1].ledger, found[-1].seq)


def _download(name: str, header: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(
        csv_lines(tuple(header), rows), media_type="text/csv; charset=utf-8", headers=headers
    )


def _cell(value: object) -> Cell:
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str | int | float) or value is None else str(value)
