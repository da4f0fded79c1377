"""Tables for spreadsheets."""

import pytest

from hub.tables import csv_lines, safe


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=x", "  =1", "\uff1d1", "\uff201"]
)
def test_text_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Quầy 1", "1=1", "'x"])
def test_other_text_stays(text: str) -> None:
    assert safe(text) == text


def test_numbers_stay_numbers() -> None:
    assert list(csv_lines(("a", "b"), [(-1, 0.5)]))[1] == "-1,0.5\r\n"


def test_a_quote_or_a_line_break_stays_in_its_cell() -> None:
    assert list(csv_lines(("a",), [('x"y\nz',)]))[1] == '"x""y\nz"\r\n'
