"""The official document, read back."""

import zipfile
from io import BytesIO
from xml.etree import ElementTree

import docx
import pytest
from docx.document import Document

from hub.documents.docx import official_docx
from hub.ratings.report import Summary
from hub.ratings.report_period import Period, PeriodKind
from hub.ratings.report_words import official
from tests.factories_reports import NOW, count, office, summary


def written(of: Summary, **changes: str) -> bytes:
    return official_docx(official(of, office(**changes), now=NOW))


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def texts(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize(
    "part",
    [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN XÃ MẪU",
        "/BC-UBND",
        "Xã Mẫu, ngày",
        "BÁO CÁO",
        "quý IV năm 2026",
        "Nơi nhận:",
        "TM. ỦY BAN NHÂN DÂN",
        "CHỦ TỊCH",
        "01/2018/TT-VPCP",
    ],
)
def test_the_form_has_every_part_that_the_decree_asks_for(part: str) -> None:
    assert part in texts(opened(written(summary(count(1, 3)))))


def test_the_page_is_a4_with_the_margins_of_the_decree() -> None:
    page = opened(written(summary(count(1, 3)))).sections[0]
    sides = (page.page_width, page.page_height, page.left_margin, page.right_margin)
    assert [round(side.mm) for side in sides if side is not None] == [210, 297, 30, 20]


def test_the_letters_are_times_new_roman_14() -> None:
    font = opened(written(summary(count(1, 3)))).styles["Normal"].font
    assert (font.name, font.size.pt) == ("Times New Roman", 14)


def test_the_chart_holds_the_figures_as_figures() -> None:
    with zipfile.ZipFile(BytesIO(written(summary(count(1, 12), count(4, 3))))) as package:
        chart = ElementTree.fromstring(package.read("word/charts/chart1.xml"))  # noqa: S314 - our own
    space = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    values = [point.findtext(f"{space}v") for point in chart.iter(f"{space}numLit") for point in point]
    assert [value for value in values if value] == ["12", "0", "0", "3"]


def test_a_year_without_data_is_a_whole_document_that_says_so() -> None:
    content = written(summary(period=Period(PeriodKind.YEAR, 2024)))
    text = texts(opened(content))
    assert "không ghi nhận lượt đánh giá nào" in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert not [name for name in zipfile.ZipFile(BytesIO(content)).namelist() if "chart" in name]


def test_an_office_may_be_called_anything() -> None:
    name = 'Xã "Hoà <Bình>" & =SUM(A1)\x00\x1b'
    assert 'XÃ "HOÀ <BÌNH>" & =SUM(A1)' in texts(opened(written(summary(count(1, 3)), name=name)))


def test_few_ratings_are_called_few() -> None:
    assert "dưới 30 lượt" in texts(opened(written(summary(count(1, 3)))))
    assert "dưới 30 lượt" not in texts(opened(written(summary(count(1, 30)))))


def test_different_scales_are_said_to_be_comparable_by_share_only() -> None:
    assert "(3, 4)" in texts(opened(written(summary(count(1, 3), count(1, 2, levels=3)))))
    assert "số mức khác nhau" not in texts(opened(written(summary(count(1, 3), count(2, 2)))))


def test_a_rule_stands_where_the_schema_wants_it() -> None:
    document = opened(written(summary(count(1, 3))))
    ruled = [p._p.pPr for p in document.paragraphs if p._p.pPr is not None and "pBdr" in p._p.xml]
    assert ruled
    names = [[child.tag.rpartition("}")[2] for child in properties] for properties in ruled]
    assert all(each.index("pBdr") < each.index("spacing") < each.index("jc") for each in names)
