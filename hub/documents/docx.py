"""Writes official documents in the form of Nghị định 30/2020/NĐ-CP, phụ lục I: the one place that knows
python-docx.

A4; margins 20–25 mm above and below, 30–35 mm left, 15–20 mm right; Times New Roman 13–14; the page number
in the middle of the upper margin from the second page on. The result is meant to be edited: number, day and
signature are left open.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from hub.documents.chart import CHART_TYPE, chart_xml
from hub.documents.model import Block, Cell, Chart, Heading, Official, Paragraph, Table, plain, shown

__all__ = ["DOCX", "official_docx"]

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_FONT = "Times New Roman"
_BODY_PT, _TABLE_PT, _SMALL_PT = 14, 11, 11
_MIDDLE, _LEFT, _BOTH, _RIGHT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_TEXT_WIDTH = Mm(210 - 30 - 20)
_LEFT_COLUMN = Mm(66)
_NAME_COLUMN = Mm(38)
_CELL_MARGINS = Mm(4)
_CHART_HEIGHT = Mm(75)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_BORDER = f'<w:pBdr {_W}><w:top w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>'
_NO_SPLIT = f"<w:cantSplit {_W}/>"
_REPEATED = f"<w:tblHeader {_W}/>"
_PAGE_NUMBER = f'<w:fldSimple {_W} w:instr="PAGE"/>'
_INLINE = """<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
 xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>
<wp:docPr id="{number}" name="chart{number}"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>"""


def official_docx(content: Official) -> bytes:
    """A DOCX file of the document."""
    document = Document()
    _set_page(document)
    _set_font(document)
    _write_head(document, content)
    _write_title(document, content)
    charts = 0
    for block in content.blocks:
        charts += isinstance(block, Chart)
        _write_block(document, block, number=charts)
    _write_foot(document, content)
    properties = document.core_properties
    properties.title, properties.author = content.subject, content.office
    properties.comments, properties.language = "", "vi-VN"
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_page(document: DocumentObject) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(20)
    page.header_distance = Mm(10)
    page.different_first_page_header_footer = True
    number = page.header.paragraphs[0]
    number.alignment = _MIDDLE
    number._p.append(parse_xml(_PAGE_NUMBER))


def _set_font(document: DocumentObject) -> None:
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_BODY_PT)
    fonts = style.element.rPr.rFonts
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    style.paragraph_format.space_after = Pt(0)


def _write_head(document: DocumentObject, content: Official) -> None:
    head = _bare_table(document, columns=(_LEFT_COLUMN, _TEXT_WIDTH - _LEFT_COLUMN))
    left, right = head.rows[0].cells
    if content.office_above:
        _line(left, content.office_above, size=12)
    _line(left, content.office, bold=True, size=12)
    _rule(left, within=_LEFT_COLUMN - _CELL_MARGINS, length=Mm(22))
    _line(left, f"Số:        {content.symbol}", size=13, before=5)
    _line(right, _NATION, bold=True, size=12)
    _line(right, _MOTTO, bold=True, size=13)
    _rule(right, within=_TEXT_WIDTH - _LEFT_COLUMN - _CELL_MARGINS, length=Mm(58))
    when = f"ngày      tháng {content.on.month:02} năm {content.on.year}"
    _line(right, f"{content.place}, {when}", italic=True, size=13, before=5)


def _write_title(document: DocumentObject, content: Official) -> None:
    _line(document, content.kind, bold=True, size=14, before=18)
    _line(document, content.subject, bold=True, size=14)
    _rule(document, within=_TEXT_WIDTH, length=Mm(50))


def _write_block(document: DocumentObject, block: Block, *, number: int) -> None:
    match block:
        case Heading(text):
            heading = _line(document, text, bold=True, before=10, align=_LEFT)
            heading.paragraph_format.keep_with_next = True
        case Paragraph(text, is_note):
            _body(document, text, italic=is_note)
        case Table():
            _write_table(document, block)
        case Chart():
            _write_chart(document, block, number=number)


def _body(document: DocumentObject, text: str, *, italic: bool) -> None:
    paragraph = _line(document, text, italic=italic, before=6, align=_BOTH)
    form = paragraph.paragraph_format
    form.first_line_indent = Cm(1.27)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.MULTIPLE, 1.15


def _write_table(document: DocumentObject, table: Table) -> None:
    caption = _line(document, table.caption, bold=True, size=13, before=10)
    caption.paragraph_format.keep_with_next = True
    rows: list[tuple[Cell, ...]] = [table.header, *table.rows, *([table.total] if table.total else [])]
    written = document.add_table(rows=len(rows), cols=len(table.header), style="Table Grid")
    written.alignment = WD_TABLE_ALIGNMENT.CENTER
    others = len(table.header) - 1
    _set_widths(written, (_NAME_COLUMN, *[(_TEXT_WIDTH - _NAME_COLUMN) // others] * others))
    for row, cells in zip(written.rows, rows, strict=True):
        row._tr.get_or_add_trPr().append(parse_xml(_NO_SPLIT))
        for column, (cell, value) in enumerate(zip(row.cells, cells, strict=True)):
            is_head = cells is table.header
            side = _MIDDLE if is_head else _LEFT if column == 0 else _RIGHT
            _line(cell, shown(value), size=_TABLE_PT, bold=is_head or cells is table.total, align=side)
    written.rows[0]._tr.get_or_add_trPr().append(parse_xml(_REPEATED))


def _write_chart(document: DocumentObject, chart: Chart, *, number: int) -> None:
    name = PackURI(f"/word/charts/chart{number}.xml")
    part = Part(name, CHART_TYPE, chart_xml(chart), document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph = document.add_paragraph()
    paragraph.alignment = _MIDDLE
    paragraph.paragraph_format.space_before = Pt(10)
    paragraph.paragraph_format.keep_with_next = True
    drawing: Any = parse_xml(
        _INLINE.format(width=_TEXT_WIDTH, height=_CHART_HEIGHT, number=number, relation=relation)
    )
    described = "; ".join(f"{c}: {shown(v)}" for c, v in zip(chart.categories, chart.values, strict=True))
    drawing.find(".//" + qn("wp:docPr")).set("descr", plain(f"{chart.caption}. {described}"))
    paragraph.add_run()._r.append(drawing)
    _line(document, chart.caption, italic=True, size=13)


def _write_foot(document: DocumentObject, content: Official) -> None:
    _line(document, "", size=8)
    foot = _bare_table(document, columns=(_TEXT_WIDTH // 2, _TEXT_WIDTH // 2))
    foot.rows[0]._tr.get_or_add_trPr().append(parse_xml(_NO_SPLIT))
    left, right = foot.rows[0].cells
    _line(left, "Nơi nhận:", bold=True, italic=True, size=12, align=_LEFT)
    for recipient in content.recipients:
        _line(left, f"- {recipient}", size=_SMALL_PT, align=_LEFT)
    if content.authority:
        _line(right, content.authority, bold=True)
    _line(right, content.position, bold=True)
    for _ in range(4):
        _line(right, "")


def _bare_table(document: DocumentObject, *, columns: tuple[int, int]) -> DocxTable:
    table: DocxTable = document.add_table(rows=1, cols=len(columns))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _set_widths(table, columns)
    return table


def _set_widths(table: DocxTable, widths: Sequence[int]) -> None:
    """Widths in the grid and in every cell: programs differ in which they believe."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Emu(width)
        for cell in column.cells:
            cell.width = Emu(width)


def _line(
    where: DocumentObject | _Cell,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: float = _BODY_PT,
    before: float = 0,
    align: WD_ALIGN_PARAGRAPH = _MIDDLE,
) -> DocxParagraph:
    """Write one paragraph; the empty one that every cell begins with is used first."""
    is_fresh = isinstance(where, _Cell) and len(where.paragraphs) == 1 and not where.paragraphs[0].runs
    paragraph = where.paragraphs[0] if is_fresh else where.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _rule(where: DocumentObject | _Cell, *, within: int, length: int) -> None:
    """The line that the form wants below motto, office and subject; `within` is the width of the column."""
    paragraph = _line(where, "", size=4)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Emu((within - length) // 2)
    # Word wants the properties of a paragraph in the order of its schema.
    paragraph._p.get_or_add_pPr().insert_element_before(parse_xml(_BORDER), "w:spacing", "w:ind", "w:jc")
