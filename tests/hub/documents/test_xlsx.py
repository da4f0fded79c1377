"""The workbook, read back."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from hub.documents.xlsx import workbook
from hub.ratings.report import Summary
from hub.ratings.report_period import Period, PeriodKind
from hub.ratings.report_words import sheets
from tests.factories_reports import NOW, count, office, summary


def opened(of: Summary, **changes: str) -> Workbook:
    return load_workbook(BytesIO(workbook(sheets(of, office(**changes), now=NOW))))


def rows(book: Workbook) -> list[tuple[object, ...]]:
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_counts_and_shares_are_numbers() -> None:
    found = rows(opened(summary(count(1, 3, raw=5), count(4, 1))))
    assert ("Quầy 1", 3, 0, 0, 1, 4, 0.75, 6) in found


def test_each_sheet_has_a_native_chart() -> None:
    book = opened(summary(count(1, 3)))
    assert [len(page._charts) for page in book.worksheets] == [1, 1]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "=1+1"])
def test_a_name_never_becomes_a_formula(name: str) -> None:
    page = opened(summary(count(1, 3), name=name), name=name).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value == name]
    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_a_year_without_data_says_so_and_has_no_chart() -> None:
    book = opened(summary(period=Period(PeriodKind.YEAR, 2024)))
    assert "không ghi nhận lượt đánh giá nào" in str(rows(book)[3][0])
    assert not book.worksheets[0]._charts


def test_the_figures_are_labelled_as_reference() -> None:
    assert "01/2018/TT-VPCP" in str(rows(opened(summary(count(1, 3))))[3][0])
