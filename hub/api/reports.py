"""Reports as files."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from hub.api.base import ActorDep, PartsDep, answers
from hub.documents.docx import DOCX
from hub.documents.xlsx import XLSX
from hub.errors import Invalid, Problem
from hub.ratings.report_period import FIRST_YEAR, LAST_YEAR, Period, PeriodKind
from hub.reports import ReportFormat, satisfaction_file

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/reports", tags=["reports"], responses=answers())


@router.get(
    "/satisfaction",
    response_class=Response,
    responses={
        200: {"content": {DOCX: {}, XLSX: {}}, "description": "The file, named after its period."},
        **answers(422),
    },
)
def satisfaction(
    parts: PartsDep,
    _actor: ActorDep,
    period: PeriodKind,
    year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)],
    number: Annotated[int, Query(ge=1, le=12, description="The month or quarter; 1 for the others.")] = 1,
    format: ReportFormat = ReportFormat.DOCX,  # noqa: A002 - the word of the API
) -> Response:
    """The satisfaction summary of a period: an official document to be numbered and signed (docx), or the
    figures (xlsx). Both have charts; all figures are for reference (Thông tư 01/2018/TT-VPCP). A period
    without data is a document that says so."""
    try:
        asked = Period(period, year, number)
    except ValueError as error:
        raise Invalid(Problem("unknown_period", "number", {"found": number})) from error
    file = satisfaction_file(parts, asked, format)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(file.content, media_type=file.media_type, headers=headers)
