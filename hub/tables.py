"""Tables as CSV for spreadsheets. Pure.

A spreadsheet runs a cell that begins like a formula: such text gets an apostrophe before it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["csv_lines", "safe"]

Cell = str | int | float | None

_FORMULA = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n")  # and their wide forms
_BOM = "\ufeff"


def safe(text: str) -> str:
    """`text` such that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of the file, first a mark by which Excel reads it as UTF-8. Numbers stay numbers."""
    yield _BOM + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[Cell]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) if isinstance(cell, str) else cell for cell in cells])
    return out.getvalue()
