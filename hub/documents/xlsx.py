"""Writes workbooks: the one place that knows openpyxl.

A text is a text whatever it begins with: nothing that was typed anywhere becomes a formula.
"""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from hub.documents.model import Cell, Chart, Percent, Sheet, Table, plain

__all__ = ["XLSX", "workbook"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_FONT = "Times New Roman"
_TITLE = Font(name=_FONT, size=14, bold=True)
_TEXT = Font(name=_FONT, size=12)
_BOLD = Font(name=_FONT, size=12, bold=True)
_THIN = Side(style="thin", color="808080")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_COLUMN_FILL = "2E7D5B"
_HEADER_FILL = PatternFill("solid", fgColor="E2EFDA")
_FIRST_WIDTH, _WIDTH = 34, 15
_LETTERS_IN_LINE = 120


def workbook(sheets: tuple[Sheet, ...]) -> bytes:
    """An XLSX file with these sheets, ready to be printed on A4 across."""
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(page: Worksheet, sheet: Sheet) -> None:
    width = len(sheet.table.header)
    for number, line in enumerate(sheet.lines, start=1):
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
        _put(page, number, 1, line, _TITLE if number == 1 else _TEXT)
        page.cell(number, 1).alignment = Alignment(wrap_text=True, vertical="top")
        page.row_dimensions[number].height = 18 * (1 + len(line) // _LETTERS_IN_LINE)
    top = len(sheet.lines) + 2
    bottom = _write_table(page, sheet.table, top)
    if sheet.chart is not None:
        _write_chart(page, sheet.chart, below=bottom)
    page.freeze_panes = page.cell(top + 1, 2)
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth = page.page_setup.fitToHeight = 1
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _write_table(page: Worksheet, table: Table, top: int) -> int:
    """Write it from row `top`; returns its last row."""
    for column, name in enumerate(table.header, start=1):
        page.column_dimensions[get_column_letter(column)].width = _WIDTH if column > 1 else _FIRST_WIDTH
        cell = _put(page, top, column, name, _BOLD)
        cell.border, cell.fill = _FRAME, _HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    page.row_dimensions[top].height = 32
    rows = [*table.rows, *([table.total] if table.total else [])]
    for row, cells in enumerate(rows, start=top + 1):
        font = _BOLD if cells is table.total else _TEXT
        for column, value in enumerate(cells, start=1):
            cell = _put(page, row, column, value, font)
            cell.border = _FRAME
            cell.alignment = Alignment(wrap_text=column == 1, horizontal="left" if column == 1 else "right")
    return top + len(rows)


def _put(page: Worksheet, row: int, column: int, value: Cell, font: Font):  # type: ignore[no-untyped-def]  # openpyxl has no types
    cell = page.cell(row, column)
    match value:
        case None:
            cell.value = "–"
        case Percent(share):
            cell.value, cell.number_format = share, "0.0%"
        case int():
            cell.value, cell.number_format = value, "#,##0"
        case str():
            cell.value = plain(value)
            cell.data_type, cell.quotePrefix = "s", True
    cell.font = font
    return cell


def _write_chart(page: Worksheet, chart: Chart, *, below: int) -> None:
    """A native chart, with the figures that it draws to its left."""
    top = below + 3
    for offset, (category, value) in enumerate(zip(chart.categories, chart.values, strict=True), start=1):
        _put(page, top + offset, 1, category, _TEXT)
        _put(page, top + offset, 2, value, _TEXT)
    page.merge_cells(start_row=top - 1, end_row=top - 1, start_column=1, end_column=8)
    _put(page, top - 1, 1, chart.caption, _BOLD)
    _put(page, top, 2, chart.series, _BOLD)
    last = top + len(chart.categories)
    drawn = BarChart()
    drawn.type, drawn.style, drawn.title, drawn.legend = "col", 10, None, None
    drawn.add_data(Reference(page, min_col=2, min_row=top, max_row=last), titles_from_data=True)
    drawn.set_categories(Reference(page, min_col=1, min_row=top + 1, max_row=last))
    drawn.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    drawn.series[0].graphicalProperties.solidFill = _COLUMN_FILL
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.number_format, drawn.y_axis.scaling.min = "#,##0", 0
    drawn.gapWidth, drawn.width, drawn.height = 60, 18, 8
    page.add_chart(drawn, f"C{top}")
